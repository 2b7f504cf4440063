"""The work database: its tables, what an earlier run left in them, and the one transaction that changes them."""

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from dagster_project.contract import Contract, Dataset
from dagster_project.ingestion.inbox import Signature
from dagster_project.sql_text import literal

_MOST_THREADS = 4
STORAGE = "storage_version 'latest'"
"""How a file is attached that nobody else ever reads: in DuckDB's newest format, rows of deliveries are written a fifth
quicker. What is published stays in the format that every reader knows.
"""
IN_FORCE, SUPERSEDED, REJECTED, UNRECOGNISED = "in_force", "superseded", "rejected", "unrecognised"
LEFT_OUT = "left_out"
LEFT_OUT_BY_PERSON = "left_out_by_person"
TOO_MANY_BAD_ROWS = "too_many_bad_rows"
"""The one reason of a rejection with which rows were judged: they stay in quarantine and are counted."""


@dataclass(frozen=True)
class DeliveryRow:
    """One row of quality.delivery: a file in the inbox, or content that stays in force though its file is gone.

    Counts are rows; null where the file was not read. Unique by delivery_id and status.
    """

    delivery_id: str
    file_name: str
    party: str | None
    dataset: str | None
    period: str | None
    period_start: date | None
    period_end: date | None
    revision: int | None
    file_format: str | None
    status: str
    reason: str | None
    detail: str | None
    content_hash: str | None
    size_bytes: int | None
    rows_read: int | None = None
    rows_loaded: int | None = None
    rows_collapsed: int | None = None
    rows_quarantined: int | None = None
    loaded_at: datetime | None = None
    rows_blocked: int | None = None


_DELIVERY_COLUMNS = (
    "delivery_id varchar, file_name varchar, party varchar, dataset varchar, period varchar, "
    "period_start date, period_end date, revision integer, file_format varchar, status varchar, "
    "reason varchar, detail varchar, content_hash varchar, size_bytes bigint, rows_read bigint, "
    "rows_loaded bigint, rows_collapsed bigint, rows_quarantined bigint, loaded_at timestamp, "
    "rows_blocked bigint"
)
_OWN_COLUMNS = (("delivery_id", "varchar"), ("party", "varchar"), ("row_number", "bigint"))
_TABLES = {
    "quality.delivery": _DELIVERY_COLUMNS,
    "quality.quarantined_row": (
        "delivery_id varchar, party varchar, dataset varchar, period varchar, file_name varchar, "
        "row_number bigint, column_name varchar, reason varchar, value varchar, content_hash varchar"
    ),
    "quality.schema_drift": (
        "delivery_id varchar, party varchar, dataset varchar, kind varchar, column_name varchar, "
        "content_hash varchar"
    ),
    # Who left out the deliveries of status left_out, and why: the release repeats it.
    "quality.left_out_delivery": "delivery_id varchar, left_out_by varchar, left_out_why varchar",
    "ops.setting": "name varchar primary key, value varchar",
    "ops.seen_file": (
        "path varchar, size_bytes bigint, mtime_ns bigint, inode bigint, content_hash varchar, ctime_ns bigint"
    ),
    "ops.blocked_person": "person_id varchar primary key, token varchar, blocked_at timestamp",
    # Which person a quarantined row is about, so that erasure finds it; never part of a release.
    "ops.quarantined_person": (
        "delivery_id varchar, content_hash varchar, row_number bigint, person_id varchar"
    ),
}


def connect(work_db: Path, memory_limit: str | None = None) -> duckdb.DuckDBPyConnection:
    """Open the work database for writing; make it, for its owner's eyes alone, if it is not there.

    Raises duckdb.IOException when another process holds it.
    """
    work_db.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not work_db.exists():
        _lay_out(work_db)
    connection = duckdb.connect(str(work_db))
    if memory_limit is not None:
        connection.execute(f"set memory_limit = '{memory_limit}'")
    # More threads would hold more memory than the limit knows of.
    connection.execute(f"set threads = {min(_MOST_THREADS, os.cpu_count() or 1)}")
    # Rows carry their numbers, so the order in which threads deliver them does not matter.
    connection.execute("set preserve_insertion_order = false")
    # Else DuckDB draws its bar into whatever the run prints, as soon as a statement takes two seconds.
    connection.execute("set enable_progress_bar = false")
    return connection


