"""Reviewed jumps: an expectation whose failure a person has looked at and lets through, by name.

Standing acceptances lie in `expectations/accepted.yml`, under version control; one for a single run comes from
`trisam run --accept`. Both are recorded in the manifest. An error, a missing result or a dbt test cannot be
accepted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from dagster_project.errors import TrisamError
from dagster_project.quality.outcome import Outcome


class Acceptance(BaseModel):
    """One reviewed jump: the expectation, who looked at it, and why it is right. `until` is the last day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    who: str
    why: str
    until: date | None = None


def standing(path: Path, today: date) -> list[Acceptance]:
    """The acceptances under version control that have not lapsed."""
    if not path.exists():
        return []
    entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    accepted = [Acceptance.model_validate(entry) for entry in entries]
    return [a for a in accepted if a.until is None or a.until >= today]


def refuse_unknown(accepted: Iterable[Acceptance], known: Iterable[str]) -> None:
    """Raise TrisamError when an acceptance names no expectation: a slip would let nothing through, unnoticed."""
    names = set(known)
    for acceptance in accepted:
        if acceptance.name not in names:
            raise TrisamError(
                f"There is no expectation called {acceptance.name}.",
                "The name stands in brackets behind the reason of a refusal.",
            )


def apply(outcomes: Sequence[Outcome], accepted: Iterable[Acceptance]) -> list[Outcome]:
    """Let the named failures through; all else stays as it is."""
    names = {a.name for a in accepted}
    return [
        o.model_copy(update={"blocking": False, "message": f"{o.message} (accepted)"})
        if o.status == "failed" and o.suite != "dbt" and o.check_id in names
        else o
        for o in outcomes
    ]
