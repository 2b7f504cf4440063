"""What dbt was asked to test and what it answered: its manifest, and the results of the build that lies in the work
folder.

Belongs here: pairing the data tests that the project has with the results that a run left. A test without a
result is an error, so that silence never passes. dbt's unit tests judge the code on invented rows, not the data
of a run: they belong to `make test`, and no run waits for them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dagster_project.building.record import Answer
from dagster_project.quality.outcome import Outcome, Status

_STATUS: dict[str, Status] = {"pass": "passed", "fail": "failed", "warn": "failed"}


def expected_tests(manifest_path: Path) -> list[str]:
    """The unique ids of every enabled data test of the project, sorted."""
    nodes = _read(manifest_path)["nodes"]
    return sorted(unique_id for unique_id, node in nodes.items() if node["resource_type"] == "test")


def model_tables(manifest_path: Path) -> dict[str, tuple[str, str]]:
    """Schema and table of every model of the project, by dbt's unique id."""
    nodes = _read(manifest_path)["nodes"].items()
    return {
        unique_id: (n["schema"], n.get("alias") or n["name"])
        for unique_id, n in nodes
        if n["resource_type"] == "model"
    }


def test_outcomes(manifest_path: Path, results: Mapping[str, Answer]) -> list[Outcome]:
    """One outcome per expected test; `results` by dbt's unique id.

    A test whose severity is `warn` does not block when it fails; one that is missing, skipped or errored does.
    """
    manifest = _read(manifest_path)
    return [_outcome(manifest, results.get(test_id), test_id) for test_id in expected_tests(manifest_path)]


def failures(manifest_path: Path, results_path: Path) -> list[str]:
    """One sentence per test that failed and per model that could not be built, for people."""
    try:
        manifest, results = _read(manifest_path), _read(results_path)["results"]
    except (FileNotFoundError, ValueError):
        return []  # dbt was stopped before it had written them
    nodes = manifest["nodes"]
    lines = []
    for result in results:
        if result["status"] not in {"fail", "error", "runtime error"}:
            continue
        node = nodes.get(result["unique_id"], {"name": result["unique_id"], "resource_type": "model"})
        said = (node.get("description") or str(result.get("message") or "")).strip().splitlines()
        kind = "dbt test" if node["resource_type"] == "test" else "dbt model"
        lines.append(f"{kind} {node['name']} failed: {said[0] if said else result['status']}")
    return lines


def _outcome(manifest: dict[str, Any], result: Answer | None, test_id: str) -> Outcome:
    node = manifest["nodes"][test_id]
    status: Status = "error" if result is None else _STATUS.get(result.status, "error")
    failures = result.failures if result else None
    return Outcome(
        check_id=test_id,
        suite="dbt",
        table=_table(node),
        status=status,
        level="warns" if result is not None and result.status == "warn" else "blocks",
        observed="" if failures is None else str(failures),
        message=node.get("description") or f"dbt test {node['name']}",
    )


def _table(node: dict[str, Any]) -> str:
    attached = node.get("attached_node") or next(iter(node.get("depends_on", {}).get("nodes", [])), "")
    return str(attached).rsplit(".", maxsplit=1)[-1]


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
