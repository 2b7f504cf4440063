"""`trisam export`: the open release in the shapes of others."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dagster_project.commands.options import Home, Json
from dagster_project.settings import load_settings

app = typer.Typer(help="Write the open release in the shape of another service.", no_args_is_help=True)


class Form(StrEnum):
    """How points are written to standard output."""

    JSON = "json"
    CSV = "csv"


@app.callback()
def export() -> None:
    """Write the open release in the shape of another service."""


@app.command()
def kolada(
    output: Annotated[
        Path | None, typer.Option(help="Folder for kpi.json, municipality.json, data.json and data.csv.")
    ] = None,
    form: Annotated[
        Form, typer.Option("--format", help="What is written to standard output without --output.")
    ] = Form.JSON,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Write the open indicators as Kolada's API (version 2) would answer: kpi, municipality, period, gender.

    Years only. M stands for men and unknown gender counted together. A withheld value is null, with the status
    `withheld`.
    """
    from dagster_project.export.kolada import read_export  # noqa: PLC0415  imports the solver's package
    from dagster_project.export.writing import data_csv, data_json, write_folder  # noqa: PLC0415

    found = read_export(load_settings(None, home).published_link / "trisam_open.duckdb")
    if output is None:
        typer.echo(data_csv(found) if form is Form.CSV else data_json(found), nl=False)
        return
    written = [str(path) for path in write_folder(found, output)]
    typer.echo(json.dumps({"files": written}) if as_json else "\n".join(written))
