"""Work databases that dbt has built, made once per session. What is asked of them belongs in the tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]
LOAD = """
import sys
from pathlib import Path
from dagster_project.ingestion import ingest
ingest(Path(sys.argv[1]), Path(sys.argv[2]), b"a key that only a test uses 12345")
"""


def build_warehouse(inbox: Path, folder: Path) -> Path:
    """Load an inbox and build every model of it; returns the work database (schemas marts, indicators, ...)."""
    database = folder / "warehouse.duckdb"
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("TRISAM_", "DBT_"))}
    environment |= {
        "PYTHONPATH": str(PROJECT),
        "TRISAM_WORK_DB": str(database),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
    }
    dbt = "from dbt.cli.main import cli; cli()"
    place = ["--project-dir", "dbt_project", "--profiles-dir", "dbt_project"]
    for command in (
        ["-c", LOAD, str(inbox), str(database)],
        ["-c", dbt, "seed", *place],
        ["-c", dbt, "run", *place],
    ):
        done = subprocess.run(
            [sys.executable, *command],
            cwd=PROJECT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    return database


@pytest.fixture(scope="session")
def sample_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the schemas marts and indicators of the sample inbox, as a release has them."""
    return build_warehouse(PROJECT / "seeds" / "extracts", tmp_path_factory.mktemp("sample"))
