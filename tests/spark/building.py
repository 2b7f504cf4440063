"""The models of one inbox on both engines, over the same accepted rows, and what each step on Spark took."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from dagster_project.dbt_artifacts import dbt_environment
from dagster_project.engine import building
from dagster_project.settings import DBT_PROJECT_DIR, PROJECT_ROOT, Settings, load_settings
from tests.spark.cluster import Cluster

MODELS_ONLY = ("--exclude-resource-type", "test", "unit_test")


@dataclass(frozen=True)
class Build:
    """The file of marts and indicators that were built on Spark; wall and processor seconds."""

    outgoing_db: Path
    hand_over: float
    dbt: float
    take_back: float
    driver: float
    executors: float


def spark_settings(cluster: Cluster, folder: Path, inbox: Path | None = None) -> Settings:
    """Settings of a home in `folder` whose models are built on the cluster."""
    shared = folder / "shared"
    shared.mkdir(parents=True, exist_ok=True)
    return load_settings(
        inbox,
        folder / "home",
        engine="spark",
        spark_host=cluster.host,
        spark_port=cluster.port,
        spark_folder=str(shared),
    )


def build_on_spark(cluster: Cluster, built: Path, folder: Path) -> Build:
    """Build the models over the accepted rows of a folder that `build_warehouse` filled, without data tests.

    What DuckDB has built to go out is not in the home, so that none of it can pass for Spark's.
    """
    settings = spark_settings(cluster, folder)
    settings.dbt_target_dir.mkdir(parents=True)
    shutil.copyfile(built / "warehouse.duckdb", settings.work_db)
    shutil.copyfile(built / "target" / "manifest.json", settings.dbt_target_dir / "manifest.json")
    driver, executors = cluster.processor_seconds()
    times = [time.perf_counter()]
    with building.on_spark(settings, lambda line: None):
        times.append(time.perf_counter())
        _dbt(settings)
        times.append(time.perf_counter())
    times.append(time.perf_counter())
    driver_now, executors_now = cluster.processor_seconds()
    steps = [later - earlier for earlier, later in pairwise(times)]
    return Build(settings.outgoing_db, *steps, driver_now - driver, executors_now - executors)


def _dbt(settings: Settings) -> None:
    command = [sys.executable, "-c", "from dbt.cli.main import cli; cli()", "build", *building.ARGUMENTS]
    command += [*MODELS_ONLY, "--project-dir", str(DBT_PROJECT_DIR), "--profiles-dir", str(DBT_PROJECT_DIR)]
    target = building.target_dir(settings)
    environment = os.environ | dbt_environment(settings)
    environment |= {"DBT_TARGET_PATH": str(target), "DBT_LOG_PATH": str(target / "logs")}
    done = subprocess.run(
        command, env=environment, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
