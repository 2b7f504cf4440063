"""The dbt docs of a release as one static page, `docs/index.html`: every model with columns, tests and lineage.

Made from the manifest that dbt has just built from and from the release's own database, put into dbt's own page:
`dbt docs generate` would start dbt once more to learn the same. Nothing of the page asks a network, and nothing
tells of this machine or of the moment.
"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.release.relations import relations

_MANIFEST_PLACE, _CATALOG_PLACE = '"MANIFEST.JSON INLINE DATA"', '"CATALOG.JSON INLINE DATA"'
# Where and when dbt ran: paths of this machine, times, names of invocations.
_OF_THE_RUN = frozenset(
    {
        "build_path",
        "compiled_path",
        "created_at",
        "env",
        "generated_at",
        "invocation_id",
        "invocation_started_at",
        "root_path",
        "run_started_at",
        "user_id",
    }
)


def write_docs(manifest_path: Path, database: Path, page: Path) -> Path:
    """Write the page from a dbt manifest and a release's database; returns its path. The folder is made.

    Models that the release does not hold (staging, intermediate) stand with what the project says of them;
    those it holds also with the types, comments and row counts that they have there.
    """
    manifest = _without_the_run(json.loads(manifest_path.read_bytes()))
    manifest["macros"] = _own_macros(manifest)
    with duckdb.connect(str(database), read_only=True) as con:
        catalog = {"metadata": manifest["metadata"], "nodes": _catalog(con, manifest), "sources": {}}
    text = _template().read_text(encoding="utf-8")
    for place, content in ((_MANIFEST_PLACE, manifest), (_CATALOG_PLACE, catalog)):
        before, found, after = text.partition(place)
        if not found:
            raise ValueError(f"dbt's page has no place for {place}.")
        text = before + _inline(content) + after
    page.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    page.write_text(text, encoding="utf-8")
    return page


def _template() -> Path:
    # Found, not imported: dbt takes a second to import.
    spec = importlib.util.find_spec("dbt.task.docs")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("dbt-core brings no page for its docs.")
    return Path(next(iter(spec.submodule_search_locations))) / "index.html"


def _without_the_run(value: Any, depth: int = 2) -> Any:
    """A manifest without what tells of the run: in its metadata, and in its nodes of every kind."""
    if not isinstance(value, dict) or depth < 0:
        return value
    return {key: _without_the_run(v, depth - 1) for key, v in value.items() if key not in _OF_THE_RUN}


def _own_macros(manifest: dict[str, Any]) -> dict[str, Any]:
    """The project's own macros; those of dbt itself are many, and no reader looks for them here."""
    project = manifest["metadata"]["project_name"]
    return {key: macro for key, macro in manifest["macros"].items() if macro["package_name"] == project}


def _catalog(con: duckdb.DuckDBPyConnection, manifest: dict[str, Any]) -> dict[str, Any]:
    """The tables of the release as dbt's catalog describes them, by the id of their model."""
    models = {
        (node["schema"], node.get("alias") or node["name"]): unique_id
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] in ("model", "seed", "snapshot")
    }
    tables = relations(con)
    columns: dict[tuple[str, str], dict[str, Any]] = {}
    for schema, table, index, name, kind, comment in con.execute(
        "select schema_name, table_name, column_index, column_name, data_type, comment "
        "from duckdb_columns() where not internal order by schema_name, table_name, column_index"
    ).fetchall():
        described = {"type": kind, "index": index, "name": name, "comment": comment}
        columns.setdefault((schema, table), {})[name] = described
    return {
        models[schema, table]: {
            "metadata": _about(schema, table, comment, "VIEW" if rows is None else "BASE TABLE"),
            "columns": columns[schema, table],
            "stats": _stats(rows),
            "unique_id": models[schema, table],
        }
        for schema, table, comment, rows in tables
        if (schema, table) in models
    }


def _about(schema: str, table: str, comment: str | None, kind: str) -> dict[str, Any]:
    return {
        "type": kind,
        "schema": schema,
        "name": table,
        "database": "trisam",
        "comment": comment,
        "owner": "",
    }


def _stats(rows: int | None) -> dict[str, Any]:
    return {
        "has_stats": _stat("has_stats", "Has Stats?", "Whether there are statistics.", True, shown=False),
        "row_count": _stat(
            "row_count", "Rows", "Rows of the table in this release.", rows, shown=rows is not None
        ),
    }


def _stat(key: str, label: str, text: str, value: object, *, shown: bool) -> dict[str, Any]:
    return {"id": key, "label": label, "value": value, "description": text, "include": shown}


def _inline(content: dict[str, Any]) -> str:
    # A slash after < could close the script that the data stand in.
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
