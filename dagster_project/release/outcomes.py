"""Outcomes on their way from the step that judged to the gate, in a file that says what was judged."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import duckdb
from pydantic import BaseModel

from dagster_project.quality.outcome import Outcome
from dagster_project.release.fingerprint import state_fingerprint
from dagster_project.settings import Settings


def extracts_outcomes_path(settings: Settings) -> Path:
    """Where the outcomes of the extracts boundary wait for the release."""
    return settings.work_dir / "extracts_outcomes.json"


def release_outcomes_path(settings: Settings) -> Path:
    """Where the outcomes of the release boundary wait for the gate."""
    return settings.work_dir / "release_outcomes.json"


def proof_outcome_path(settings: Settings) -> Path:
    """Where the outcome of the attack on the open release waits for the gate."""
    return settings.work_dir / "proof_outcome.json"


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


def last_outcomes(settings: Settings) -> list[Outcome]:
    """What the boundaries said of the deliveries in the work database, as far as a refused run came."""
    if not settings.work_db.exists():
        return []
    with duckdb.connect(str(settings.work_db), read_only=True) as con:
        state = state_fingerprint(con)
    outcomes = read_outcomes(extracts_outcomes_path(settings), state)
    candidate = settings.work_dir / "candidate.json"
    if candidate.exists():
        built = json.loads(candidate.read_bytes())
        if built["state"] == state:
            outcomes += read_outcomes(release_outcomes_path(settings), built["version"])
    return outcomes