def _lay_out(work_db: Path) -> None:
    with closing(duckdb.connect()) as con:
        con.execute(f"attach {literal(str(work_db))} as work_file ({STORAGE})")
    work_db.chmod(0o600)


def quoted(identifier: str) -> str:
    """An identifier for SQL."""
    return '"' + identifier.replace('"', '""') + '"'


def raw_table(dataset: Dataset) -> str:
    """The raw table of a dataset."""
    return f"raw.{quoted(dataset.name)}"


def contract_columns(dataset: Dataset) -> str:
    """The contract's columns of a raw table as DDL."""
    return ", ".join(f"{quoted(column.raw_name)} {column.sql_type}" for column in dataset.columns)


def raw_columns(dataset: Dataset) -> str:
    """The columns of a raw table as DDL: delivery, party, row number, then the contract's columns."""
    return ", ".join([*(f"{name} {kind}" for name, kind in _OWN_COLUMNS), contract_columns(dataset)])


def ensure_tables(connection: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Create what is missing. All raw tables always exist, possibly empty."""
    for schema in ("raw", "quality", "ops"):
        connection.execute(f"create schema if not exists {schema}")
    for name, columns in _TABLES.items():
        connection.execute(f"create table if not exists {name} ({columns})")
    # Homes without a version have seen files without it; they are hashed once more.
    connection.execute("alter table ops.seen_file add column if not exists ctime_ns bigint")
    for dataset in contract.datasets.values():
        connection.execute(f"create table if not exists {raw_table(dataset)} ({raw_columns(dataset)})")
        _follow_contract(connection, dataset)


def _follow_contract(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> None:
    """Give a raw table of an older contract the columns of this one. Rows stay: what they state is in force until
    their files have been read again."""
    found = connection.execute(
        "select column_name, lower(data_type) from information_schema.columns "
        "where table_schema = 'raw' and table_name = $name order by ordinal_position",
        {"name": dataset.name},
    ).fetchall()
    expected = [*_OWN_COLUMNS, *((column.raw_name, column.sql_type) for column in dataset.columns)]
    if found == expected:
        return
    old = f"{dataset.name}_of_older_contract"
    connection.execute(f"alter table {raw_table(dataset)} rename to {quoted(old)}")
    connection.execute(f"create table {raw_table(dataset)} ({raw_columns(dataset)})")
    shared = ", ".join(quoted(name) for name, kind in expected if (name, kind) in found)
    connection.execute(f"insert into {raw_table(dataset)} ({shared}) select {shared} from raw.{quoted(old)}")
    connection.execute(f"drop table raw.{quoted(old)}")


def setting(connection: duckdb.DuckDBPyConnection, name: str) -> str | None:
    """A remembered setting of the work database."""
    row = connection.execute("select value from ops.setting where name = ?", [name]).fetchone()
    return str(row[0]) if row else None


def remember_setting(connection: duckdb.DuckDBPyConnection, name: str, value: str) -> None:
    """Remember a setting."""
    connection.execute("insert or replace into ops.setting values (?, ?)", [name, value])


def read_deliveries(
    connection: duckdb.DuckDBPyConnection, table: str = "quality.delivery"
) -> list[DeliveryRow]:
    """quality.delivery as it is, or another table of its columns."""
    names = ", ".join(field.name for field in fields(DeliveryRow))
    return [DeliveryRow(*row) for row in connection.execute(f"select {names} from {table}").fetchall()]


def read_seen(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, Signature], str | None]:
    """The hash of every file that was looked at, by masked path and signature."""
    rows = connection.execute(
        "select path, size_bytes, mtime_ns, inode, ctime_ns, content_hash from ops.seen_file"
    ).fetchall()
    return {(row[0], Signature(*row[1:5])): row[5] for row in rows}


def insert_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows given as mappings from column to value. Rows of deliveries never pass here."""
    if rows:
        connection.register("rows_to_insert", pa.Table.from_pylist(list(rows)))
        connection.execute(f"insert into {table} by name select * from rows_to_insert")
        connection.unregister("rows_to_insert")


def replace_deliveries(connection: duckdb.DuckDBPyConnection, rows: Iterable[DeliveryRow]) -> None:
    """Write quality.delivery anew."""
    connection.execute("delete from quality.delivery")
    insert_rows(connection, "quality.delivery", [asdict(row) for row in rows])
