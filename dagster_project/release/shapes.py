"""What names a row of each published table, and what its columns refer to: read from what dbt has tested.

A file of DuckDB declares no keys. They are kept in the manifest of the release, so that whoever loads it into
another database can declare them there without the dbt project at hand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

_REF = re.compile(r"""ref\(['"](\w+)['"]\)""")
_PUBLISHED = ("marts", "indicators")
_UNIQUE = ("unique", "unique_combination")


class Reference(BaseModel):
    """A column whose values all are keys of another table, `schema.table`."""

    model_config = ConfigDict(frozen=True)

    column: str
    table: str
    table_column: str


class TableShape(BaseModel):
    """`key`: the columns that name a row, in the order of the model's test; `references`: to published tables."""

    model_config = ConfigDict(frozen=True)

    key: list[str] = []
    references: list[Reference] = []


def table_shapes(manifest_path: Path) -> dict[str, TableShape]:
    """The shape of every table of marts, indicators and the open release, by `schema.table`."""
    shapes = published_shapes(json.loads(manifest_path.read_text(encoding="utf-8")))
    return shapes | open_shapes(shapes)


def published_shapes(manifest: dict[str, Any]) -> dict[str, TableShape]:
    """The shapes of marts and indicators in a dbt manifest. Of several unique tests of a model the first counts."""
    tables = {
        n["name"]: f"{n['schema']}.{n.get('alias') or n['name']}"
        for n in manifest["nodes"].values()
        if n["resource_type"] == "model" and n["schema"] in _PUBLISHED
    }
    keys: dict[str, list[str]] = {}
    references: dict[str, list[Reference]] = {}
    for model, test, arguments in _tests(manifest):
        if model not in tables:
            continue
        if test in _UNIQUE:
            keys.setdefault(model, arguments.get("columns") or [arguments["column_name"]])
        target = _REF.search(arguments.get("to", ""))
        if test == "relationships" and target and target[1] in tables:
            found = Reference(
                column=arguments["column_name"], table=tables[target[1]], table_column=arguments["field"]
            )
            references.setdefault(model, []).append(found)
    return {
        table: TableShape(
            key=keys.get(model, []),
            references=sorted(references.get(model, []), key=lambda reference: reference.column),
        )
        for model, table in sorted(tables.items())
    }


def _tests(manifest: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Model, kind and arguments of every test that holds for all rows of a model."""
    for unique_id, node in sorted(manifest["nodes"].items()):
        metadata = node.get("test_metadata")
        if node["resource_type"] != "test" or not metadata or node["config"].get("where"):
            continue
        attached = manifest["nodes"].get(node.get("attached_node") or "")
        if attached is not None and unique_id:
            yield attached["name"], metadata["name"], metadata["kwargs"]


def open_shapes(shapes: dict[str, TableShape]) -> dict[str, TableShape]:
    """The shapes of the open tables: the offer's own keys, or those of the indicator that is offered as it is."""
    from dagster_project.disclosure.spec import load_offer  # noqa: PLC0415  its package imports the solver

    offer = load_offer()
    people = {f"open.{table.name}": TableShape(key=list(table.key_columns)) for table in offer.people}
    plain = {
        f"open.{table.name}": TableShape(key=shapes[f"indicators.{table.name}"].key)
        for table in offer.plain
        if f"indicators.{table.name}" in shapes
    }
    return people | plain
