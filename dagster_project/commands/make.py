"""`trisam make-sample`: the sample inbox, made again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from dagster_project.commands.options import Json
from dagster_project.settings import PROJECT_ROOT


def make_sample(
    output: Annotated[Path | None, typer.Option(help="Where to write; seeds/extracts when left out.")] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 2021,
    as_json: Json = False,
) -> None:
    """Make the sample inbox: invented individuals whose indicators are the published figures."""
    from dagster_project.sample import make_sample as make  # noqa: PLC0415

    folder = output or PROJECT_ROOT / "seeds" / "extracts"
    make(folder, seed=seed)
    typer.echo(json.dumps({"inbox": str(folder)}) if as_json else f"The sample inbox lies in {folder}.")
