"""The command line `trisam`: a side door into the same jobs, thin. Words in, words out, and exit codes.

Exit codes: 0 published or nothing new; 1 refused; 2 wrong use or settings; 3 another run holds the lock.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from dagster_project.errors import TrisamError
from dagster_project.run_lock import LockHeldError
from dagster_project.settings import Settings, load_settings

app = typer.Typer(
    name="trisam",
    help="The Trisam indicator warehouse: party extracts in, gated indicator releases out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

REFUSED, WRONG_USE, LOCKED = 1, 2, 3

Inbox = Annotated[Path | None, typer.Option(help="Folder of the parties [env: TRISAM_INBOX].")]
Home = Annotated[Path | None, typer.Option(help="Where work and releases lie [env: TRISAM_HOME].")]
Json = Annotated[bool, typer.Option("--json", help="Answer as JSON, for machines.")]


@app.command()
def run(
    inbox: Inbox = None,
    home: Home = None,
    reconcile: Annotated[
        str | None, typer.Option(help="'enforce': a missed published figure stops publication; else 'report'.")
    ] = None,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="Accept that files of deliveries in force are gone.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Take in what is new, build, test, gate and publish."""
    from dagster_project.running import RunRequest  # noqa: PLC0415
    from dagster_project.running import run as run_job  # noqa: PLC0415
    from dagster_project.terminal import progress_printer, print_run  # noqa: PLC0415

    settings = load_settings(inbox, home, reconcile=reconcile)
    result = run_job(settings, RunRequest(withdraw=withdraw), progress_printer(quiet=as_json))
    print_run(settings, result, as_json=as_json)
    if result.ending == "refused":
        raise typer.Exit(REFUSED)


@app.command()
def status(home: Home = None, as_json: Json = False) -> None:
    """Show the published release and the deliveries in force."""
    from dagster_project.terminal import print_status  # noqa: PLC0415

    print_status(load_settings(None, home), as_json=as_json)


def main() -> None:
    """Entry point: turn what a person can mend into a sentence and an exit code."""
    try:
        app()
    except LockHeldError as error:
        sys.exit(_say(error, LOCKED))
    except TrisamError as error:
        sys.exit(_say(error, WRONG_USE))
    except ValueError as error:
        # pydantic's message repeats the value given, which may be a key; the field names are enough.
        fields = [".".join(str(p) for p in e["loc"]) for e in getattr(error, "errors", list)()]
        if not fields:
            raise
        typer.echo(f"Settings that do not parse: {', '.join(fields)}. See `trisam --help`.", err=True)
        sys.exit(WRONG_USE)


def _say(error: TrisamError, code: int) -> int:
    typer.echo(error.message, err=True)
    if error.hint:
        typer.echo(error.hint, err=True)
    return code


__all__ = ["Settings", "app", "json", "main", "os"]
