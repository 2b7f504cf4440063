"""`python -m tests.superset`: publish a release into PostgreSQL, let Superset ask it, compare with the release.

Exit code 1 where a chart's data differ, or where the account may do more than read.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from tests.integration.postgres.server import DATABASE, Server, fresh_database, running
from tests.superset.charts import CHARTS, Chart
from tests.superset.service import ACCOUNT, HERE, RefusedByApiError, Superset, running_superset

_DIGITS = 9


def main() -> int:
    """Do all of it, say what was seen."""
    parser = argparse.ArgumentParser(prog="python -m tests.superset")
    parser.add_argument("--home", type=Path, default=Path("data"), help="home with a published release")
    parser.add_argument(
        "--binaries", type=Path, default=Path(".venv-superset/bin"), help="where superset lies"
    )
    parser.add_argument("--screenshot", type=Path, help="PNG of the first chart; needs chromium and npm")
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="trisam-superset-") as folder,
        running() as postgres,
        fresh_database(postgres),
    ):
        _say("publishing the release into PostgreSQL")
        _publish(postgres, asked.home)
        postgres.make_account("superset_reader", "trisam_analyst")
        _say("starting Superset")
        with running_superset(asked.binaries.absolute(), Path(folder)) as superset:
            faults = _try(superset, postgres, asked.home)
            if asked.screenshot:
                _screenshot(superset, asked.screenshot)
    for fault in faults:
        _say(f"FAULT {fault}")
    print(f"{len(CHARTS) * 2 + 2 - len(faults)} passed, {len(faults)} failed")
    return 1 if faults else 0


def _try(superset: Superset, postgres: Server, home: Path) -> list[str]:
    database = superset.post(
        "database/",
        {
            "database_name": "Trisam",
            "sqlalchemy_uri": f"postgresql+psycopg2://superset_reader:{postgres.password}"
            f"@{postgres.host}:{postgres.port}/{DATABASE}",
            "expose_in_sqllab": True,
            # What the account may do is for its role to say, not for Superset.
            "allow_dml": True,
        },
    )["id"]
    datasets = {}
    for chart in CHARTS:
        key = (chart.schema, chart.table)
        if key not in datasets:
            body = {"database": database, "schema": chart.schema, "table_name": chart.table}
            datasets[key] = superset.post("dataset/", body)["id"]
    faults = [fault for chart in CHARTS for fault in _draw(superset, chart, datasets, home)]
    _say("publishing again: what was drawn must still be there")
    _publish(postgres, home, "--again")
    faults += [fault for chart in CHARTS for fault in _compare(superset, chart, datasets, home)]
    return faults + _least_rights(superset, database)


def _draw(superset: Superset, chart: Chart, datasets: dict[tuple[str, str], int], home: Path) -> list[str]:
    dataset = datasets[chart.schema, chart.table]
    body = {
        "slice_name": chart.title,
        "viz_type": chart.viz_type,
        "datasource_id": dataset,
        "datasource_type": "table",
        "params": json.dumps(chart.form_data(dataset)),
        "query_context": json.dumps(chart.query_context(dataset)),
    }
    superset.post("chart/", body)
    return _compare(superset, chart, datasets, home)


def _compare(superset: Superset, chart: Chart, datasets: dict[tuple[str, str], int], home: Path) -> list[str]:
    dataset = datasets[chart.schema, chart.table]
    answer = superset.post("chart/data", chart.query_context(dataset))["result"][0]
    names = [*chart.by, *(metric["label"] for metric in chart.metric_objects())]
    told = sorted((tuple(_plain(row[name]) for name in names) for row in answer["data"]), key=repr)
    with duckdb.connect(str(home / "published" / "trisam.duckdb"), read_only=True) as con:
        rows = con.execute(chart.release_query).fetchall()
    expected = sorted((tuple(_plain(value) for value in row) for row in rows), key=repr)
    if not expected:
        return [f"{chart.title}: the release has no such row, nothing was compared"]
    if told == expected:
        _say(f"{chart.title}: {len(told)} rows equal the release")
        return []
    return [f"{chart.title}: Superset says {told[:3]}…, the release {expected[:3]}…"]


def _plain(value: Any) -> Any:
    """A value as both sides can write it: Superset tells dates as milliseconds, sums as floats."""
    if isinstance(value, datetime | date):
        return (datetime(value.year, value.month, value.day) - datetime(1970, 1, 1)).total_seconds() * 1000
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    return round(float(value), _DIGITS)


def _least_rights(superset: Superset, database: int) -> list[str]:
    """The account must neither see the open schema nor change anything, whatever Superset would let through."""
    faults = []
    for statement in ("select * from open.question", "delete from indicators.question"):
        body = {"database_id": database, "sql": statement, "schema": "indicators", "runAsync": False}
        try:
            superset.post("sqllab/execute/", body)
            faults.append(f"{statement}: let through")
        except RefusedByApiError as error:
            if "permission denied" in str(error):
                _say(f"{statement}: permission denied")
            else:
                faults.append(f"{statement}: refused, but not by the role: {error}")
    return faults


def _publish(postgres: Server, home: Path, *words: str) -> None:
    command = [
        sys.executable,
        "-c",
        "from dagster_project.cli import main; main()",
        "publish-postgres",
        *words,
    ]
    subprocess.run([*command, "--home", str(home)], env={**os.environ, **postgres.environment()}, check=True)


def _screenshot(superset: Superset, target: Path) -> None:
    """The first chart in headless Chromium, logged in through Superset's own page."""
    browser = HERE.parent / "browser"
    npm, node = shutil.which("npm"), shutil.which("node")
    assert npm, "a screenshot needs npm"
    assert node, "a screenshot needs node"
    subprocess.run([npm, "install", "--silent", "--prefix", str(browser)], check=True)
    environment = {**os.environ, "SUPERSET_PASSWORD": superset.password}
    command = [node, str(browser / "superset.mjs"), superset.url, ACCOUNT, str(target)]
    subprocess.run(command, env=environment, check=True)


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
