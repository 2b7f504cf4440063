"""Loading a release beside the one in force: schemas of their own, rows, keys, indexes, comments, rights.

Nobody reads what lies here; a load that was cut off is cleared away by the next one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from psycopg import sql

from dagster_project.errors import TrisamError
from dagster_project.postgres import ddl
from dagster_project.postgres.connection import Connection, bulk_connection, told, value
from dagster_project.postgres.rights import grant_reading
from dagster_project.postgres.settings import PostgresSettings
from dagster_project.postgres.source import FILES, Release, Table, rows_of

Progress = Callable[[str], None]
NEXT = {schema: f"{schema}__next" for schema in FILES}
_PAUSE_SECONDS = 0.2


class LoadError(TrisamError):
    """What was loaded is not what the release holds, or cannot be seen by everybody yet."""


def load(con: Connection, settings: PostgresSettings, release: Release, progress: Progress) -> None:
    """Load every table of the release into the schemas `…__next` and make it ready to be swapped in.

    Raises LoadError, ServerError; the release in force is never touched.
    """
    long = ddl.too_long(release.tables)
    if long:
        raise LoadError(f"Names that PostgreSQL would cut off: {', '.join(long)}.", "Shorten them.")
    with told("making the schemas of the new release"):
        drop_schemas(con, list(NEXT.values()))
        for schema in NEXT.values():
            con.execute(sql.SQL("create schema {}").format(sql.Identifier(schema)))
        for table in release.tables:
            con.execute(ddl.create_table(table, NEXT[table.schema]))
    progress(f"loading {len(release.tables)} tables, {sum(table.rows for table in release.tables)} rows")
    _copy_rows(settings, release)
    keyless = sum(not table.key for table in release.tables)
    if keyless:
        progress(f"{keyless} tables are loaded without a key: the manifest of this release names none")
    with told("keys, indexes and comments of the new release"), con.transaction():
        _finish(con, release)
    progress("waiting until every reader could see them")
    _wait_until_visible(con, settings, release.tables)


def _copy_rows(settings: PostgresSettings, release: Release) -> None:
    import adbc_driver_manager  # noqa: PLC0415  loads a shared library

    try:
        with bulk_connection(settings) as bulk, bulk.cursor() as cursor:
            for table in release.tables:
                with rows_of(release, table) as reader:
                    cursor.adbc_ingest(table.name, reader, mode="append", db_schema_name=NEXT[table.schema])
            bulk.commit()
    except adbc_driver_manager.Error as error:
        raise LoadError(f"PostgreSQL refused rows: {str(error).splitlines()[0]}") from None


def _finish(con: Connection, release: Release) -> None:
    keys = {table.full_name: table.key for table in release.tables}
    dimensions = ddl.dimension_keys(release.tables)
    for table in release.tables:
        schema = NEXT[table.schema]
        loaded = value(con, sql.SQL("select count(*) from {}").format(ddl.relation(schema, table.name)))
        if loaded != table.rows:
            raise LoadError(f"{table.full_name}: {loaded} rows loaded, the release holds {table.rows}.")
        key = ddl.key_statement(table, schema)
        for statement in (
            *([key] if key else []),
            *ddl.index_statements(table, schema, dimensions),
            *ddl.comment_statements(table, schema),
        ):
            con.execute(statement)
    # When every key is there.
    for table in release.tables:
        for statement in ddl.reference_statements(table, NEXT, keys):
            con.execute(statement)
    grant_reading(con, NEXT)


def _wait_until_visible(con: Connection, settings: PostgresSettings, tables: Sequence[Table]) -> None:
    """Vacuum until every page is visible to every transaction, also those that began before the load.

    A reader in repeatable read that looked at nothing of ours yet would else find the new tables empty.
    """
    waiting = list(tables)
    deadline = time.monotonic() + settings.wait_seconds
    while True:
        with told("vacuuming the new release"):
            for table in waiting:
                place = ddl.relation(NEXT[table.schema], table.name)
                con.execute(sql.SQL("vacuum (analyze) {}").format(place))
            waiting = [table for table in waiting if not _is_visible(con, table)]
        if not waiting:
            return
        if time.monotonic() > deadline:
            raise LoadError(
                "A transaction that is older than the load is still open in this database; its reader would find "
                "the new tables empty.",
                "Nothing was changed. See pg_stat_activity (xact_start), and publish again when it has ended.",
            )
        time.sleep(_PAUSE_SECONDS)


def _is_visible(con: Connection, table: Table) -> bool:
    query = (
        "select relallvisible >= relpages from pg_catalog.pg_class as c "
        "inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace "
        "where n.nspname = %s and c.relname = %s"
    )
    return bool(value(con, query, NEXT[table.schema], table.name))


def drop_schemas(con: Connection, schemas: list[str]) -> None:
    """Drop schemas and the plain tables in them, and nothing that hangs on them: the server refuses then."""
    tables: list[Any] = con.execute(
        "select n.nspname, c.relname from pg_catalog.pg_class as c "
        "inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace "
        "where n.nspname = any(%s) and c.relkind = 'r'",
        [schemas],
    ).fetchall()
    if tables:
        # In one statement, since they refer to one another.
        names = sql.SQL(", ").join(ddl.relation(schema, name) for schema, name in tables)
        con.execute(sql.SQL("drop table {}").format(names))
    for schema in schemas:
        con.execute(sql.SQL("drop schema if exists {}").format(sql.Identifier(schema)))
