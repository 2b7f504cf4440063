"""What the models are made from, as one version for each of dbt's sources: equal versions, equal rows to be read.

Rows of a raw table follow from the deliveries in force and from the persons who must not be loaded; of deliveries
themselves models read who covers which days (`stg_shared__delivery`). Which code reads them is not decided here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import duckdb

RAW, COVERAGE = "raw", "quality.delivery"


def source_versions(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Version (16 hex digits) of every raw table and of the deliveries, by `schema.table`; reads no raw row."""
    blocked = _rows(con, "select person_id from ops.blocked_person order by 1")
    tables = _rows(con, "select table_name from duckdb_tables() where schema_name = 'raw' order by 1")
    versions = {f"{RAW}.{table}": _hash([*_in_force(con, str(table)), *blocked]) for (table,) in tables}
    versions[COVERAGE] = _hash(
        _rows(
            con,
            "select party, dataset, period_start, period_end from quality.delivery where status = 'in_force' "
            "order by all",
        )
    )
    return versions


def _in_force(con: duckdb.DuckDBPyConnection, dataset: str) -> list[tuple[object, ...]]:
    return con.execute(
        "select delivery_id, content_hash from quality.delivery where status = 'in_force' and dataset = ? order by all",
        [dataset],
    ).fetchall()


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, ...]]:
    return con.execute(query).fetchall()


def _hash(rows: Iterable[tuple[object, ...]]) -> str:
    digest = hashlib.sha256()
    for row in rows:
        digest.update("\x1f".join(map(str, row)).encode() + b"\x1e")
    return digest.hexdigest()[:16]
