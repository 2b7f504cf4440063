"""The command line `trisam`: a side door into the same jobs. Assembly of the commands, and the exit codes.

Exit codes: 0 published or nothing new; 1 refused; 2 wrong use or settings; 3 another run holds the lock.
"""

from __future__ import annotations

import sys

import typer

from dagster_project.commands import bi, export, look, make, persons, releasing, run
from dagster_project.commands.options import LOCKED, WRONG_USE
from dagster_project.errors import TrisamError
from dagster_project.run_lock import LockHeldError

app = typer.Typer(
    name="trisam",
    help="""The Trisam indicator warehouse: party extracts in, gated indicator releases out.

    Exit codes: 0 published or nothing new, 1 refused or a fault found, 2 wrong use or settings, 3 another run holds
    the lock. Every command but `ui` answers machines with --json; shell completion comes with --install-completion.
    """,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

for command in (
    run.run,
    look.status,
    look.deliveries,
    look.quarantine,
    releasing.releases,
    releasing.diff,
    releasing.rollback,
    releasing.verify,
    run.rebuild,
    persons.forget,
    run.ui,
):
    app.command()(command)
app.command("make-sample")(make.make_sample)
app.command("publish-postgres")(bi.publish_postgres)
app.add_typer(export.app, name="export")


def main() -> None:
    """Entry point: turn what a person can mend into a sentence and an exit code."""
    try:
        app()
    except LockHeldError as error:
        sys.exit(_say(error, LOCKED))
    except TrisamError as error:
        sys.exit(_say(error, WRONG_USE))


def _say(error: TrisamError, code: int) -> int:
    typer.echo(error.message, err=True)
    if error.hint:
        typer.echo(error.hint, err=True)
    return code
