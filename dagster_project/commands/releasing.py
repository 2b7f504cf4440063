"""`trisam releases`, `diff`, `rollback`, `verify`: what lies published and what lay before."""

from __future__ import annotations

import getpass
import json
from typing import Annotated

import typer

from dagster_project.commands.options import REFUSED, Home, Json
from dagster_project.settings import load_settings

Version = Annotated[str | None, typer.Argument(help="A release, as `trisam releases` names it.")]


def releases(home: Home = None, as_json: Json = False) -> None:
    """List the releases that are kept, newest last; the published one is marked."""
    from dagster_project.release.history import list_releases  # noqa: PLC0415
    from dagster_project.terminal import print_rows  # noqa: PLC0415

    print_rows(list_releases(load_settings(None, home)), as_json=as_json, empty="Nothing is published yet.")


def diff(
    before: Annotated[str, typer.Argument(help="The earlier release.")],
    after: Annotated[str, typer.Argument(help="The later release.")],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Show which indicator cells changed between two releases, by how much, and which deliveries explain it."""
    from dagster_project.release.history import compare  # noqa: PLC0415
    from dagster_project.terminal import print_difference  # noqa: PLC0415

    print_difference(compare(load_settings(None, home), before, after), as_json=as_json)


def rollback(version: Version = None, home: Home = None, as_json: Json = False) -> None:
    """Put an earlier release in force: the one named, or the one before the published. Refuses a damaged one.

    What was left is not published again until deliveries or code change, or `trisam run --again` says so.
    """
    from dagster_project.keys import prepare_work  # noqa: PLC0415
    from dagster_project.release.rollback import roll_back  # noqa: PLC0415
    from dagster_project.run_lock import run_lock  # noqa: PLC0415

    settings = load_settings(None, home)
    prepare_work(settings)
    with run_lock(settings.work_dir, wait=False):
        done = roll_back(settings, version, by=getpass.getuser())
    if as_json:
        typer.echo(json.dumps({"version": done.to_version, "held": done.facts() if done.held else None}))
        return
    typer.echo(f"Published is now {done.to_version}.")
    if done.held:
        typer.echo(done.sentence)


def verify(version: Version = None, home: Home = None, as_json: Json = False) -> None:
    """Check every file of a release (the published one when none is named) against its manifest."""
    from dagster_project.release.history import verify_release  # noqa: PLC0415
    from dagster_project.terminal import print_rows  # noqa: PLC0415

    faults = verify_release(load_settings(None, home), version)
    print_rows(faults, as_json=as_json, empty="Every file is as the manifest says.")
    if faults:
        raise typer.Exit(REFUSED)
