"""A build from its beginning to its end: what is made ready for dbt, and what is kept of what it did.

dbt itself is started by whoever builds (`defs/transform.py`, on a cluster `engine/`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.building.inputs import read_inputs
from dagster_project.building.plan import BuildPlan, plan_build
from dagster_project.building.record import (
    Answer,
    Record,
    new_number,
    read_record,
    remove_record,
    write_record,
)
from dagster_project.building.touched import remove_touched, write_touched
from dagster_project.release.fingerprint import code_revision
from dagster_project.settings import Settings
from dagster_project.sql_text import identifier as name
from dagster_project.work_file import forget_built

_RUN_RESULTS = "run_results.json"
_OUTGOING = "outgoing"
"""What the dbt project calls the database of what goes out."""


def begin(settings: Settings, manifest: Mapping[str, Any]) -> BuildPlan:
    """Find out what has to be built, and make the files ready for it.

    From here on nothing is known of what lies built, until `finish`: a build that fails or is killed leaves nothing to
    build on. On a cluster everything is built.
    """
    plan = _planned(settings, manifest, read_record(settings) if settings.engine == "duckdb" else None)
    _forget(settings, manifest)
    if plan.is_whole:
        forget_built(settings)
    elif plan.parts.models:
        write_touched(settings, plan.parts, manifest)
    _make_ready(settings.outgoing_db, plan, manifest)
    return plan


def begin_some(settings: Settings, manifest: Mapping[str, Any]) -> BuildPlan:
    """Make ready for a person who builds chosen models by hand, beside the others as they lie there.

    There is no `finish` to it: what stands after it nobody can tell, so the next run builds everything.
    """
    plan = _planned(settings, manifest, None)
    _forget(settings, manifest)
    return plan


def _planned(settings: Settings, manifest: Mapping[str, Any], built: Record | None) -> BuildPlan:
    with closing(duckdb.connect(str(settings.work_db), read_only=True)) as con:
        inputs = read_inputs(con)
    return plan_build(manifest, inputs, code_revision(), built)


def _forget(settings: Settings, manifest: Mapping[str, Any]) -> None:
    remove_record(settings)
    remove_touched(settings)
    (settings.dbt_target_dir / _RUN_RESULTS).unlink(missing_ok=True)
    going_out = {n["schema"] for n in manifest["nodes"].values() if n.get("database") == _OUTGOING}
    with closing(duckdb.connect(str(settings.work_db))) as con:
        # Homes of earlier versions have them in the work file; nobody reads them there, and persons are in them.
        for schema in sorted(going_out):
            con.execute(f"drop schema if exists {name(schema)} cascade")


def finish(settings: Settings, plan: BuildPlan, manifest: Mapping[str, Any]) -> None:
    """Keep what lies built now: to be called after dbt has succeeded, or had nothing to do.

    A cluster leaves only what goes out, and nothing to build on.
    """
    results = {**plan.standing, **_results(settings.dbt_target_dir / _RUN_RESULTS)}
    remove_touched(settings)
    write_record(
        settings,
        Record(
            number=new_number(),
            code=plan.code,
            inputs=plan.inputs,
            versions=plan.versions if settings.engine == "duckdb" else {},
            results=results,
            tables=_built_tables(settings, manifest) if settings.engine == "duckdb" else {},
        ),
    )


def _built_tables(settings: Settings, manifest: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """Tables and views of the project by the name of the file that they lie in."""
    named: dict[str, set[str]] = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] in {"model", "seed"} and node["config"].get("materialized") != "ephemeral":
            file = settings.outgoing_db if node.get("database") == _OUTGOING else settings.work_db
            named.setdefault(file.name, set()).add(f"{node['schema']}.{node['alias']}")
    return {file: frozenset(tables) for file, tables in named.items()}


def environment(plan: BuildPlan, manifest: Mapping[str, Any]) -> dict[str, str]:
    """The variable by which dbt is told of which tables it replaces a part."""
    return {"TRISAM_IN_PART": ",".join(sorted(manifest["nodes"][u]["alias"] for u in plan.parts.models))}


def _make_ready(file: Path, plan: BuildPlan, manifest: Mapping[str, Any]) -> None:
    # Old tables go beforehand, so that what is built is written over what it replaces, and the file does not grow.
    with closing(duckdb.connect(str(file))) as con:
        file.chmod(0o600)
        for schema, table in _tables(con):
            if (schema, table) in _replaced(plan, manifest):
                con.execute(f"drop table {name(schema)}.{name(table)}")
        con.execute("checkpoint")


def _tables(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return con.execute("select schema_name, table_name from duckdb_tables()").fetchall()


def _replaced(plan: BuildPlan, manifest: Mapping[str, Any]) -> set[tuple[str, str]]:
    nodes = (manifest["nodes"][unique_id] for unique_id in plan.outdated - plan.parts.models.keys())
    return {(n["schema"], n["alias"]) for n in nodes if n["resource_type"] == "model"}


def _results(path: Path) -> dict[str, Answer]:
    if not path.exists():
        return {}
    listed = json.loads(path.read_bytes())["results"]
    return {
        result["unique_id"]: Answer(status=result["status"], failures=result.get("failures"))
        for result in listed
        if result["unique_id"].startswith("test.")
    }
