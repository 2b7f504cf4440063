"""`trisam run`, `rebuild`, `ui`: what starts the main job."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from dagster_project.commands.options import REFUSED, Home, Inbox, Json
from dagster_project.errors import TrisamError
from dagster_project.run_request import RunRequest
from dagster_project.settings import Settings, load_settings

Reconcile = Annotated[
    str | None, typer.Option(help="'enforce': a missed published figure stops publication; else 'report'.")
]
Engine = Annotated[
    str | None,
    typer.Option(
        help="Where the models are built: 'duckdb', in this process, or 'spark', see docs/scale.md."
    ),
]
Withdraw = Annotated[
    bool, typer.Option("--withdraw", help="Accept that files of deliveries in force are gone.")
]
Accept = Annotated[
    list[str] | None,
    typer.Option(
        help="A reviewed failure, as CHECK=PARTY/DATASET_PERIOD or CHECK=INDICATOR_PERIOD; may be given several times."
    ),
]
Only = Annotated[
    list[str] | None,
    typer.Option(help="Take in only this party, dataset or PARTY/DATASET; may be given several times."),
]
Without = Annotated[
    list[str] | None,
    typer.Option(
        help="Leave out PARTY/DATASET_PERIOD, as if it were not delivered yet; may be given several times."
    ),
]
Wait = Annotated[
    bool, typer.Option("--wait", help="Wait for a run that is under way, instead of exit code 3.")
]
Again = Annotated[
    bool, typer.Option("--again", help="Publish again what a rollback has left, see `trisam status`.")
]
Why = Annotated[
    str,
    typer.Option(help="Why the accepted finding is right, or a delivery left out; recorded in the manifest."),
]


def run(
    inbox: Inbox = None,
    home: Home = None,
    reconcile: Reconcile = None,
    engine: Engine = None,
    withdraw: Withdraw = False,
    accept: Accept = None,
    why: Why = "",
    only: Only = None,
    without: Without = None,
    wait: Wait = False,
    again: Again = False,
    as_json: Json = False,
) -> None:
    """Take in what is new, build, test, gate and publish.

    Exit codes: 0 published or nothing new, 1 refused, 2 wrong use or settings, 3 another run holds the lock.
    """
    if accept and not why:
        raise TrisamError("An acceptance says why.", "Give --why beside --accept.")
    if without and not why:
        raise TrisamError("Leaving out a delivery says why.", "Give --why beside --without.")
    request = RunRequest(
        withdraw=withdraw,
        only=tuple(only or ()),
        accept=tuple(accept or ()),
        accepted_why=why,
        without=tuple(without or ()),
        without_why=why if without else "",
        wait=wait,
        again=again,
    )
    _run(load_settings(inbox, home, reconcile=reconcile, engine=engine), request, as_json=as_json)


def rebuild(
    inbox: Inbox = None,
    home: Home = None,
    reconcile: Reconcile = None,
    engine: Engine = None,
    withdraw: Withdraw = False,
    as_json: Json = False,
) -> None:
    """Remove everything in the work folder that the inbox gives again, then do as `run` does."""
    request = RunRequest(withdraw=withdraw, rebuild=True)
    _run(load_settings(inbox, home, reconcile=reconcile, engine=engine), request, as_json=as_json)


def _run(settings: Settings, request: RunRequest, *, as_json: bool) -> None:
    from dagster_project.running import run as run_job  # noqa: PLC0415  keeps `trisam --help` quick
    from dagster_project.terminal import print_run, progress_printer  # noqa: PLC0415

    result = run_job(settings, request, progress_printer(quiet=as_json))
    print_run(settings, result, as_json=as_json)
    if result.reasons:
        raise typer.Exit(REFUSED)


def ui(
    home: Home = None,
    inbox: Inbox = None,
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 3000,
) -> None:
    """Start the Dagster UI on this machine (http://127.0.0.1:3000).

    It ends with Ctrl-C or a TERM, all of its processes within ten seconds; a run that is under way is broken off, and
    the next one takes up what was cut off.
    """
    from dagster_project.keys import prepare_work  # noqa: PLC0415
    from dagster_project.process_group import run_in_group  # noqa: PLC0415
    from dagster_project.running import prepare_dagster_home  # noqa: PLC0415
    from dagster_project.settings import PROJECT_ROOT  # noqa: PLC0415

    settings = load_settings(inbox, home)
    prepare_work(settings)
    prepare_dagster_home(settings)
    command = [str(Path(sys.executable).with_name("dagster")), "dev", "-h", "127.0.0.1", "-p", str(port)]
    command += ["-w", str(PROJECT_ROOT / "workspace.yaml")]
    # `dg dev`, the new name, finds its code in another way; people need not hear of it at each start.
    environment = {**os.environ, "PYTHONWARNINGS": "ignore:Function `dev_command` is superseded"}
    if code := run_in_group(command, environment):
        raise typer.Exit(code)
