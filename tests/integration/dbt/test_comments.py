"""Tables, views and their columns bear the project's own descriptions as comments, in every schema that dbt builds."""

import json
from pathlib import Path

import duckdb
import pytest

from dagster_project.dbt_artifacts import PREPARED_DIR

from .conftest import WORK, golden_database

COMMENTS = """
select schema_name, table_name, '' as column_name, comment from duckdb_tables() where not internal
union all
select schema_name, view_name, '', comment from duckdb_views() where not internal
union all
select schema_name, table_name, column_name, comment from duckdb_columns() where not internal
"""


def documented(manifest: Path) -> dict[tuple[str, str, str], str]:
    """What the project says of each table and column that it builds."""
    nodes = json.loads(manifest.read_bytes())["nodes"].values()
    found = {}
    for node in nodes:
        if node["resource_type"] in ("model", "seed") and node["config"]["materialized"] != "ephemeral":
            found[node["schema"], node["name"], ""] = node["description"]
            for column in node["columns"].values():
                found[node["schema"], node["name"], column["name"]] = column["description"]
    return {place: text for place, text in found.items() if text}


def test_every_description_of_the_project_is_a_comment(tmp_path_factory: pytest.TempPathFactory):
    database = golden_database(tmp_path_factory, "clean")
    with duckdb.connect(str(database), read_only=True) as con:
        con.execute(f"attach '{database.with_name(WORK)}' as work_file (read_only)")
        said = {tuple(place): comment for *place, comment in con.execute(COMMENTS).fetchall()}
    told = documented(PREPARED_DIR / "manifest.json")
    assert told
    assert {place: said.get(place) for place in told} == told
