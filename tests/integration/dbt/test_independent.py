"""Every indicator table, row by row, against SQL that was written apart from the models, over an unsteady county."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from benchmarks.bare import compute
from benchmarks.compare import Difference, compare
from dagster_project.sample.county import make_county

from .conftest import OUTGOING, WORK, build_warehouse
from .unsteady_county import unsettle


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unsteady_county")
    make_county(folder / "inbox", 2000, seed=20191201)
    unsettle(folder / "inbox", seed=1)
    build_warehouse(folder / "inbox", folder)
    return folder


@pytest.fixture(scope="module")
def differences(folder: Path) -> dict[str, Difference]:
    compute(folder / "inbox", folder / "independent.duckdb")
    return {found.table: found for found in compare(folder / OUTGOING, folder / "independent.duckdb")}


def test_nothing_of_the_county_is_refused(folder: Path):
    with duckdb.connect(str(folder / WORK), read_only=True) as connection:
        statuses = connection.execute(
            "select status, sum(rows_quarantined) from quality.delivery group by status order by status"
        ).fetchall()

    assert statuses == [("in_force", 0), ("superseded", None)]


def test_all_28_tables_have_rows(differences: dict[str, Difference]):
    assert len(differences) == 28
    assert [found.table for found in differences.values() if not found.rows] == []


def test_every_row_of_every_table_is_computed_alike(differences: dict[str, Difference]):
    assert {found.table: found.examples for found in differences.values() if not found.equal} == {}
