"""What the warehouse holds, counted, and what the last release held: the ground that drift is judged on.

`quality.volume` (party, dataset, month, row_count) and `quality.code_share` (party, dataset, column, code,
row_count, share_percent) describe the accepted rows; their `_before` twins are those of the published release.
Drift itself is judged by expectations: limits are data.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from dagster_project.contract import Contract, Dataset
from dagster_project.sql_text import identifier as name
from dagster_project.sql_text import literal

TABLES = ("volume", "code_share")
_SHAPES = {
    "volume": "party varchar, dataset varchar, month date, row_count bigint",
    "code_share": "party varchar, dataset varchar, column_name varchar, code varchar, row_count bigint, "
    "share_percent double",
}


def record_volumes(con: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Count the accepted rows per party, dataset and month, and the share of each code."""
    for table in TABLES:
        con.execute(f"create or replace table quality.{table} ({_SHAPES[table]})")
    for dataset in contract.datasets.values():
        con.execute(_volume(dataset))
        for column in dataset.columns:
            if column.type == "code":
                con.execute(_code_share(dataset, column.name))


def _volume(dataset: Dataset) -> str:
    columns = dataset.period.columns
    month = f"date_trunc('month', {name(columns[0])})::date" if columns else "null::date"
    return (
        f"insert into quality.volume select party, {literal(dataset.name)}, {month}, count(*) "
        f"from raw.{name(dataset.name)} group by all"
    )


def _code_share(dataset: Dataset, column: str) -> str:
    return (
        f"insert into quality.code_share select party, {literal(dataset.name)}, {literal(column)}, {name(column)}, "
        "count(*), 100.0 * count(*) / sum(count(*)) over (partition by party) "
        f"from raw.{name(dataset.name)} where {name(column)} is not null group by party, {name(column)}"
    )


def remember_published(con: duckdb.DuckDBPyConnection, release_db: Path | None) -> None:
    """Copy what the published release held into the `_before` tables; empty where nothing is published."""
    for table in TABLES:
        con.execute(f"create or replace table quality.{table}_before ({_SHAPES[table]})")
    con.execute("create or replace table quality.delivery_before as select * from quality.delivery limit 0")
    if release_db is None or not release_db.exists():
        return
    con.execute(f"attach {literal(str(release_db))} as published_release (read_only)")
    try:
        for table in TABLES:
            con.execute(f"insert into quality.{table}_before from published_release.quality.{table}")
        con.execute("insert into quality.delivery_before by name from published_release.quality.delivery")
    finally:
        con.execute("detach published_release")
