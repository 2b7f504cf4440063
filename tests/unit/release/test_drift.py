"""A published figure has drifted when it moves on the same days; on more days it has grown."""

import json

import duckdb
import pytest

from dagster_project.quality.runner import run_suites
from dagster_project.quality.suites import load_suites
from dagster_project.release.difference import Moved, moved_figures
from dagster_project.release.drift import record_drift
from dagster_project.settings import EXPECTATIONS_DIR

MANIFEST = {
    "nodes": {
        "model.t.case_volume": {"resource_type": "model", "schema": "indicators", "alias": "case_volume"}
    },
    "sources": {"source.t.raw.arenden": {"source_name": "raw", "name": "arenden"}},
    "parent_map": {"model.t.case_volume": ["source.t.raw.arenden"]},
}
PERIODS = [("2020", None), ("2021", "2020")]


def release(path, new_2020, new_2021, covered_until):
    with duckdb.connect(str(path)) as con:
        con.execute("create schema marts; create schema indicators; create schema quality")
        con.execute(
            "create table marts.dim_period (period_type varchar, period varchar, previous_period varchar, "
            "start_date date, end_date date)"
        )
        for period, previous in PERIODS:
            con.execute(
                "insert into marts.dim_period values ('year', ?, ?, ?, ?)",
                [period, previous, f"{period}-01-01", f"{period}-12-31"],
            )
        con.execute(
            "create table indicators.indicator_value (indicator varchar, measure varchar, period_type varchar, "
            "period varchar, area_level varchar, area_code varchar, gender varchar, category varchar, "
            "denominator double, value double, unit varchar)"
        )
        for period, value in (("2020", new_2020), ("2021", new_2021)):
            con.execute(
                "insert into indicators.indicator_value values "
                "('case_volume', 'new_count', 'year', ?, 'county', '21', 'T', 'TOTAL', null, ?, 'count')",
                [period, value],
            )
        con.execute(
            "create table quality.delivery as select 'rg' as party, 'arenden' as dataset, 'in_force' as status, "
            "date '2020-01-01' as period_start, ?::date as period_end",
            [covered_until],
        )
    return path


@pytest.fixture
def compared(tmp_path):
    (tmp_path / "manifest.json").write_text(json.dumps(MANIFEST))

    def compare(before, now):
        old = release(tmp_path / "old.duckdb", *before)
        new = release(tmp_path / "new.duckdb", *now)
        record_drift(new, old, tmp_path / "manifest.json")
        suites = [s for s in load_suites(EXPECTATIONS_DIR, "release") if s.name == "quality_indicator_drift"]
        outcomes = run_suites(new, suites, enforce_reconcile=False)
        return new, {o.check_id: [str(f) for f in o.findings] for o in outcomes if o.status == "failed"}

    return compare


def test_a_running_year_that_doubles_when_its_second_half_arrives_has_grown(compared):
    new, failed = compared((500, 240, "2021-06-30"), (500, 520, "2021-12-31"))
    assert failed == {}
    assert moved_figures(new) == {"case_volume": Moved(grown=1)}


def test_a_year_that_doubles_on_the_same_days_is_refused(compared):
    new, failed = compared((500, 240, "2021-12-31"), (500, 520, "2021-12-31"))
    assert failed["published_counts_hold"] == [
        "case_volume 2021: case_volume new_count in 21: 240 before, 520 now, resting on the same days"
    ]
    assert moved_figures(new) == {"case_volume": Moved(corrected=1)}


def test_a_correction_of_single_cases_is_ordinary(compared):
    assert compared((500, 480, "2021-12-31"), (500, 471, "2021-12-31"))[1] == {}


def test_growth_that_the_days_do_not_let_expect_is_warned_of(compared):
    _, failed = compared((500, 240, "2021-06-30"), (500, 2000, "2021-12-31"))
    assert list(failed) == ["grown_counts_are_expected"]
    assert "lets one expect about 499" in failed["grown_counts_are_expected"][0]


def test_a_first_release_has_nothing_to_be_compared_with(tmp_path):
    new = release(tmp_path / "new.duckdb", 500, 240, "2021-06-30")
    record_drift(new, None, tmp_path / "no_manifest.json")
    assert moved_figures(new) == {}
