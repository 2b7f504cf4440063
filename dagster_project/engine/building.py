"""One build on Spark, around dbt: what has to lie on the cluster before it, and what comes back after it.

A run has a folder of its own under `TRISAM_SPARK_FOLDER/PREFIX`, and schemas that lie in it. When all has come back,
both go: the rows are about persons, and what readers get is the release. After a failure they stay, to be looked at,
until the next run on Spark.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.engine.exporting import export_table, tables_read
from dagster_project.engine.place import Place, shared_folder
from dagster_project.engine.registering import drop_schemas, make_schemas, register
from dagster_project.engine.returning import bring_back, contracts
from dagster_project.engine.server import session
from dagster_project.settings import Settings
from dagster_project.sql_text import literal
from dagster_project.work_file import forget_built

ARGUMENTS = ("--target", "spark")
"""What tells dbt to build on the cluster."""
_TABLES = "tables"
_RUN_RESULTS = "run_results.json"
Progress = Callable[[str], None]


def target_dir(settings: Settings) -> Path:
    """Where dbt leaves what it makes for Spark; the manifest of the work file lies beside it, untouched."""
    return settings.dbt_target_dir / "spark"


@contextmanager
def on_spark(settings: Settings, progress: Progress) -> Iterator[None]:
    """Around dbt's build: hand over what it reads before, bring back what it has built after.

    dbt's results are put where the gate looks for them, whatever they say. Raises TrisamErrors for what a person can
    mend; when dbt fails nothing comes back.
    """
    manifest = json.loads((settings.dbt_target_dir / "manifest.json").read_bytes())
    root = shared_folder(settings.spark_folder).under(settings.spark_schema)
    root.make()
    run = root.under(datetime.now(UTC).strftime("run-%Y%m%dT%H%M%S%f"))
    run.make()
    hand_over(settings, manifest, root, run)
    progress("Spark has the accepted rows.")
    results, made = settings.dbt_target_dir / _RUN_RESULTS, target_dir(settings) / _RUN_RESULTS
    for earlier in (results, made):
        earlier.unlink(missing_ok=True)
    try:
        yield
    finally:
        if made.exists():
            shutil.copyfile(made, results)
    rows = take_back(settings, manifest, run)
    progress(f"Back from Spark: {len(rows)} tables, {sum(rows.values())} rows.")
    clear(settings, manifest, root)


def hand_over(settings: Settings, manifest: dict[str, Any], root: Place, run: Place) -> None:
    """Write what the models read as Parquet, and tell the cluster's catalog where it lies."""
    with opened(settings.work_db, settings, read_only=True) as con:
        exported = [export_table(con, schema, table, run) for schema, table in tables_read(manifest)]
    with session(settings) as spark:
        make_schemas(spark, settings.spark_schema, _layers(manifest), run.under(_TABLES), root)
        for table in exported:
            register(spark, settings.spark_schema, table)


def take_back(settings: Settings, manifest: dict[str, Any], run: Place) -> dict[str, int]:
    """Put the tables with a contract where dbt puts them on DuckDB, in an empty file; rows by `schema.table`."""
    tables = run.under(_TABLES)
    forget_built(settings)
    with opened(settings.outgoing_db, settings) as con:
        return {f"{c.schema}.{c.table}": bring_back(con, c, tables) for c in contracts(manifest)}


def opened(file: Path, settings: Settings, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """One of the two files, within the memory that a build may use."""
    con = duckdb.connect(str(file), read_only=read_only)
    con.execute("set enable_progress_bar = false")
    con.execute(f"set memory_limit = {literal(settings.working_memory)}")
    return con


def clear(settings: Settings, manifest: dict[str, Any], root: Place) -> None:
    """Leave nothing on the cluster: neither schemas nor folders, of this run or of one that had failed."""
    with session(settings) as spark:
        drop_schemas(spark, settings.spark_schema, _layers(manifest), root)
    for folder in root.folders():
        root.under(folder).remove()


def _layers(manifest: dict[str, Any]) -> list[str]:
    built = {n["schema"] for n in manifest["nodes"].values() if n["resource_type"] in {"model", "seed"}}
    read = {s["source_name"] for s in manifest["sources"].values()}
    return sorted(built | read)
