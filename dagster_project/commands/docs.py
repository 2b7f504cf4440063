"""`trisam docs`: the dbt docs of the published release as one page."""

from __future__ import annotations

import json

import typer

from dagster_project.commands.options import Home, Json
from dagster_project.settings import load_settings


def docs(home: Home = None, as_json: Json = False) -> None:
    """Write HOME/docs/index.html: every model with columns, tests and lineage, in one file without a network."""
    from dagster_project.dbt_docs import write_docs  # noqa: PLC0415
    from dagster_project.keys import prepare_work  # noqa: PLC0415

    settings = load_settings(None, home)
    prepare_work(settings)
    page = write_docs(settings)
    typer.echo(json.dumps({"page": str(page)}) if as_json else f"The docs lie in {page}.")
