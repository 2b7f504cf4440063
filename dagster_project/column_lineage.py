"""Which columns a column is made of, read from dbt's compiled SQL; model by model, from direct parents.

dagster-dbt can do the same, but parses a model anew for every column: a quarter of a run's time. Here a model is
parsed once, and no database is asked: what columns a model has is told by its own SQL, and those of sources and seeds
are documented. What a column becomes in Dagster is not decided here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from graphlib import TopologicalSorter
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from sqlglot import MappingSchema, exp, parse_one
from sqlglot.errors import SqlglotError
from sqlglot.lineage import lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope

_DIALECT = "duckdb"
Relation = tuple[str, str]
"""Schema and table."""
Columns = Mapping[Relation, Collection[str]]
"""The columns of relations."""
Lineage = dict[str, list[tuple[Relation, str]]]
"""For each column, the relations and columns that it is made of."""


def lineage_of_models(manifest: Mapping[str, Any], compiled: Path, kept: Path) -> dict[Relation, Lineage]:
    """The lineage of every model of a manifest whose compiled SQL lies under `compiled`.

    It is told by the code alone, so the answer is kept in the file `kept` until a query or a documented column is
    another. A model that cannot be read has no lineage: it explains a run and never stops it.
    """
    queries, columns = _queries(manifest, compiled), _documented(manifest)
    state = _state(queries, columns)
    before = _read(kept)
    if before is not None and before.state == state:
        return before.by_relation()
    found: dict[Relation, Lineage] = {}
    for relation, sql in queries.items():
        found[relation] = lineage_of(sql, {**columns, **found})
    _Kept.of(state, found).write(kept)
    return found


class _Kept(BaseModel):
    """Lineage as it lies in a file."""

    state: str
    lineage: list[tuple[Relation, Lineage]]

    @classmethod
    def of(cls, state: str, found: Mapping[Relation, Lineage]) -> _Kept:
        return cls(state=state, lineage=list(found.items()))

    def by_relation(self) -> dict[Relation, Lineage]:
        return dict(self.lineage)

    def write(self, path: Path) -> None:
        temporary = path.with_suffix(".next")
        temporary.write_text(self.model_dump_json(), encoding="utf-8")
        temporary.replace(path)


def _read(path: Path) -> _Kept | None:
    try:
        return _Kept.model_validate_json(path.read_bytes())
    except (OSError, ValueError):
        return None


def _queries(manifest: Mapping[str, Any], compiled: Path) -> dict[Relation, str]:
    """The compiled SQL of the models, parents first."""
    nodes = manifest["nodes"]
    order = TopologicalSorter(
        {key: node.get("depends_on", {}).get("nodes", ()) for key, node in nodes.items()}
    )
    found = {}
    for node in (nodes[key] for key in order.static_order() if key in nodes):
        path = compiled / node["package_name"] / node["original_file_path"]
        if node["resource_type"] == "model" and path.is_file():
            found[node["schema"], node["name"]] = path.read_text(encoding="utf-8")
    return found


def _documented(manifest: Mapping[str, Any]) -> dict[Relation, Collection[str]]:
    seeds = [node for node in manifest["nodes"].values() if node["resource_type"] == "seed"]
    listed = [*seeds, *manifest.get("sources", {}).values()]
    return {(one["schema"], one["name"]): list(one["columns"]) for one in listed}


def _state(queries: Mapping[Relation, str], columns: Columns) -> str:
    described = [
        version("sqlglot"),
        sorted(queries.items()),
        sorted((relation, sorted(names)) for relation, names in columns.items()),
    ]
    return hashlib.sha256(json.dumps(described).encode("utf-8")).hexdigest()


def lineage_of(sql: str, columns: Columns) -> Lineage:
    """The lineage of one query; empty where it cannot be read."""
    schema = MappingSchema(dialect=_DIALECT)
    try:
        parsed = parse_one(sql, dialect=_DIALECT)
        for relation in _relations(parsed):
            if relation in columns:
                # Names are what lineage needs; the type is a formality.
                typed = dict.fromkeys(columns[relation], "text")
                schema.add_table(exp.table_(relation[1], db=relation[0]), typed, dialect=_DIALECT)
        qualified = qualify(parsed, schema=schema, dialect=_DIALECT, validate_qualify_columns=False)
        scope = build_scope(qualified)
        if scope is None or not isinstance(qualified, exp.Query):
            return {}
        return {
            name: _leaves(lineage(name, qualified, schema=schema, scope=scope, dialect=_DIALECT, copy=False))
            for name in qualified.named_selects
        }
    except (SqlglotError, ValueError):
        return {}


def as_markdown(lineage: Lineage) -> str:
    """The lineage of a table for people: one line per column."""
    lines = ["| column | comes from |", "| --- | --- |"]
    for column, made_of in lineage.items():
        origins = ", ".join(f"{schema}.{table}.{parent}" for (schema, table), parent in made_of)
        lines.append(f"| {column} | {origins} |")
    return "\n".join(lines)


def _relations(query: Any) -> set[Relation]:
    return {(table.db, table.name) for table in query.find_all(exp.Table) if table.db}


def _leaves(node: Any) -> list[tuple[Relation, str]]:
    found = set()
    for one in node.walk():
        table = None if one.downstream else one.expression.find(exp.Table)
        if table is not None and table.db:
            found.add(((table.db, table.name), exp.to_column(one.name).name.lower()))
    return sorted(found)
