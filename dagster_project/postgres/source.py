"""What a release holds, as values: tables with columns, comments, keys and references; and their rows as Arrow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from dagster_project.errors import TrisamError
from dagster_project.postgres.types import postgres_type
from dagster_project.release.candidate import DATABASE, OPEN_DATABASE
from dagster_project.release.manifest import Manifest, read_manifest
from dagster_project.release.relations import relations
from dagster_project.release.shapes import Reference, TableShape
from dagster_project.sql_text import identifier

# The schemas that are published, and the file of the release that holds each.
FILES = {"marts": DATABASE, "indicators": DATABASE, "open": OPEN_DATABASE}
_ROWS_AT_ONCE = 50_000


class NothingPublishedError(TrisamError):
    """There is no release to load."""


@dataclass(frozen=True)
class Column:
    """A column; `type` is PostgreSQL's."""

    name: str
    type: str
    nullable: bool
    comment: str | None


@dataclass(frozen=True)
class Table:
    """A table of the release. `key` names a row; `rows` is how many there are."""

    schema: str
    name: str
    comment: str | None
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    references: tuple[Reference, ...]
    rows: int

    @property
    def full_name(self) -> str:
        """`schema.table`."""
        return f"{self.schema}.{self.name}"

    def column(self, name: str) -> Column | None:
        """The column of that name, if there is one."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True)
class Release:
    """A release folder and what is to be loaded from it."""

    version: str
    fingerprint: str
    folder: Path
    tables: tuple[Table, ...]


def read_release(published: Path) -> Release:
    """Describe the release that `published` points to; its rows are read later, table by table.

    Raises NothingPublishedError, and UnknownTypeError for a column that cannot be loaded.
    """
    manifest = read_manifest(published)
    if manifest is None:
        raise NothingPublishedError(f"Nothing is published under {published}.", "Run `trisam run` first.")
    folder = published.resolve()
    tables = [table for schema in FILES for table in _tables(folder, schema, manifest)]
    return Release(manifest.version, manifest.fingerprint, folder, tuple(tables))


def _tables(folder: Path, schema: str, manifest: Manifest) -> Iterator[Table]:
    with _open(folder, schema) as con:
        for found_schema, name, comment, _ in relations(con):
            if found_schema != schema:
                continue
            counted = con.execute(f"select count(*) from {identifier(schema)}.{identifier(name)}").fetchone()
            shape = manifest.shapes.get(f"{schema}.{name}", TableShape())
            yield Table(
                schema=schema,
                name=name,
                comment=comment,
                columns=tuple(_columns(con, schema, name)),
                key=tuple(shape.key),
                references=tuple(shape.references),
                rows=counted[0] if counted else 0,
            )


def _columns(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> Iterator[Column]:
    found = con.execute(
        "select column_name, data_type, is_nullable, comment from duckdb_columns() "
        "where database_name = current_database() and schema_name = ? and table_name = ? order by column_index",
        [schema, table],
    ).fetchall()
    for name, data_type, nullable, comment in found:
        yield Column(name, postgres_type(data_type, f"{schema}.{table}.{name}"), nullable, comment)


@contextmanager
def rows_of(release: Release, table: Table) -> Iterator[pa.RecordBatchReader]:
    """The rows of a table in batches, so that no table has to fit into memory."""
    with _open(release.folder, table.schema) as con:
        names = ", ".join(identifier(column.name) for column in table.columns)
        query = f"select {names} from {identifier(table.schema)}.{identifier(table.name)}"
        yield con.execute(query).to_arrow_reader(_ROWS_AT_ONCE)


@contextmanager
def _open(folder: Path, schema: str) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(folder / FILES[schema]), read_only=True) as con:
        con.execute("set enable_progress_bar = false")
        yield con
