"""Drift against the last release, judged by the project's own expectations on small tables."""

from pathlib import Path

import duckdb
import pytest

from dagster_project.quality.runner import run_suites
from dagster_project.quality.suites import load_suites
from dagster_project.quality.volumes import remember_published
from dagster_project.settings import EXPECTATIONS_DIR

DELIVERY = (
    "create table quality.delivery (file_name varchar, party varchar, dataset varchar, status varchar, "
    "period_start date, period_end date, rows_read bigint, rows_loaded bigint, rows_collapsed bigint, "
    "rows_quarantined bigint)"
)
SUITES = {"volume", "code_share", "delivery"}


def warehouse(path: Path, rows: int, share: float, bad: int) -> Path:
    """A warehouse with one month of consultations, a share of one code, and a number of refused rows."""
    with duckdb.connect(str(path)) as con:
        con.execute("create schema quality")
        con.execute(DELIVERY)
        con.execute(
            "insert into quality.delivery values "
            "('a', 'rg', 'arenden', 'in_force', '2021-01-01', '2021-12-31', 1000, ?, 0, ?)",
            [1000 - bad, bad],
        )
        con.execute(
            "create table quality.volume (party varchar, dataset varchar, month date, row_count bigint)"
        )
        con.execute("insert into quality.volume values ('rg', 'arenden', '2021-01-01', ?)", [rows])
        con.execute(
            "create table quality.code_share (party varchar, dataset varchar, column_name varchar, code varchar, "
            "row_count bigint, share_percent double)"
        )
        con.execute("insert into quality.code_share values ('rg', 'arenden', 'kon', 'K', 500, ?)", [share])
    return path


def failed(tmp_path: Path, before: dict[str, float] | None, now: dict[str, float]) -> set[str]:
    work = warehouse(tmp_path / "work.duckdb", **now)
    old = warehouse(tmp_path / "old.duckdb", **before) if before else None
    with duckdb.connect(str(work)) as con:
        remember_published(con, old)
    suites = [s for s in load_suites(EXPECTATIONS_DIR, "extracts") if s.name in SUITES]
    outcomes = run_suites(work, suites, enforce_reconcile=False)
    assert {o.status for o in outcomes} <= {"passed", "failed"}
    return {o.check_id for o in outcomes if o.status == "failed"}


STEADY = {"rows": 90, "share": 60.0, "bad": 5}


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (STEADY, set()),
        ({**STEADY, "rows": 40}, set()),
        ({**STEADY, "rows": 20}, {"volume_does_not_collapse"}),
        ({**STEADY, "rows": 280}, {"volume_does_not_explode"}),
        ({**STEADY, "share": 5.0}, {"code_shares_hold"}),
        ({**STEADY, "bad": 45}, {"quarantine_share_holds"}),
    ],
)
def test_a_jump_against_the_last_release_is_found(tmp_path, now, expected):
    assert failed(tmp_path, STEADY, now) == expected


def test_a_first_load_has_nothing_to_be_compared_with(tmp_path):
    assert failed(tmp_path, None, {"rows": 1, "share": 1.0, "bad": 49}) == set()
