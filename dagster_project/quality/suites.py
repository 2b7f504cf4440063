"""The expectation suites as data: reading `expectations/BOUNDARY/*.json`, and nothing of Great Expectations.

Two boundaries: `extracts` (raw tables, before dbt) and `release` (the candidate, before publication). A suite
file names the table it judges; an expectation carries a stable `id`, the reason for its limit, and the
sentence a person reads when it fails.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from dagster_project.quality.outcome import Level

Boundary = Literal["extracts", "release"]


class ExpectationMeta(BaseModel):
    """What a person needs to know about an expectation.

    `level` is what a failure does, `reason` says why the limit and the level are what they are, `measured` what a limit
    of plausibility was measured on.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    level: Level
    reason: str
    message: str
    since: str
    measured: str = ""
    enforced_when: Literal["always", "reconcile"] = "always"


class ExpectationSpec(BaseModel):
    """One expectation: a Great Expectations type with its arguments."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: str
    kwargs: dict[str, Any]
    meta: ExpectationMeta


class SuiteMeta(BaseModel):
    """The table that a suite judges, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_name: str
    table: str
    purpose: str


class Suite(BaseModel):
    """One suite file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    meta: SuiteMeta
    expectations: list[ExpectationSpec]


def load_suites(folder: Path, boundary: Boundary) -> list[Suite]:
    """Read all suites of a boundary, in file order.

    Raises ValueError when a file is not a suite, when its name differs from the file's, or when an
    expectation id occurs twice in the boundary.
    """
    suites: list[Suite] = []
    seen: set[str] = set()
    for path in sorted((folder / boundary).glob("*.json")):
        suite = Suite.model_validate(json.loads(path.read_text(encoding="utf-8")))
        if suite.name != path.stem:
            raise ValueError(f"{path.name}: the suite is called {suite.name}; name and file must agree")
        for expectation in suite.expectations:
            if expectation.meta.id in seen:
                raise ValueError(f"{path.name}: expectation id {expectation.meta.id} occurs twice")
            seen.add(expectation.meta.id)
        suites.append(suite)
    return suites


def expected_ids(suites: list[Suite]) -> list[str]:
    """The ids of every expectation that must have a result before anything is published."""
    return [e.meta.id for s in suites for e in s.expectations]
