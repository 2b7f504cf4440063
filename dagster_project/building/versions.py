"""What each node of the dbt project was made from, as one hash: the code, and the sources that it descends from.

The code counts as a whole: a macro, a seed or a contract may decide any table, and code seldom changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from typing import Any

JUDGED = ("model", "seed", "test")


def node_versions(manifest: Mapping[str, Any], sources: Mapping[str, str], code: str) -> dict[str, str]:
    """Version (16 hex digits) of every model, seed and data test, by dbt's unique id.

    `sources` are versions by `schema.table`. Raises KeyError for a source that has none: its rows could change unseen.
    """
    parents: Mapping[str, list[str]] = manifest["parent_map"]

    @cache
    def descends_from(unique_id: str) -> frozenset[str]:
        if unique_id in manifest["sources"]:
            return frozenset({unique_id})
        return frozenset().union(*map(descends_from, parents.get(unique_id, [])))

    def version(unique_id: str) -> str:
        named = sorted(_table(manifest["sources"][source]) for source in descends_from(unique_id))
        told = [code, *(f"{table}={sources[table]}" for table in named)]
        return hashlib.sha256("\x1f".join(told).encode()).hexdigest()[:16]

    return {
        unique_id: version(unique_id)
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] in JUDGED
    }


def _table(source: Mapping[str, Any]) -> str:
    return f"{source['source_name']}.{source['name']}"
