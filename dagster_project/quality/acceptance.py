"""Acceptances: failures of an expectation that a person has looked at and lets through.

An acceptance names the check and what it lets through (`PARTY/DATASET_PERIOD` of a delivery, `INDICATOR_PERIOD` of a
figure), and nothing else. One for a single run comes from `trisam run --accept`; those in `expectations/accepted.yml`,
under version control, name the release that they follow and lapse with the next one. Both are recorded in the manifest.
An error, a missing result or a dbt test cannot be accepted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

from dagster_project.errors import TrisamError
from dagster_project.quality.outcome import Outcome

NOTHING_PUBLISHED = "none"


class Acceptance(BaseModel):
    """One reviewed failure: the check, what it lets through, who looked at it, and why it is right.

    `subject` is blank only for a check that finds no single delivery or figure.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    check: str
    subject: str = ""
    who: str
    why: str

    @model_validator(mode="before")
    @classmethod
    def _of_earlier_releases(cls, data: Any) -> Any:
        # Manifests of releases before 2026-12 call the check `name`.
        return {"check": data["name"], **data} if isinstance(data, dict) and "name" in data else data

    @classmethod
    def parse(cls, text: str, who: str, why: str) -> Self:
        """Read `CHECK=SUBJECT`, or `CHECK` alone, as the command line and Dagster take it."""
        check, _, subject = text.partition("=")
        return cls(check=check.strip(), subject=subject.strip(), who=who, why=why)

    def lets_through(self, outcome: Outcome, subject: str) -> bool:
        """Whether it covers what `outcome` found of `subject`."""
        return self.check == outcome.check_id and self.subject == subject


class _Entry(Acceptance):
    """An acceptance under version control: `after` is the release that was published when it was given."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    after: str


def current_acceptances(path: Path, published: str | None) -> list[Acceptance]:
    """The acceptances under version control that were given for the release after `published`.

    Raises TrisamError where the file does not parse.
    """
    if not path.exists():
        return []
    try:
        entries = [_Entry.model_validate(e) for e in yaml.safe_load(path.read_text(encoding="utf-8")) or []]
    except (ValueError, yaml.YAMLError):
        raise TrisamError(
            f"{path.name} does not parse.", "Each entry has check, subject, who, why and after; see its head."
        ) from None
    wanted = published or NOTHING_PUBLISHED
    return [Acceptance(**e.model_dump(exclude={"after"})) for e in entries if e.after == wanted]


def refuse_unknown(accepted: Iterable[Acceptance], known: Iterable[str]) -> None:
    """Raise TrisamError when an acceptance names no expectation: it would let nothing through, unnoticed."""
    names = set(known)
    for acceptance in accepted:
        if acceptance.check not in names:
            raise TrisamError(
                f"There is no expectation called {acceptance.check}.",
                "The name stands in brackets behind the reason of a refusal; "
                "accept it as CHECK=PARTY/DATASET_PERIOD.",
            )


def apply(outcomes: Sequence[Outcome], accepted: Sequence[Acceptance]) -> list[Outcome]:
    """Let the named failures through; all else stays as it is.

    An outcome passes the gate when everything that it found is accepted; what is not is all that it then says.
    """
    return [_apply(o, accepted) if o.status == "failed" and o.suite != "dbt" else o for o in outcomes]


def _apply(outcome: Outcome, accepted: Sequence[Acceptance]) -> Outcome:
    def is_accepted(subject: str) -> bool:
        return any(a.lets_through(outcome, subject) for a in accepted)

    if not any(f.subject for f in outcome.findings):
        return _let_through(outcome) if is_accepted("") else outcome
    left = [f for f in outcome.findings if not is_accepted(f.subject)]
    if not left:
        return _let_through(outcome)
    return outcome.model_copy(update={"findings": left})


def _let_through(outcome: Outcome) -> Outcome:
    return outcome.model_copy(update={"level": "informs", "message": f"{outcome.message} (accepted)"})
