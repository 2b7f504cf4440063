"""Rows of the published release that a later content replaced: a run that leaves that content out puts them back.

A run that is refused has loaded its deliveries all the same. Without these rows, leaving out a file that was delivered
again under the same name would take away what the published release rests on. They go when a release no longer needs
them, and erasure reaches them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

import duckdb

from dagster_project.contract import Contract, Dataset
from dagster_project.ingestion.warehouse import (
    IN_FORCE,
    DeliveryRow,
    insert_rows,
    quoted,
    raw_columns,
    raw_table,
    read_deliveries,
)

DELIVERIES = "replaced.delivery_in_force"
"""The rows of quality.delivery as they were when the content was in force; no dataset bears this name."""


def rows_table(dataset: Dataset) -> str:
    """The table of a dataset's replaced rows, with the columns of its raw table."""
    return f"replaced.{quoted(dataset.name)}"


def ensure_replaced(con: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Create what is missing. Rows of an older contract go: they could not be put back."""
    con.execute("create schema if not exists replaced")
    con.execute(f"create table if not exists {DELIVERIES} as from quality.delivery limit 0")
    for dataset in contract.datasets.values():
        con.execute(f"create table if not exists {rows_table(dataset)} ({raw_columns(dataset)})")
        different = con.execute(
            "select column_name from duckdb_columns() where database_name = current_database() "
            "and schema_name in ('raw', 'replaced') and table_name = $name "
            "group by column_name, data_type having count(*) <> 2",
            {"name": dataset.name},
        ).fetchall()
        if different:
            con.execute(f"create or replace table {rows_table(dataset)} ({raw_columns(dataset)})")
            con.execute(f"delete from {DELIVERIES} where dataset = $name", {"name": dataset.name})


def replaced_deliveries(con: duckdb.DuckDBPyConnection, published: Mapping[str, str]) -> list[DeliveryRow]:
    """What was replaced and is still part of the published release (content hash by delivery)."""
    return [r for r in read_deliveries(con, DELIVERIES) if published.get(r.delivery_id) == r.content_hash]


def keep_replaced(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    rows: Iterable[DeliveryRow],
    published: Mapping[str, str],
) -> None:
    """Keep the rows of deliveries in force that are about to be removed, where the published release has them."""
    kept = [r for r in rows if r.status == IN_FORCE and published.get(r.delivery_id) == r.content_hash]
    _forget(con, contract, [row.delivery_id for row in kept])
    insert_rows(con, DELIVERIES, [asdict(row) for row in kept])
    for dataset, names in _by_dataset(contract, kept):
        con.execute(
            f"insert into {rows_table(dataset)} by name select * from {raw_table(dataset)} "
            "where delivery_id in (select unnest($names::varchar[]))",
            {"names": names},
        )


def put_back(con: duckdb.DuckDBPyConnection, contract: Contract, rows: Sequence[DeliveryRow]) -> None:
    """Load the kept rows of deliveries that are in force again."""
    for dataset, names in _by_dataset(contract, rows):
        con.execute(
            f"insert into {raw_table(dataset)} by name select * from {rows_table(dataset)} "
            "where delivery_id in (select unnest($names::varchar[]))",
            {"names": names},
        )


def forget_needless(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    now: Iterable[DeliveryRow],
    published: Mapping[str, str],
) -> None:
    """Remove what the published release no longer rests on, and what is in force again."""
    in_force = {(row.delivery_id, row.content_hash) for row in now if row.status == IN_FORCE}
    needed = {(r.delivery_id, r.content_hash) for r in replaced_deliveries(con, published)} - in_force
    found = read_deliveries(con, DELIVERIES)
    _forget(con, contract, [r.delivery_id for r in found if (r.delivery_id, r.content_hash) not in needed])


def _forget(con: duckdb.DuckDBPyConnection, contract: Contract, names: Sequence[str]) -> None:
    if names:
        for table in (DELIVERIES, *(rows_table(dataset) for dataset in contract.datasets.values())):
            con.execute(
                f"delete from {table} where delivery_id in (select unnest($names::varchar[]))",
                {"names": names},
            )


def _by_dataset(contract: Contract, rows: Iterable[DeliveryRow]) -> Iterable[tuple[Dataset, list[str]]]:
    listed: dict[str, list[str]] = {}
    for row in rows:
        listed.setdefault(row.dataset or "", []).append(row.delivery_id)
    return [
        (contract.datasets[name], names)
        for name, names in sorted(listed.items())
        if name in contract.datasets
    ]
