"""Reports built once for all tests of this folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from dagster_project.report import build_open_report, build_report

from .releases import empty_release, small_open_release, small_release


@dataclass(frozen=True)
class Built:
    """A built report: its folder, and the files that the builder says it wrote."""

    folder: Path
    written: list[Path]


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The report of the small release."""
    folder = tmp_path_factory.mktemp("small")
    written = build_report(small_release(folder / "trisam.duckdb"), folder)
    return Built(folder / "report", written)


@pytest.fixture(scope="session")
def open_report(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The report of the small open release."""
    folder = tmp_path_factory.mktemp("open")
    written = build_open_report(small_open_release(folder / "trisam_open.duckdb"), folder)
    return Built(folder / "report-open", written)


@pytest.fixture(scope="session")
def bare_report(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The report of a release without a table."""
    folder = tmp_path_factory.mktemp("bare")
    written = build_report(empty_release(folder / "trisam.duckdb"), folder)
    return Built(folder / "report", written)
