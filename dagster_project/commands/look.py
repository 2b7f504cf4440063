"""`trisam status`, `deliveries`, `quarantine`: what is published, what came in, what was refused."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from dagster_project.commands.options import Home, Json
from dagster_project.settings import load_settings

Format = Annotated[bool, typer.Option("--csv", help="As CSV, to be sent back to the party.")]


def status(home: Home = None, as_json: Json = False) -> None:
    """Show the published release and the deliveries in force."""
    from dagster_project.terminal import print_status  # noqa: PLC0415

    print_status(load_settings(None, home), as_json=as_json)


def deliveries(home: Home = None, as_json: Json = False) -> None:
    """List every file of the inbox as the last run found it: status, reason, period, rows."""
    from dagster_project.quality.listings import delivery_rows  # noqa: PLC0415
    from dagster_project.terminal import print_rows  # noqa: PLC0415

    print_rows(delivery_rows(load_settings(None, home)), as_json=as_json, empty="No run has been made yet.")


def quarantine(
    which: Annotated[str | None, typer.Argument(help="PARTY, or PARTY/DATASET; all when left out.")] = None,
    home: Home = None,
    as_csv: Format = False,
    as_json: Json = False,
) -> None:
    """List the rows in quarantine: file, row, column, reason and the masked value."""
    from dagster_project.quality.listings import quarantine_rows, write_quarantine_csv  # noqa: PLC0415
    from dagster_project.terminal import print_rows  # noqa: PLC0415

    rows = quarantine_rows(load_settings(None, home), which)
    if as_csv:
        write_quarantine_csv(rows, sys.stdout)
        return
    print_rows(rows, as_json=as_json, empty="No row is in quarantine.")
