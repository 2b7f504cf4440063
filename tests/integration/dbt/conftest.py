"""Databases that dbt has built, made once per session. What is asked of them belongs in the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dagster_project.dbt_artifacts import taken_over
from tests.shared import made_once

PROJECT = Path(__file__).resolve().parents[3]
WORK, OUTGOING = "warehouse.duckdb", "outgoing.duckdb"
LOAD = """
import sys
from pathlib import Path
from dagster_project.ingestion import ingest
ingest(Path(sys.argv[1]), Path(sys.argv[2]), b"a key that only a test uses 12345")
"""


def build_warehouse(inbox: Path, folder: Path) -> Path:
    """Load an inbox and build every model of it; returns the database of what goes out (marts and indicators)."""
    _python(folder, "-c", LOAD, str(inbox), str(folder / WORK))
    ask_dbt(folder, "build", "--exclude-resource-type", "test", "unit_test")
    return folder / OUTGOING


def copy_of(built: Path, folder: Path) -> Path:
    """Copy both databases of a folder that was built into another; returns that of what goes out."""
    for name in (WORK, OUTGOING):
        shutil.copy(built.with_name(name), folder)
    return folder / OUTGOING


def ask_dbt(folder: Path, *words: str) -> str:
    """Do a dbt command on the work database in a folder, as a run does; returns what it said, fails when it did."""
    taken_over(folder / "target")
    place = ["--project-dir", "dbt_project", "--profiles-dir", "dbt_project"]
    return _python(folder, "-c", "from dagster_project.dbt_process import main; main()", *words, *place)


def _python(folder: Path, *arguments: str) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("TRISAM_", "DBT_"))}
    environment |= {
        "PYTHONPATH": str(PROJECT),
        "TRISAM_WORK_DB": str(folder / WORK),
        "TRISAM_OUTGOING_DB": str(folder / OUTGOING),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
        "DBT_LOG_LEVEL_FILE": "none",
    }
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def golden_database(factory: pytest.TempPathFactory, case: str) -> Path:
    """What goes out of a golden inbox."""
    inbox = PROJECT / "tests" / "golden" / case / "inbox"
    return made_once(factory, f"golden_{case}", lambda folder: build_warehouse(inbox, folder)) / OUTGOING


@pytest.fixture(scope="session")
def sample_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the schemas marts and indicators of the sample inbox, as a release has them."""
    inbox = PROJECT / "seeds" / "extracts"
    folder = made_once(tmp_path_factory, "sample", lambda folder: build_warehouse(inbox, folder))
    return folder / OUTGOING
