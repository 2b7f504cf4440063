"""A read-only warehouse and MetricFlow's own client on it, made once per session. What is asked lies in the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ..dbt.conftest import PROJECT, golden_database


class Metrics:
    """Metric queries as `mf query` makes them."""

    def __init__(self, project: Path) -> None:
        from dbt_metricflow.cli.cli_configuration import CLIConfiguration

        configuration = CLIConfiguration()
        configuration.setup(project, project, configure_file_logging=False)
        self._engine = configuration.mf
        self.names = {metric.name for metric in configuration.semantic_manifest.metrics}
        self.groupings = {grouping.dunder_name for grouping in self._engine.list_group_bys()}

    def query(
        self,
        metrics: Sequence[str],
        group_by: Sequence[str],
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> list[dict[str, Any]]:
        """One dictionary per row of the answer."""
        from metricflow.engine.metricflow_engine import MetricFlowQueryRequest

        request = MetricFlowQueryRequest.create(
            metric_names=list(metrics),
            group_by_names=list(group_by),
            time_constraint_start=start,
            time_constraint_end=end,
        )
        answer = self._engine.query(request).result_df
        assert answer is not None
        return [dict(zip(answer.column_names, row, strict=True)) for row in answer.rows]


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the schemas marts and indicators of golden/clean; a copy of our own.

    One process opens one file in one way only, and MetricFlow's is its own.
    """
    database = golden_database(tmp_path_factory, "clean")
    return Path(shutil.copy(database, tmp_path_factory.mktemp("semantic_warehouse")))


@pytest.fixture(scope="session")
def mf_environment(warehouse: Path) -> dict[str, str]:
    """The environment in which dbt and mf find the warehouse, read-only, and nothing outside of this machine."""
    own = {k: v for k, v in os.environ.items() if not k.startswith(("TRISAM_", "DBT_"))}
    return own | {
        "DBT_TARGET": "release",
        "TRISAM_RELEASE_DB": str(warehouse),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        # mf asks a package registry for newer versions of itself; here it is answered at once, by nobody.
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "https_proxy": "http://127.0.0.1:9",
    }


@pytest.fixture(scope="session")
def mf_project(tmp_path_factory: pytest.TempPathFactory, mf_environment: dict[str, str]) -> Path:
    """A copy of the dbt project, parsed for the release: mf wants the semantic manifest inside of the project."""
    root = tmp_path_factory.mktemp("semantic_project")
    project = root / "dbt_project"
    shutil.copytree(PROJECT / "dbt_project", project, ignore=shutil.ignore_patterns("target", "logs"))
    shutil.copytree(PROJECT / "seeds" / "reference", root / "seeds" / "reference")
    done = subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", "--quiet", "parse", "--profiles-dir", str(project)],
        cwd=project,
        env=mf_environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return project


@pytest.fixture(scope="session")
def metrics(mf_project: Path, mf_environment: dict[str, str]) -> Iterator[Metrics]:
    """MetricFlow's client on the read-only warehouse."""
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ.keys() - mf_environment.keys():
            patch.delenv(name)
        for name, value in mf_environment.items():
            patch.setenv(name, value)
        patch.setenv("DBT_LOG_PATH", str(mf_project / "logs"))
        yield Metrics(mf_project)


@pytest.fixture(scope="session")
def tables(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The figures of the indicator tables: another copy, for the same reason."""
    copy = tmp_path_factory.mktemp("semantic_tables") / warehouse.name
    shutil.copyfile(warehouse, copy)
    with duckdb.connect(str(copy), read_only=True) as connection:
        yield connection
