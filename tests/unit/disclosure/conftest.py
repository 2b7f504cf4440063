"""One invented county and its open release, made once for all tests that only read them."""

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from dagster_project.disclosure import OpenReleaseReport, build_open_release
from tests.unit.disclosure.small_county import write_county

THRESHOLD = 5


@pytest.fixture(scope="session")
def indicators(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_county(
        tmp_path_factory.mktemp("county") / "trisam.duckdb", seed=7, cases=260, years=2, municipalities=2
    )


@pytest.fixture(scope="session")
def released(indicators: Path) -> tuple[Path, OpenReleaseReport]:
    target = indicators.with_name("trisam_open.duckdb")
    return target, build_open_release(indicators, target, THRESHOLD)


@pytest.fixture(scope="session")
def everything(indicators: Path) -> Path:
    """The open release that withholds nothing."""
    target = indicators.with_name("everything.duckdb")
    build_open_release(indicators, target, 1)
    return target


@pytest.fixture
def tampered(released: tuple[Path, OpenReleaseReport], tmp_path: Path) -> Callable[..., Path]:
    """Return a function that changes a copy of the open release by one statement."""

    def change(statement: str, *values: object) -> Path:
        copy = tmp_path / "tampered.duckdb"
        shutil.copy(released[0], copy)
        with duckdb.connect(str(copy)) as con:
            con.execute(statement, list(values))
        return copy

    return change
