"""What the models are made from, as one version for each of dbt's sources: equal versions, equal rows to be read.

Rows of a raw table follow from the deliveries in force and from the persons who must not be loaded; of deliveries
themselves models read who covers which days (`stg_shared__delivery`). Which code reads them is not decided here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import duckdb
from pydantic import BaseModel, ConfigDict

RAW, COVERAGE, BLOCKED = "raw", "quality.delivery", "ops.blocked_person"


class Inputs(BaseModel):
    """`versions` (16 hex digits) by `schema.table`; `deliveries`: content hash of each delivery in force, by dataset
    and delivery; `rows`: accepted ones, by dataset and deliverer.
    """

    model_config = ConfigDict(frozen=True)

    versions: dict[str, str]
    deliveries: dict[str, dict[str, str]]
    rows: dict[str, dict[str, int]]


def read_inputs(con: duckdb.DuckDBPyConnection) -> Inputs:
    """What lies in the work file; reads no raw row."""
    blocked = con.execute("select person_id from ops.blocked_person order by 1").fetchall()
    tables = con.execute(
        "select table_name from duckdb_tables() where schema_name = 'raw' order by 1"
    ).fetchall()
    covered = con.execute(
        "select party, dataset, period_start, period_end from quality.delivery where status = 'in_force' order by all"
    ).fetchall()
    deliveries, rows = _in_force(con)
    versions = {
        f"{RAW}.{table}": _hash([*deliveries.get(table, {}).items(), *blocked]) for (table,) in tables
    }
    versions |= {COVERAGE: _hash(covered), BLOCKED: _hash(blocked)}
    return Inputs(versions=versions, deliveries=deliveries, rows=rows)


def _in_force(
    con: duckdb.DuckDBPyConnection,
) -> tuple[dict[str, dict[str, str]], dict[str, dict[str, int]]]:
    deliveries: dict[str, dict[str, str]] = {}
    rows: dict[str, dict[str, int]] = {}
    for dataset, party, delivery_id, content_hash, loaded in con.execute(
        "select dataset, party, delivery_id, coalesce(content_hash, ''), coalesce(rows_loaded, 0) "
        "from quality.delivery where status = 'in_force' order by all"
    ).fetchall():
        deliveries.setdefault(dataset, {})[delivery_id] = content_hash
        counted = rows.setdefault(dataset, {})
        counted[party] = counted.get(party, 0) + loaded
    return deliveries, rows


def _hash(rows: Iterable[tuple[object, ...]]) -> str:
    digest = hashlib.sha256()
    for row in rows:
        digest.update("\x1f".join(map(str, row)).encode() + b"\x1e")
    return digest.hexdigest()[:16]
