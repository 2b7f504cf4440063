"""`python -m tests.spark`: build on a real Spark cluster what DuckDB has built, and compare every cell.

`--short`: a golden inbox, the models without their data tests. Else the whole run of the sample, data tests, gate and
release included, and then the models of a county of so many cases. Exit code 1 where anything differs.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from benchmarks.inbox import prepared
from dagster_project.release.manifest import Manifest, read_manifest
from dagster_project.settings import PROJECT_ROOT
from tests.integration.dbt.conftest import build_warehouse
from tests.spark.building import build_on_spark, spark_settings
from tests.spark.cluster import Cluster, cluster, spark_home
from tests.spark.comparison import compare

_BUILT = ("marts", "indicators")
_SEED = 7
_KEY = "a key that only this harness uses"
_CLI = "from dagster_project.cli import main; main()"


def main() -> int:
    """Do all of it, say what was seen."""
    parser = argparse.ArgumentParser(prog="python -m tests.spark")
    parser.add_argument("--short", action="store_true", help="a golden inbox only, without data tests")
    parser.add_argument("--cases", type=int, default=100_000, help="cases of the county; 0: the sample only")
    parser.add_argument("--no-sample", action="store_true", help="the county only")
    parser.add_argument("--workers", type=int, nargs="+", default=[2], help="workers of one core each")
    parser.add_argument("--environment", type=Path, default=Path(".venv-spark"), help="where pyspark lies")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="trisam-spark-") as name:
        folder = Path(name)
        if asked.short:
            inbox = PROJECT_ROOT / "tests" / "golden" / "clean" / "inbox"
            faults = _models(asked.environment, inbox, folder, [2], compiled=False)
        else:
            faults = [] if asked.no_sample else _sample(asked.environment, folder / "sample")
            if asked.cases:
                inbox = prepared(folder / "county", asked.cases, _SEED).path
                faults += _models(asked.environment, inbox, folder, asked.workers, compiled=True)
    for fault in faults:
        print(f"FAULT {fault}")
    print(f"{'nothing' if not faults else len(faults)} differs")
    return 1 if faults else 0


def _models(environment: Path, inbox: Path, folder: Path, workers: list[int], *, compiled: bool) -> list[str]:
    """The models of an inbox on DuckDB, and on clusters of so many workers: what differs."""
    built = folder / "duckdb"
    built.mkdir(parents=True)
    _say(f"DuckDB builds {inbox}")
    build_warehouse(inbox, built)
    faults = []
    for number in workers:
        with _running(environment, folder / f"cluster_{number}", number, compiled=compiled) as running:
            _say(f"Spark builds it on {number} workers")
            build = build_on_spark(running, built, folder / f"spark_{number}")
        _say(", ".join(f"{k} {v:.0f} s" for k, v in asdict(build).items() if k != "outgoing_db"))
        faults += _compare(built / "outgoing.duckdb", build.outgoing_db, _BUILT)
    return faults


def _sample(environment: Path, folder: Path) -> list[str]:
    """The sample through `trisam run` on both engines: its data, its checks, and what is open of it."""
    inbox = PROJECT_ROOT / "seeds" / "extracts"
    _say("DuckDB runs the sample")
    on_duckdb = _run("duckdb", folder / "duckdb" / "home", inbox, {})
    with _running(environment, folder / "cluster", 2, compiled=False) as running:
        _say("Spark runs the sample")
        settings = spark_settings(running, folder / "spark", inbox)
        on_spark = _run(
            "spark",
            settings.home,
            inbox,
            {
                "TRISAM_SPARK_HOST": running.host,
                "TRISAM_SPARK_PORT": str(running.port),
                "TRISAM_SPARK_FOLDER": settings.spark_folder,
            },
        )
    faults = _compare(on_duckdb / "trisam.duckdb", on_spark / "trisam.duckdb", _BUILT)
    faults += _compare(on_duckdb / "trisam_open.duckdb", on_spark / "trisam_open.duckdb", ("open",))
    one, other = (_manifest(release) for release in (on_duckdb, on_spark))
    outcomes = [{o.check_id: o.status for o in manifest.outcomes} for manifest in (one, other)]
    _say(f"{len(outcomes[1])} checks have run on what Spark built")
    return faults + ([] if outcomes[0] == outcomes[1] else ["the checks of the two releases differ"])


def _run(engine: str, home: Path, inbox: Path, variables: dict[str, str]) -> Path:
    """The folder of the release that a run publishes; fails with what it said when it publishes none."""
    command = [sys.executable, "-c", _CLI, "run", "--inbox", str(inbox), "--home", str(home)]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("TRISAM_", "DBT_"))}
    # One key for both homes, or the same person would bear two pseudonyms.
    environment |= {"PYTHONPATH": str(PROJECT_ROOT), "TRISAM_PSEUDONYM_KEY": _KEY}
    done = subprocess.run(
        [*command, "--reconcile", "enforce", "--engine", engine],
        env=environment | variables,
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    return home / "published"


def _manifest(release: Path) -> Manifest:
    manifest = read_manifest(release)
    assert manifest is not None
    return manifest


@contextmanager
def _running(environment: Path, folder: Path, workers: int, *, compiled: bool) -> Iterator[Cluster]:
    _say(f"starting a cluster of {workers} workers")
    with cluster(spark_home(environment.absolute()), folder, workers=workers, compiled=compiled) as running:
        yield running


def _compare(one: Path, other: Path, schemas: tuple[str, ...]) -> list[str]:
    found = compare(one, other, schemas)
    _say(f"{found.tables} tables, {found.rows} rows, {found.cells} cells compared ({', '.join(schemas)})")
    return found.differences if found.cells else ["there was nothing to compare"]


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
