"""Which tables a build replaces only in part: the rows that changed deliveries of municipalities reach.

A model says in its configuration by which column its rows are reached (`in_part_by`), and which datasets reach it by no
other way (`in_part_of`); see `macros/in_part.sql`. All else is built whole, and so is everything where a large part has
changed, or where persons were blocked. What is touched is worked out in `touched.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from dagster_project.building.inputs import BLOCKED, RAW, Inputs
from dagster_project.building.record import Record

_MUNICIPALITY = "kommun-"
_LARGEST_SHARE = 0.5
"""Of a dataset's rows; beyond it, finding and removing rows costs more than writing all of them."""


@dataclass(frozen=True)
class Parts:
    """`models`: the models of which a part is replaced, by the column that their rows are reached by. `deliverers`: who
    has delivered something else, by dataset.
    """

    models: dict[str, str] = field(default_factory=dict)
    deliverers: dict[str, tuple[str, ...]] = field(default_factory=dict)


def find_parts(
    manifest: Mapping[str, Any], outdated: Collection[str], inputs: Inputs, code: str, built: Record | None
) -> Parts:
    """The parts to be replaced; none where everything has to be built whole."""
    if built is None or built.code != code or built.inputs.versions.get(BLOCKED) != inputs.versions[BLOCKED]:
        return Parts()
    deliverers = _deliverers(built.inputs, inputs)
    reached = {dataset: names for dataset, names in deliverers.items() if _is_small(dataset, names, inputs)}
    changed = {
        source for source, version in inputs.versions.items() if built.inputs.versions.get(source) != version
    }
    models = {
        unique_id: by
        for unique_id in outdated
        if unique_id in built.versions
        and (by := _reached_by(manifest, unique_id, changed, reached)) is not None
    }
    return Parts(models, reached) if models else Parts()


def _deliverers(before: Inputs, now: Inputs) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for dataset in before.deliveries.keys() | now.deliveries.keys():
        one, other = (set(i.deliveries.get(dataset, {}).items()) for i in (before, now))
        names = {delivery_id.partition("/")[0] for delivery_id, _ in one ^ other}
        if names:
            found[dataset] = tuple(sorted(names))
    return found


def _is_small(dataset: str, deliverers: Collection[str], inputs: Inputs) -> bool:
    rows = inputs.rows.get(dataset, {})
    touched = sum(rows.get(name, 0) for name in deliverers)
    return all(name.startswith(_MUNICIPALITY) for name in deliverers) and (
        touched <= _LARGEST_SHARE * sum(rows.values())
    )


def _reached_by(
    manifest: Mapping[str, Any],
    unique_id: str,
    changed: Collection[str],
    reached: Collection[str],
) -> str | None:
    meta = manifest["nodes"][unique_id]["config"].get("meta", {})
    by = meta.get("in_part_by")
    if by is None:
        return None
    allowed = {f"{RAW}.{dataset}" for dataset in meta["in_part_of"] if dataset in reached}
    return str(by) if sources_of(manifest, unique_id) & set(changed) <= allowed else None


def sources_of(manifest: Mapping[str, Any], unique_id: str) -> set[str]:
    """The sources, as `schema.table`, that a node of the dbt project descends from."""
    found, waiting, seen = set(), [unique_id], {unique_id}
    while waiting:
        for parent in manifest["parent_map"].get(waiting.pop(), []):
            source = manifest["sources"].get(parent)
            if source:
                found.add(f"{source['source_name']}.{source['name']}")
            elif parent not in seen:
                seen.add(parent)
                waiting.append(parent)
    return found
