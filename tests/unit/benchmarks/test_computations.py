"""The two computations beside the warehouse give what the golden case expects, and agree with one another."""

from pathlib import Path

import pytest

from benchmarks.bare import compute
from benchmarks.compare import compare
from benchmarks.pandas_tables.__main__ import compute as compute_in_pandas
from dagster_project.sample.county import make_county

GOLDEN = Path(__file__).parents[2] / "golden" / "clean"


def test_bare_duckdb_gives_every_table_of_the_clean_golden_case(tmp_path: Path):
    compute(GOLDEN / "inbox", tmp_path / "bare.duckdb")

    found = compare(tmp_path / "bare.duckdb", GOLDEN / "expected")

    assert len(found) == 25
    assert [table.table for table in found if not table.equal] == []


@pytest.mark.parametrize("file_format", ["csv", "parquet"])
def test_pandas_gives_what_bare_duckdb_gives_of_a_generated_county(tmp_path: Path, file_format: str):
    make_county(tmp_path / "inbox", 150, seed=7, years=1, file_format=file_format)  # type: ignore[arg-type]
    compute(tmp_path / "inbox", tmp_path / "bare.duckdb")
    (tmp_path / "pandas").mkdir()
    for name, table in compute_in_pandas(tmp_path / "inbox").items():
        table.to_parquet(tmp_path / "pandas" / f"{name}.parquet", index=False)

    found = compare(tmp_path / "bare.duckdb", tmp_path / "pandas")

    # All 28 but the reconciliation.
    assert len(found) == 27
    assert [table.table for table in found if not table.equal or not table.rows] == []
