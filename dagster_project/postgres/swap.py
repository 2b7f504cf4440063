"""The swap: one transaction in which the schemas of the new release take the names of those in force.

It takes every table in force for itself first, so that a reader's transaction is over before it or begins after
it. It never waits while it holds what readers want for as long as the server's deadlock detector sleeps: no
reader is ever chosen as the victim of a deadlock.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence

import psycopg
from psycopg import sql

from dagster_project.errors import TrisamError
from dagster_project.postgres import control, dependents, rights
from dagster_project.postgres.connection import Connection, told, value
from dagster_project.postgres.control import Own
from dagster_project.postgres.dependents import View
from dagster_project.postgres.loading import NEXT, drop_schemas
from dagster_project.postgres.settings import PostgresSettings
from dagster_project.postgres.source import FILES, Release

_OLD = {schema: f"{schema}__old" for schema in FILES}
_CONTROL_TABLES = ("release", "release_table")
# The lock was not to be had in time: somebody reads, and goes first.
_GAVE_WAY = (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled, psycopg.errors.DeadlockDetected)
_FIRST_PATIENCE_SECONDS, _ATTEMPTS_PER_STEP = 0.02, 10
_PAUSE_SECONDS = (0.01, 0.1)
_BUSIEST = """
select relation::bigint from pg_catalog.pg_locks
where locktype = 'relation' and granted and relation = any(%s::oid[]) and pid <> pg_catalog.pg_backend_pid()
group by relation order by count(*) desc limit 1
"""
_HOLDERS = """
select distinct a.pid, a.usename, a.application_name, a.xact_start
from pg_catalog.pg_locks as l inner join pg_catalog.pg_stat_activity as a on a.pid = l.pid
where l.locktype = 'relation' and l.granted and l.relation = any(%s::oid[])
    and l.pid <> pg_catalog.pg_backend_pid()
order by 4 nulls last limit 3
"""


class SwapError(TrisamError):
    """Readers held the tables throughout; nothing was changed."""


def swap(con: Connection, settings: PostgresSettings, release: Release) -> int:
    """Put the loaded release in force; returns the number of attempts it took.

    Raises SwapError when readers let go at no attempt, DependentsError for what cannot be carried over.
    """
    for attempt in range(1, settings.attempts + 1):
        with told("swapping the schemas"):
            if _attempt(con, settings, release, _patience(con, attempt)):
                return attempt
        # Readers who waited behind us go first.
        time.sleep(random.uniform(*_PAUSE_SECONDS))  # noqa: S311  no secret
    raise SwapError(
        f"Readers held the tables in force through {settings.attempts} attempts: {_holders(con)}.",
        "Nothing was changed. Publish again when they have ended, or raise TRISAM_POSTGRES_LOCK_TIMEOUT_MS.",
    )


def _patience(con: Connection, attempt: int) -> float:
    """Seconds that an attempt may wait while it holds what readers want.

    Readers who hold one table and want another that we hold stand still until we let go: so it is short at first,
    and never more than half of the time after which their own deadlock detectors wake.
    """
    detector = value(
        con, "select setting::integer from pg_catalog.pg_settings where name = 'deadlock_timeout'"
    )
    return float(min(detector / 2000, _FIRST_PATIENCE_SECONDS * 2 ** ((attempt - 1) // _ATTEMPTS_PER_STEP)))


def _attempt(con: Connection, settings: PostgresSettings, release: Release, patience: float) -> bool:
    try:
        with con.transaction():
            own = control.own_tables(con)
            views = dependents.views_to_carry_over(con, own, release)
            _take_for_ourselves(con, settings, own, views, patience)
            # Looked at again: somebody may have made a view while nobody was kept out.
            _change_places(con, release, dependents.views_to_carry_over(con, own, release))
    except _GAVE_WAY:
        return False
    return True


def _change_places(con: Connection, release: Release, views: Sequence[View]) -> None:
    """Everything that readers see from this transaction's end on."""
    grants = rights.grants_of_others(con)
    for schema in control.existing_schemas(con):
        _rename(con, schema, _OLD[schema])
    for schema, loaded in NEXT.items():
        _rename(con, loaded, schema)
    for view in views:
        con.execute(dependents.carry_over(view))
    columns = {(t.schema, t.name): {column.name for column in t.columns} for t in release.tables}
    rights.grant_again(con, grants, columns)
    drop_schemas(con, list(_OLD.values()))
    control.record(con, release)


def _rename(con: Connection, schema: str, name: str) -> None:
    con.execute(sql.SQL("alter schema {} rename to {}").format(sql.Identifier(schema), sql.Identifier(name)))


def _take_for_ourselves(
    con: Connection, settings: PostgresSettings, own: Sequence[Own], views: Sequence[View], patience: float
) -> None:
    """Lock everything readers may read. Waits for the busiest table only while it holds nothing."""
    tables = {table.oid: sql.Identifier(table.schema, table.name) for table in own}
    for name in _CONTROL_TABLES:
        oid = value(con, "select %s::regclass::oid::bigint", f"{control.SCHEMA}.{name}")
        tables[oid] = sql.Identifier(control.SCHEMA, name)
    first = value(con, _BUSIEST, list(tables)) or next(iter(tables))
    _limit(con, "lock_timeout", settings.lock_timeout_ms)
    con.execute(sql.SQL("lock table {} in access exclusive mode").format(tables[first]))
    deadline = time.monotonic() + patience
    for statement in [
        *(dependents.hold(view) for view in views),
        sql.SQL("lock table {} in access exclusive mode").format(sql.SQL(", ").join(tables.values())),
    ]:
        _limit(con, "statement_timeout", max(1, int((deadline - time.monotonic()) * 1000)))
        con.execute(statement)
    _limit(con, "statement_timeout", 0)
    # What else has to be waited for from here on is nobody's in the common case.
    _limit(con, "lock_timeout", max(1, int((deadline - time.monotonic()) * 1000)))


def _limit(con: Connection, setting: str, milliseconds: int) -> None:
    con.execute("select set_config(%s, %s, true)", [setting, str(milliseconds)])


def _holders(con: Connection) -> str:
    rows = con.execute(_HOLDERS, [[table.oid for table in control.own_tables(con)]]).fetchall()
    said = [f"process {pid} of {user}{f' ({name})' if name else ''}" for pid, user, name, _ in rows]
    return ", ".join(said) or "they have just let go"
