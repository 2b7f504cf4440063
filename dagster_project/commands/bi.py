"""`trisam publish-postgres`: the published release into PostgreSQL, for BI tools."""

from __future__ import annotations

import dataclasses
import json
from typing import Annotated

import typer

from dagster_project.commands.options import Home, Json
from dagster_project.settings import load_settings

Again = Annotated[bool, typer.Option("--again", help="Load it although the database holds that release.")]


def publish_postgres(home: Home = None, again: Again = False, as_json: Json = False) -> None:
    """Load the published release into PostgreSQL and swap it in, in one transaction.

    Where the server is, and the account, say the environment variables TRISAM_POSTGRES_HOST, _PORT, _DATABASE,
    _USER, _PASSWORD, _SSLMODE; the password is never an argument. Readers see the release before or this one.
    """
    from dagster_project.keys import prepare_work  # noqa: PLC0415
    from dagster_project.postgres.publish import publish  # noqa: PLC0415  loads drivers
    from dagster_project.postgres.settings import load_postgres_settings  # noqa: PLC0415
    from dagster_project.run_lock import run_lock  # noqa: PLC0415
    from dagster_project.terminal import progress_printer  # noqa: PLC0415

    settings, server = load_settings(None, home), load_postgres_settings()
    prepare_work(settings)
    # A run that publishes meanwhile would leave the server with the older release.
    with run_lock(settings.work_dir, wait=False):
        done = publish(server, settings.published_link, progress_printer(quiet=as_json), again=again)
    if as_json:
        typer.echo(json.dumps(dataclasses.asdict(done), indent=2))
        return
    if not done.loaded:
        typer.echo(f"Nothing new: {server.host} holds {done.version} already.")
        return
    typer.echo(f"{server.host} now holds {done.version}: {done.tables} tables, {done.rows} rows.")
    for view in done.views_carried_over:
        typer.echo(f"  view {view} reads it as well")
