"""What a failed expectation found: which delivery or figure, and what is odd about it.

Great Expectations is asked for counts only, since its samples may hold personal data. The queries of failed
expectations are therefore run once more, for columns that can hold none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import duckdb

from dagster_project.quality.outcome import Finding, Outcome
from dagster_project.quality.suites import ExpectationSpec, Suite
from dagster_project.sql_text import identifier as name

PLACES: Mapping[str, str] = {
    "party": "party",
    "dataset": "dataset",
    "period": "period",
    "indicator": "dataset",
    "sentence": "what",
}
"""Columns that a finding is made of, and the part of it that each becomes; no other column is read."""
_MOST = 1000
"""Findings of one expectation that are kept."""


def find(database: Path, suites: Sequence[Suite], outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Add to each failed outcome what its query returns; expectations without a query find nothing by name."""
    specs = {spec.meta.id: (suite, spec) for suite in suites for spec in suite.expectations}
    failed = [
        o.check_id for o in outcomes if o.status == "failed" and "unexpected_rows_query" in _kwargs(specs, o)
    ]
    if not failed:
        return list(outcomes)
    with closing(duckdb.connect(str(database), read_only=True)) as con:
        found = {check_id: _findings(con, *specs[check_id]) for check_id in failed}
    return [
        o.model_copy(update={"findings": found[o.check_id]}) if o.check_id in found else o for o in outcomes
    ]


def _kwargs(specs: Mapping[str, tuple[Suite, ExpectationSpec]], outcome: Outcome) -> Mapping[str, object]:
    return specs[outcome.check_id][1].kwargs


def _findings(con: duckdb.DuckDBPyConnection, suite: Suite, spec: ExpectationSpec) -> list[Finding]:
    table = f"{name(suite.meta.schema_name)}.{name(suite.meta.table)}"
    rows = con.sql(spec.kwargs["unexpected_rows_query"].replace("{batch}", table)).set_alias("found")
    columns = [column for column in rows.columns if column in PLACES]
    if not columns:
        return []
    listed = rows.project(", ".join(f"{name(c)}::varchar as {name(c)}" for c in columns)).distinct()
    found = [
        Finding(**{PLACES[c]: value or "" for c, value in zip(columns, row, strict=True)})
        for row in listed.order(", ".join(map(name, columns))).limit(_MOST + 1).fetchall()
    ]
    # No acceptance can name the rest, so it cannot be let through unseen.
    return found if len(found) <= _MOST else [*found[:_MOST], Finding(what=f"more than {_MOST} findings")]
