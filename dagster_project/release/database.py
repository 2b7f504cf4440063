"""The database file of a release: a copy of the file that dbt has filled, and in it what is told of the deliveries.

What is copied is what is gated and published; nobody writes to the file afterwards.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import duckdb

from dagster_project.release.manifest import TableEntry
from dagster_project.release.relations import relations
from dagster_project.release.standing import Take, no_release_before
from dagster_project.sql_text import identifier as name
from dagster_project.sql_text import literal

QUALITY = "quality"
PublicationRow = tuple[str, str, str, str, str]


def copy_database(
    outgoing_db: Path,
    work_db: Path,
    target: Path,
    publication: Iterable[PublicationRow],
    models: Collection[tuple[str, str]],
    *,
    memory_limit: str = "",
) -> None:
    """Make the database of a release: marts and indicators from the file that dbt has filled, quality from the work
    file.

    Of what lies in the first only `models`, as (schema, table), stay: a table that a killed build or a model since
    removed has left there is nothing that was tested. `publication` rows are (item_type, item, content_hash, result,
    detail) and become `quality.publication` under the version that the folder's name gives.
    """
    target.unlink(missing_ok=True)
    # As a file: copied table by table, every value would be read, and compressed, once more.
    shutil.copyfile(outgoing_db, target)
    with _open(target, memory_limit=memory_limit) as con:
        _drop_all_but(con, models)
        # A database name that no path can clash with; the file itself is opened read only.
        con.execute(f"attach {literal(str(work_db))} as work_file (read_only)")
        con.execute(f"create schema if not exists {name(QUALITY)}")
        for table, ddl in _quality_tables(con):
            con.execute(ddl)
            con.execute(
                f"insert into {name(QUALITY)}.{name(table)} from work_file.{name(QUALITY)}.{name(table)}"
            )
        con.execute("detach work_file")
        _write_publication(con, publication)


def _open(database: Path, *, read_only: bool = False, memory_limit: str = "") -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(str(database), read_only=read_only)
    if memory_limit:
        con.execute(f"set memory_limit = {literal(memory_limit)}")
    # Else DuckDB draws its bar into whatever the run prints, as soon as a statement takes two seconds.
    con.execute("set enable_progress_bar = false")
    return con


def _drop_all_but(con: duckdb.DuckDBPyConnection, models: Collection[tuple[str, str]]) -> None:
    for schema, table, _, rows in relations(con):
        if (schema, table) not in models:
            con.execute(f"drop {'view' if rows is None else 'table'} {name(schema)}.{name(table)}")
    schemas = con.execute(
        "select schema_name from duckdb_schemas() where database_name = current_database() and not internal"
    ).fetchall()
    for schema in {schema for (schema,) in schemas} - {"main", *(schema for schema, _ in models)}:
        con.execute(f"drop schema {name(schema)}")


def _quality_tables(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return con.execute(
        "select table_name, sql from duckdb_tables() "
        "where database_name = 'work_file' and schema_name = ? "
        # What the release before held serves the judgement of drift; it is not this release's to tell.
        "and table_name not like '%\\_before' escape '\\' order by 1",
        [QUALITY],
    ).fetchall()


def _write_publication(con: duckdb.DuckDBPyConnection, rows: Iterable[PublicationRow]) -> None:
    con.execute(
        "create table quality.publication "
        "(item_type varchar not null, item varchar not null, content_hash varchar, result varchar, "
        "detail varchar)"
    )
    con.execute(
        "comment on table quality.publication is 'What this release rests on: one row for the version, and "
        "one per delivery in force, delivery that a person left out, dbt test and expectation. An "
        "expectation of the publish boundary is a condition of publication: in a published release it has "
        "passed; the manifest holds its result.'"
    )
    listed = list(rows)
    if listed:
        con.executemany("insert into quality.publication values (?, ?, ?, ?, ?)", listed)


def describe_tables(
    database: Path, standing: Mapping[str, TableEntry] | None = None
) -> dict[str, TableEntry]:
    """Rows and content hash of every table of a database, by `schema.table`; those that are `standing` are not read.

    The hash does not depend on the order of rows, so that a rebuilt release can be compared with an
    incremental one.
    """
    entries = {}
    known = standing or {}
    with _open(database, read_only=True) as con:
        for schema, table, *_ in relations(con):
            if f"{schema}.{table}" in known:
                entries[f"{schema}.{table}"] = known[f"{schema}.{table}"]
                continue
            rows, total = _one(
                con,
                "select count(*), coalesce(sum(hash(row_of_table)), 0)::varchar "
                f"from {name(schema)}.{name(table)} as row_of_table",
            )
            entries[f"{schema}.{table}"] = TableEntry(rows=int(str(rows)), content_hash=str(total))
    return entries


def export_parquet(
    database: Path,
    folder: Path,
    schemas: Sequence[str],
    *,
    only: Collection[tuple[str, str]] | None = None,
    taken: Take = no_release_before,
    memory_limit: str = "",
) -> None:
    """Write every table of the schemas to `folder/SCHEMA/TABLE.parquet`, under stable names, or take it over.

    With `only`, as (schema, table), no others: what else lies there is nothing that was tested.
    """
    with _open(database, read_only=True, memory_limit=memory_limit) as con:
        for schema, table, *_ in relations(con):
            if schema not in schemas or (only is not None and (schema, table) not in only):
                continue
            path = folder / schema / f"{table}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            if taken(f"{schema}.{table}", path):
                continue
            con.execute(
                f"copy (from {name(schema)}.{name(table)}) to {literal(str(path))} (format parquet, compression zstd)"
            )


def _one(con: duckdb.DuckDBPyConnection, query: str) -> tuple[object, ...]:
    row = con.execute(query).fetchone()
    assert row is not None, "an aggregate always returns a row"  # noqa: S101  narrows the type
    return tuple(row)
