"""`trisam forget`: erasure of a person on request. Numbers come from standard input or a prompt only."""

from __future__ import annotations

import getpass
import sys

import typer

from dagster_project.commands.options import REFUSED, Home, Inbox, Json
from dagster_project.settings import load_settings


def forget(inbox: Inbox = None, home: Home = None, as_json: Json = False) -> None:
    """Erase persons: their rows, now and in every later delivery, and publish a release without them.

    Reads one personnummer per line from standard input, or asks for one. Never takes one as an argument, since
    arguments are seen by every user of the machine and stay in its history. Reports counts only.
    """
    from dagster_project.erasure import forget_and_publish  # noqa: PLC0415
    from dagster_project.terminal import print_run, progress_printer  # noqa: PLC0415

    if sys.stdin.isatty():
        numbers = [getpass.getpass("Personnummer (not shown): ")]
    else:
        numbers = [line.strip() for line in sys.stdin if line.strip()]
    settings = load_settings(inbox, home)
    counts, result = forget_and_publish(settings, numbers, progress_printer(quiet=as_json))
    typer.echo(
        f"Persons newly blocked: {counts.persons_blocked}. Rows removed: {counts.rows_deleted}, "
        f"and from quarantine: {counts.quarantined_rows_deleted}.",
        err=True,
    )
    print_run(settings, result, as_json=as_json)
    if result.reasons:
        raise typer.Exit(REFUSED)
