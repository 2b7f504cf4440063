"""The parsed dbt project for the tests that judge its source. Nothing here touches data."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

DBT_PROJECT = Path(__file__).parents[3] / "dbt_project"


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """dbt's manifest of the project as it stands."""
    target = tmp_path_factory.mktemp("dbt_parse")
    command = [sys.executable, "-m", "dbt.cli.main", "--quiet", "parse"]
    command += ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    environment = {
        **os.environ,
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(target / "logs"),
        "TRISAM_WORK_DB": str(target / "unused.duckdb"),
    }
    done = subprocess.run(
        command, cwd=DBT_PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads((target / "manifest.json").read_text())
