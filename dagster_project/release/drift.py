"""Records `quality.indicator_drift`: county figures of years and half-years, before and now, and why they differ.

`same_coverage` tells figures that rest on the same days in both releases, which a correction alone can move, from those
that grew because more was delivered; of these, `expected` is what the earlier period lets one expect of the new days.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from dagster_project.release.coverage import (
    Covered,
    changed_days,
    days_covered,
    indicator_datasets,
    load_rules,
    rests_on_same_days,
)
from dagster_project.sql_text import literal

_CELL = "indicator, measure, period_type, period, area_level, area_code, gender, category"
_PERIODS = "period_type in ('year', 'half_year')"
_COLUMNS = (
    "indicator varchar, measure varchar, period_type varchar, period varchar, area_level varchar, area_code varchar, "
    "gender varchar, category varchar, unit varchar, value_before double, value_now double, "
    "denominator_before double, same_coverage boolean, expected double, sentence varchar"
)
_GROUND = pa.schema(
    [
        ("indicator", pa.string()),
        ("period_type", pa.string()),
        ("period", pa.string()),
        ("previous_period", pa.string()),
        ("same_coverage", pa.bool_()),
        ("same_coverage_to_date", pa.bool_()),
        ("growth", pa.float64()),
    ]
)


def record_drift(database: Path, previous: Path | None, manifest_path: Path) -> None:
    """Write `quality.indicator_drift` into a candidate's database.

    Only cells that both releases have; the first release has nothing to be compared with. `manifest_path` is dbt's
    manifest, which says what each indicator is made from.
    """
    with closing(duckdb.connect(str(database))) as con:
        con.execute("set enable_progress_bar = false")
        con.execute(f"create table quality.indicator_drift ({_COLUMNS})")
        if previous is None or not previous.exists():
            return
        con.execute(f"attach {literal(str(previous))} as previous_release (read_only)")
        manifest = json.loads(manifest_path.read_bytes())
        con.register("ground", pa.Table.from_pylist(list(_ground(con, manifest)), schema=_GROUND))
        con.execute(f"insert into quality.indicator_drift {_compared()}")
        con.execute("detach previous_release")


def _ground(con: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    """Per indicator and period: whether the days are the same, and how many times those of the earlier period."""
    now, before = (_covered(con, schema) for schema in ("quality", "previous_release.quality"))
    changed, rules = changed_days(before, now), load_rules()
    periods = con.execute(
        f"select period_type, period, previous_period, start_date, end_date from marts.dim_period where {_PERIODS}"
    ).fetchall()
    spans = {(kind, period): (start, end) for kind, period, _, start, end in periods}
    for indicator, datasets in indicator_datasets(manifest).items():
        base = next((d for d in rules.counted_by if d in datasets), None)
        steady = base if not datasets & set(rules.grow_by_follow_up) else None
        for kind, period, previous, start, end in periods:
            yield {
                "indicator": indicator,
                "period_type": kind,
                "period": period,
                "previous_period": previous,
                "same_coverage": rests_on_same_days(datasets, changed, (start, end)),
                "same_coverage_to_date": rests_on_same_days(datasets, changed, (start, end), open_ended=True),
                "growth": _growth(now, steady, (start, end), spans.get((kind, previous))),
            }


def _covered(con: duckdb.DuckDBPyConnection, schema: str) -> list[Covered]:
    rows = con.execute(
        f"select party, dataset, period_start, period_end from {schema}.delivery where status = 'in_force'"
    ).fetchall()
    return [Covered(*row) for row in rows]


def _growth(now: Sequence[Covered], dataset: str | None, period: Any, earlier: Any) -> float | None:
    """Days of a period as a multiple of those of the earlier one; None where that says nothing."""
    if dataset is None or earlier is None:
        return None
    then = days_covered(now, dataset, *earlier)
    return days_covered(now, dataset, *period) / then if then else None


def _compared() -> str:
    open_ended = ", ".join(literal(category) for category in load_rules().open_ended)
    figure = (
        "indicator || ' ' || measure || case when category = 'TOTAL' then '' else ' ' || category end "
        "|| ' in ' || area_code || case when gender = 'T' then '' else ', gender ' || gender end"
    )
    return f"""
        with cells as (
            select {_CELL}, n.unit, b.value as value_before, n.value as value_now,
                b.denominator as denominator_before,
                case when category in ({open_ended}) then g.same_coverage_to_date else g.same_coverage end
                as same_coverage, g.growth, g.previous_period
            from indicators.indicator_value as n
            inner join previous_release.indicators.indicator_value as b using ({_CELL})
            inner join ground as g using (indicator, period_type, period)
            where area_level = 'county' and {_PERIODS}
        ),
        expected as (
            select c.*, case when c.unit = 'count' and not c.same_coverage then e.value * c.growth end as expected
            from cells as c left join indicators.indicator_value as e
                on e.period = c.previous_period and e.period_type = c.period_type and e.indicator = c.indicator
                and e.measure = c.measure and e.area_level = c.area_level and e.area_code = c.area_code
                and e.gender = c.gender and e.category = c.category
        )
        select {_CELL}, unit, value_before, value_now, denominator_before, same_coverage, expected,
            format('{{}}: {{:.10g}} before, {{:.10g}} now', {figure}, round(value_before, 1), round(value_now, 1))
            || case when same_coverage then ', resting on the same days'
                when expected is null then ', with more days delivered'
                else ', with more days delivered; the earlier period lets one expect about '
                    || round(expected)::bigint
            end
        from expected
    """
