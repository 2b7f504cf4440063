"""The schema `trisam`: which release the database holds, and which tables are the publication's own.

What is not listed here was made by somebody else, and is never dropped.
"""

from __future__ import annotations

from dataclasses import dataclass

from dagster_project.postgres.connection import Connection
from dagster_project.postgres.source import FILES, Release

SCHEMA = "trisam"

_DDL = """
create schema if not exists trisam;
create table if not exists trisam.release (
    version text not null primary key, fingerprint text not null, loaded_at timestamptz not null
);
create table if not exists trisam.release_table (
    schema_name text not null, table_name text not null, row_count bigint not null,
    primary key (schema_name, table_name)
);
comment on schema trisam is 'Which release of the Trisam indicator warehouse this database holds.';
comment on table trisam.release is 'The release in force: one row, changed in the same step as the tables.';
comment on column trisam.release.version is 'Version, as `trisam releases` lists it.';
comment on column trisam.release.fingerprint is 'Hash of deliveries, code and settings that it was made from.';
comment on column trisam.release.loaded_at is 'When it was put in force here.';
comment on table trisam.release_table is 'The tables of the release in force, with their rows.';
"""


@dataclass(frozen=True)
class Own:
    """A table of the publication that is in force; `oid` is the server's number for it."""

    schema: str
    name: str
    oid: int


def ensure_control(con: Connection) -> None:
    """Make the schema where it is missing."""
    with con.transaction():
        con.execute(_DDL)


def version_in_force(con: Connection) -> str | None:
    """The version that the database holds, or None before the first."""
    row = con.execute("select version from trisam.release").fetchone()
    return str(row[0]) if row else None


def own_tables(con: Connection) -> list[Own]:
    """The tables in force, by schema and name."""
    rows = con.execute(
        "select n.nspname, c.relname, c.oid::bigint from trisam.release_table as t "
        "inner join pg_catalog.pg_namespace as n on n.nspname = t.schema_name "
        "inner join pg_catalog.pg_class as c on c.relnamespace = n.oid and c.relname = t.table_name "
        "and c.relkind = 'r' order by 1, 2"
    ).fetchall()
    return [Own(*row) for row in rows]


def existing_schemas(con: Connection) -> list[str]:
    """Those of the published schemas that the database has."""
    rows = con.execute(
        "select nspname from pg_catalog.pg_namespace where nspname = any(%s) order by 1", [list(FILES)]
    ).fetchall()
    return [row[0] for row in rows]


def record(con: Connection, release: Release) -> None:
    """Write down what is in force from this transaction on."""
    con.execute("delete from trisam.release")
    con.execute("insert into trisam.release values (%s, %s, now())", [release.version, release.fingerprint])
    con.execute("delete from trisam.release_table")
    with con.cursor() as cursor:
        cursor.executemany(
            "insert into trisam.release_table values (%s, %s, %s)",
            [(table.schema, table.name, table.rows) for table in release.tables],
        )
