"""Outcomes on their way from the step that judged to the gate, in a file that says what was judged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel

from dagster_project.quality.outcome import Outcome


def write_outcomes(path: Path, bound_to: str, outcomes: Sequence[Outcome]) -> None:
    """Keep outcomes for the step that follows, bound to what was judged (a version or a state)."""
    kept = _Kept(bound_to=bound_to, outcomes=list(outcomes))
    path.write_text(kept.model_dump_json(indent=1), encoding="utf-8")


def read_outcomes(path: Path, bound_to: str) -> list[Outcome]:
    """Read kept outcomes; those of another state are as good as none, and the gate then finds them missing."""
    if not path.exists():
        return []
    kept = _Kept.model_validate_json(path.read_bytes())
    return kept.outcomes if kept.bound_to == bound_to else []


class _Kept(BaseModel):
    bound_to: str
    outcomes: list[Outcome]
