"""Publishing a release into PostgreSQL: check, load beside what is there, swap. The order, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dagster_project.postgres import control, dependents
from dagster_project.postgres.connection import Connection, ServerError, connected, told, value
from dagster_project.postgres.control import existing_schemas, own_tables
from dagster_project.postgres.loading import load
from dagster_project.postgres.rights import ensure_roles
from dagster_project.postgres.settings import PostgresSettings
from dagster_project.postgres.source import read_release
from dagster_project.postgres.swap import swap


@dataclass(frozen=True)
class Publication:
    """What came of it. `loaded` is false where the database held that release already."""

    version: str
    previous_version: str | None
    loaded: bool
    tables: int
    rows: int
    views_carried_over: tuple[str, ...]
    attempts: int


def publish(
    settings: PostgresSettings,
    published: Path,
    progress: Callable[[str], None] = lambda line: None,
    *,
    again: bool = False,
) -> Publication:
    """Load the release that `published` points to and put it in force.

    `again` loads it although the database holds that version. Raises TrisamErrors (ServerError, BusyError,
    DependentsError, LoadError, SwapError), each of which leaves the release in force as it was.
    """
    release = read_release(published)
    with connected(settings) as con:
        with told("preparing the database"):
            _refuse_wrong_place(con)
            ensure_roles_and_control(con)
        previous = control.version_in_force(con)
        own = own_tables(con)
        # Before anything is loaded: a refusal must cost nothing. The swap looks again.
        views = dependents.views_to_carry_over(con, own, release)
        carried = tuple(view.full_name for view in views)
        rows = sum(table.rows for table in release.tables)
        if previous == release.version and not again:
            return Publication(release.version, previous, False, len(release.tables), rows, (), 0)
        load(con, settings, release, progress)
        progress("swapping")
        attempts = swap(con, settings, release)
        return Publication(release.version, previous, True, len(release.tables), rows, carried, attempts)


def ensure_roles_and_control(con: Connection) -> None:
    """The schema of the version in force, and the roles that may read it."""
    control.ensure_control(con)
    ensure_roles(con)


def _refuse_wrong_place(con: Connection) -> None:
    """Refuse an old server, and schemas of our names that somebody else has made."""
    version = int(value(con, "show server_version_num"))
    if version < 150000:
        raise ServerError("PostgreSQL 15 or newer is needed.", "Point TRISAM_POSTGRES_HOST to one.")
    if not value(con, "select count(*) from pg_catalog.pg_namespace where nspname = 'trisam'"):
        taken = existing_schemas(con)
        if taken:
            raise ServerError(
                f"The database has schemas {', '.join(taken)} that were not made here.",
                "Use a database of its own for the warehouse (TRISAM_POSTGRES_DATABASE).",
            )
