"""From a golden inbox to its indicator tables, and two tables beside each other. The cases lie in tests/golden."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb

from dagster_project.ingestion import ingest

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests" / "golden"
DBT_PROJECT = ROOT / "dbt_project"
# What binary fractions may differ by when sums are made in another order.
_DIGITS = 9


def build(database: Path, *arguments: str) -> None:
    """Run dbt on a work database. Fails the test with dbt's own words."""
    target = database.parent / "dbt"
    command = [sys.executable, "-m", "dbt.cli.main", *arguments]
    command += ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    environment = {
        **os.environ,
        "TRISAM_WORK_DB": str(database),
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(target / "logs"),
    }
    done = subprocess.run(
        command, cwd=DBT_PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-5000:]


def build_golden(case: str, folder: Path) -> Path:
    """Work database of a golden inbox, all models built and none tested."""
    database = folder / "warehouse.duckdb"
    ingest(GOLDEN / case / "inbox", database, b"a key for the golden cases, 32 by")
    build(database, "build", "--exclude-resource-type", "test", "unit_test")
    return database


def expected_tables(case: str) -> list[str]:
    """Names of the indicator tables that a golden case states."""
    return sorted(path.stem for path in (GOLDEN / case / "expected").glob("*.parquet"))


def difference(con: duckdb.DuckDBPyConnection, expected: str, actual: str) -> list[str]:
    """What two tables differ in: leading columns and types, rows that are missing, rows that are too many.

    `actual` may have further columns on the right. Floats are compared to nine decimals. Empty = equal.
    """
    wanted = con.sql(f"describe select * from {expected}").fetchall()
    found = con.sql(f"describe select * from {actual}").fetchall()
    lines = [
        f"column {want[0]} {want[1]} expected, {have[0]} {have[1]} found"
        for want, have in zip(wanted, found[: len(wanted)], strict=True)
        if want[:2] != have[:2]
    ]
    if lines:
        return lines
    columns = ", ".join(
        f"round({name}, {_DIGITS}) as {name}" if kind == "DOUBLE" else name for name, kind, *_ in wanted
    )
    for label, left, right in (("missing", expected, actual), ("too many", actual, expected)):
        rows = con.sql(f"select {columns} from {left} except all select {columns} from {right}").fetchall()
        lines += [f"{label}: {row}" for row in rows]
    return lines
