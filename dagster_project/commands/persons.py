"""`trisam forget`: erasure of a person on request. Numbers come from standard input or a prompt only."""

from __future__ import annotations

import getpass
import sys
from typing import Annotated

import typer

from dagster_project.commands.options import REFUSED, Home, Inbox, Json
from dagster_project.settings import Settings, load_settings

Later = Annotated[
    bool,
    typer.Option(
        "--later", help="Only put them aside, as pseudonyms, for the job `forget` of the Dagster UI."
    ),
]


def forget(inbox: Inbox = None, home: Home = None, later: Later = False, as_json: Json = False) -> None:
    """Erase persons: their rows, now and in every later delivery, and publish a release without them.

    Reads one personnummer per line from standard input, or asks for one. Never takes one as an argument, since
    arguments are seen by every user of the machine and stay in its history. Reports counts only. Persons who were
    put aside before (`--later`) are erased along with them.
    """
    numbers = _asked()
    settings = load_settings(inbox, home)
    if later:
        _put_aside(settings, numbers)
        return
    from dagster_project.erasure import forget_and_publish  # noqa: PLC0415
    from dagster_project.terminal import print_run, progress_printer  # noqa: PLC0415

    counts, result = forget_and_publish(settings, numbers, progress_printer(quiet=as_json))
    typer.echo(
        f"Persons newly blocked: {counts.persons_blocked}. Rows removed: {counts.rows_deleted}, "
        f"and from quarantine: {counts.quarantined_rows_deleted}.",
        err=True,
    )
    print_run(settings, result, as_json=as_json)
    if result.reasons:
        raise typer.Exit(REFUSED)


def _asked() -> list[str]:
    if sys.stdin.isatty():
        return [getpass.getpass("Personnummer (not shown): ")]
    return [line.strip() for line in sys.stdin if line.strip()]


def _put_aside(settings: Settings, numbers: list[str]) -> None:
    from dagster_project.erasure_requests import put_aside  # noqa: PLC0415
    from dagster_project.keys import prepare_work, pseudonym_key  # noqa: PLC0415
    from dagster_project.run_lock import run_lock  # noqa: PLC0415

    prepare_work(settings)
    with run_lock(settings.work_dir, wait=False):
        waiting = put_aside(settings, pseudonym_key(settings), numbers)
    typer.echo(f"Persons who wait to be erased: {waiting}. Start the job `forget` to erase them.")
