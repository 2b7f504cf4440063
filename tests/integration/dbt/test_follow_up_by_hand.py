"""Every follow-up table, row by row, against a computation of its own over a county of hard cases. No single rules."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.integration.dbt.conftest import PROJECT, WORK, build_warehouse
from tests.integration.dbt.follow_up_by_hand import FollowUp, Key, Tables
from tests.integration.dbt.made_up_county import County, make_county, write_inbox

COLUMNS = {
    "support_follow_up": ("gender, scope, horizon_months", "cohort_count, start_count, horizon_count"),
    "support_by_party": ("party_code, scope, horizon_months", "cohort_count, start_count, horizon_count"),
    "self_support": ("gender, horizon", "cohort_count, self_support_count"),
    "destination": ("horizon_months, destination_code", "person_case_count"),
    "new_benefit": ("horizon_months, benefit_code", "granted_count, cohort_count"),
    "step_progress": (
        "gender, horizon_months",
        "cohort_count, forward_count, unchanged_count, backward_count",
    ),
    "consent": ("party_code", "person_case_count, linkable_count"),
    "cohort_flow": ("cohort, horizon, reason", "case_count"),
}


@pytest.fixture(scope="module")
def county() -> County:
    return make_county(seed=20211231, case_count=1500)


@pytest.fixture(scope="module")
def by_hand(county: County) -> Tables:
    return FollowUp(county, PROJECT / "seeds" / "reference" / "reporting_period.csv").tables


@pytest.fixture(scope="module")
def built(county: County, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("made_up_county")
    write_inbox(county, folder / "inbox")
    return build_warehouse(folder / "inbox", folder)


@pytest.fixture(scope="module")
def warehouse(built: Path):
    with duckdb.connect(str(built), read_only=True) as connection:
        yield connection


def test_the_whole_county_is_loaded(built: Path, county: County) -> None:
    facts = [county.cases, county.consents, county.months, county.closings, county.spells]
    with duckdb.connect(str(built.with_name(WORK)), read_only=True) as connection:
        loaded = connection.execute(
            "select sum(rows_loaded) from quality.delivery where status = 'in_force'"
        ).fetchone()
    assert loaded == (sum(map(len, facts)),)


@pytest.mark.parametrize("table", COLUMNS)
def test_a_follow_up_table_equals_the_computation_by_hand(
    table: str, warehouse: duckdb.DuckDBPyConnection, by_hand: Tables
) -> None:
    keys, counts = COLUMNS[table]
    width = 4 + len(keys.split(","))
    rows = warehouse.execute(
        f"select period_type, period, area_level, area_code, {keys}, {counts} from indicators.{table}"
    ).fetchall()
    computed: dict[Key, list[int]] = {row[:width]: list(row[width:]) for row in rows}
    expected = {key: row[: len(counts.split(","))] for key, row in by_hand[table].items()}
    assert len(computed) == len(rows)
    assert len(expected) > 100
    differing = {key for key in computed.keys() | expected.keys() if computed.get(key) != expected.get(key)}
    assert {key: (computed.get(key), expected.get(key)) for key in sorted(differing, key=str)[:5]} == {}
