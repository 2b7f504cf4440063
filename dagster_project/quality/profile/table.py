"""Records `quality.delivery_profile`: one row per delivery in force, measure, column and code.

A profile depends on the content of its delivery, and a few measures on what the party delivered before it. It is
taken over from the published release where the same content was published, so that a run profiles new deliveries only.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from dagster_project.contract import Contract, Dataset
from dagster_project.quality.profile import duplicates, persons, values
from dagster_project.sql_text import literal

_COLUMNS = (
    "delivery_id varchar, content_hash varchar, party varchar, dataset varchar, period varchar, "
    "period_start date, period_end date, measure varchar, column_name varchar, code varchar, "
    "part double, whole double, mean double, spread double"
)
_MOST_ROWS = 1_000_000
"""Rows of a dataset up to which every person and every row is compared; above it, a sample of about this size."""


def create_profile_table(con: duckdb.DuckDBPyConnection, name: str = "delivery_profile") -> None:
    """Create an empty profile table in `quality`, replacing the one that is there."""
    con.execute(f"create or replace table quality.{name} ({_COLUMNS})")


def record_profile(con: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Fill `quality.delivery_profile` for every delivery in force.

    Reads `quality.delivery` and, for contents that are published already, `quality.delivery_profile_before`.
    """
    create_profile_table(con)
    con.execute(
        "insert into quality.delivery_profile select b.* from quality.delivery_profile_before as b "
        "inner join quality.delivery as d on d.status = 'in_force' and d.delivery_id = b.delivery_id "
        "and d.content_hash = b.content_hash"
    )
    con.execute(
        "create or replace temp table profiled_delivery as select delivery_id, content_hash, party, dataset, period, "
        "period_start, period_end, coalesce(rows_loaded, 0) as rows_loaded from quality.delivery "
        "where status = 'in_force' "
        "and (delivery_id, content_hash) not in (select delivery_id, content_hash from quality.delivery_profile)"
    )
    _insert(
        con,
        "select delivery_id, 'rows' as measure, '' as column_name, '' as code, rows_loaded::double as part, "
        "date_diff('day', period_start, period_end) + 1.0 as whole, null as mean, null as spread "
        "from profiled_delivery",
    )
    for dataset in contract.datasets.values():
        if _is_profiled(con, dataset):
            for query in _queries(con, contract, dataset):
                _insert(con, query)


def _queries(con: duckdb.DuckDBPyConnection, contract: Contract, dataset: Dataset) -> Iterator[str]:
    total = con.execute(
        "select coalesce(sum(rows_loaded), 0) from quality.delivery where status = 'in_force' and dataset = ?",
        [dataset.name],
    ).fetchone()
    one_in = max(1, int(total[0] if total else 0) // _MOST_ROWS)
    yield from values.queries(dataset)
    yield from persons.queries(contract, dataset, one_in)
    yield from duplicates.queries(dataset, one_in)


def _is_profiled(con: duckdb.DuckDBPyConnection, dataset: Dataset) -> bool:
    found = con.execute(
        f"select count(*) from profiled_delivery where dataset = {literal(dataset.name)} and rows_loaded > 0"
    ).fetchone()
    return bool(found and found[0])


def _insert(con: duckdb.DuckDBPyConnection, query: str) -> None:
    con.execute(
        "insert into quality.delivery_profile select d.delivery_id, d.content_hash, d.party, d.dataset, d.period, "
        "d.period_start, d.period_end, m.measure, m.column_name, m.code, m.part, m.whole, m.mean, m.spread "
        f"from ({query}) as m inner join profiled_delivery as d on d.delivery_id = m.delivery_id where m.whole > 0"
    )
