"""The project's own kinds of data tests fail when what they look for is there."""

import json
from pathlib import Path

import duckdb
import pytest

from .conftest import ask_dbt, copy_of, golden_database


@pytest.fixture
def doubled(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built folder in which two rows of a table that has no other key than all its places stand twice."""
    database = copy_of(golden_database(tmp_path_factory, "clean"), tmp_path)
    with duckdb.connect(str(database)) as con:
        con.execute("insert into indicators.case_volume from indicators.case_volume order by all limit 2")
    return tmp_path


def test_rows_that_stand_twice_are_found_and_counted(doubled: Path):
    with pytest.raises(AssertionError):
        ask_dbt(doubled, "test", "--select", "case_volume,test_name:unique_combination")
    results = json.loads((doubled / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    assert [(result["status"], result["failures"]) for result in results] == [("fail", 2)]
