"""Metrics give the numbers of the indicator tables, by gender, party, area and time. No number is stated here."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from .comparisons import IN_PERIODS, Comparison
from .conftest import Metrics
from .timeless import TIMELESS, changes

AREA = {"county": "municipality__county", "municipality": "municipality", "team": "team"}
Figures = dict[tuple[Any, ...], float]


def label(day: Any, period_type: str) -> Any:
    """A period as the tables name it, from what MetricFlow calls it: the first day, or the half-year itself."""
    if not isinstance(day, date):
        return day
    return f"{day.year}Q{(day.month + 2) // 3}" if period_type == "quarter" else str(day.year)


def told(rows: Iterable[tuple[tuple[Any, ...], Any]], column: str) -> Figures:
    """What rows say, without those that say nothing: unknown figures, and counts of none."""
    counted = not column.endswith(("_percent", "_points", "_days"))
    return {key: float(v) for key, v in rows if v is not None and not (counted and v == 0)}


def differences(
    comparison: Comparison,
    answer: list[dict[str, Any]],
    tables: duckdb.DuckDBPyConnection,
    keys: dict[str, str],
    rows: str = "true",
) -> list[str]:
    """Metrics that differ from the table in any row; asserts that the table says something of each comparison."""
    found, stated = [], 0
    for figure in comparison.figures:
        selected = tables.execute(
            f"select {', '.join(keys.values())}, {figure.column} from {comparison.rows_from} "
            f"where {rows} and {figure.rows}"
        ).fetchall()
        expected = told(((tuple(row[:-1]), row[-1]) for row in selected), figure.column)
        actual = told(((tuple(row[k] for k in keys), row[figure.metric]) for row in answer), figure.column)
        stated += len(expected)
        if actual != pytest.approx(expected, rel=1e-12, abs=1e-9):
            odd = {k: (expected.get(k), actual.get(k)) for k in expected.keys() | actual.keys()}
            found.append(f"{figure.metric}: {[(k, v) for k, v in odd.items() if v[0] != v[1]][:3]}")
    assert stated > 0, f"{comparison.table} holds nothing to compare with"
    return found


def compare_in_periods(
    comparison: Comparison,
    metrics: Metrics,
    tables: duckdb.DuckDBPyConnection,
    period_type: str,
    level: str,
) -> list[str]:
    """Differences of a comparison for one type of period and one level of areas."""
    time = f"metric_time__{period_type}"
    keys = {time: "period", AREA[level]: "area_code", **comparison.keys}
    answer = metrics.query([figure.metric for figure in comparison.figures], list(keys))
    periods = tables.execute("select period from marts.dim_period where period_type = ?", [period_type])
    known = {period for (period,) in periods.fetchall()}
    in_periods = [row | {time: label(row[time], period_type)} for row in answer]
    in_periods = [row for row in in_periods if row[time] in known and row[AREA[level]] is not None]
    place = f"period_type = '{period_type}' and area_level = '{level}'"
    return differences(comparison, in_periods, tables, keys, place)


def name_of(comparison: Comparison) -> str:
    return "-by-".join([comparison.table, *comparison.keys.values()])


@pytest.mark.parametrize("period_type", ["year", "half_year"])
@pytest.mark.parametrize("comparison", IN_PERIODS, ids=name_of)
def test_metrics_equal_the_table_in_every_area(
    comparison: Comparison, period_type: str, metrics: Metrics, tables: duckdb.DuckDBPyConnection
):
    for level in comparison.levels:
        assert compare_in_periods(comparison, metrics, tables, period_type, level) == []


@pytest.mark.parametrize("comparison", TIMELESS, ids=name_of)
def test_metrics_equal_the_table_that_has_no_periods(
    comparison: Comparison, metrics: Metrics, tables: duckdb.DuckDBPyConnection
):
    answer = metrics.query([figure.metric for figure in comparison.figures], list(comparison.keys))
    answer = [row for row in answer if None not in (row[key] for key in comparison.keys)]

    assert differences(comparison, answer, tables, comparison.keys) == []


@pytest.mark.parametrize("period_type", ["year", "half_year", "quarter"])
def test_changes_equal_the_table(period_type: str, metrics: Metrics, tables: duckdb.DuckDBPyConnection):
    for comparison in changes(period_type):
        assert compare_in_periods(comparison, metrics, tables, period_type, "county") == []


@pytest.mark.parametrize("table", ["case_volume", "self_support"])
def test_a_range_of_days_gives_the_figures_of_a_reporting_period(
    table: str, metrics: Metrics, tables: duckdb.DuckDBPyConnection
):
    (comparison,) = [c for c in IN_PERIODS if c.table == table and not c.keys]
    names, keys = [figure.metric for figure in comparison.figures], {"municipality": "area_code"}
    periods = tables.execute(
        "select distinct period, cast(start_date as timestamp), cast(end_date as timestamp) "
        f"from {comparison.rows_from} inner join marts.dim_period using (period_type, period) "
        "where period_type = 'reporting'"
    ).fetchall()

    assert len(periods) > 1
    for period, first_day, last_day in periods:
        answer = metrics.query(names, list(keys), first_day, last_day)
        place = f"period_type = 'reporting' and period = '{period}' and area_level = 'municipality'"
        assert differences(comparison, answer, tables, keys, place) == []


def test_mf_query_on_the_command_line_answers_from_a_file_that_it_cannot_write(
    mf_project: Path,
    mf_environment: dict[str, str],
    warehouse: Path,
    tables: duckdb.DuckDBPyConnection,
    tmp_path: Path,
):
    before, answer = warehouse.stat().st_mtime_ns, tmp_path / "answer.csv"
    command = [str(Path(sys.executable).with_name("mf")), "query", "--metrics", "new_cases"]
    command += ["--group-by", "metric_time__half_year,municipality__county", "--csv", str(answer)]
    done = subprocess.run(
        command, cwd=mf_project, env=mf_environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    with answer.open(newline="") as file:
        told_by_mf = {(period, county, int(count)) for period, county, count in list(csv.reader(file))[1:]}
    expected = tables.execute(
        "select period, area_code, new_count from indicators.case_volume "
        "where period_type = 'half_year' and area_level = 'county'"
    ).fetchall()
    assert told_by_mf == set(expected) != set()
    assert warehouse.stat().st_mtime_ns == before


def test_every_metric_is_compared_with_a_table(metrics: Metrics):
    comparisons = [*IN_PERIODS, *TIMELESS]
    comparisons += [c for period_type in ("year", "half_year", "quarter") for c in changes(period_type)]

    assert metrics.names == {figure.metric for c in comparisons for figure in c.figures}
