"""What a check says: one value type shared by Great Expectations, dbt tests and the gate."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Status = Literal["passed", "failed", "error"]
Level = Literal["blocks", "warns", "informs"]
"""What a failure does: it stops publication, it asks a person to look, or it is only recorded."""

_SHOWN = 10


class Finding(BaseModel):
    """One thing that a failed check found: whose, of which period, and what is odd, as counts and codes only."""

    model_config = ConfigDict(frozen=True)

    party: str = ""
    dataset: str = ""
    period: str = ""
    what: str = ""

    @property
    def subject(self) -> str:
        """What an acceptance names: `PARTY/DATASET_PERIOD`, or `INDICATOR_PERIOD` of a published figure."""
        place = "/".join(part for part in (self.party, self.dataset) if part)
        return "_".join(part for part in (place, self.period) if part)

    def __str__(self) -> str:
        place = "/".join(part for part in (self.party, self.dataset) if part)
        named = " ".join(part for part in (place, self.period) if part)
        return ": ".join(part for part in (named, self.what) if part)


class Outcome(BaseModel):
    """The result of one check, with what it found where it failed. An error always blocks."""

    model_config = ConfigDict(frozen=True)

    check_id: str
    suite: str
    table: str
    status: Status
    level: Level = "blocks"
    observed: str = ""
    message: str = ""
    findings: list[Finding] = []

    @property
    def blocking(self) -> bool:
        """Whether a result other than a pass stops publication."""
        return self.level == "blocks" or self.status == "error"

    @property
    def stops(self) -> bool:
        """Whether this result stops publication."""
        return self.status != "passed" and self.blocking

    @property
    def warns(self) -> bool:
        """Whether this result asks a person to look."""
        return self.status == "failed" and self.level == "warns"

    @property
    def label(self) -> str:
        """The check and what it found, by names alone: fit for a notice, which holds no values."""
        subjects = [finding.subject for finding in self.findings if finding.subject]
        more = f" and {len(subjects) - _SHOWN} more" if len(subjects) > _SHOWN else ""
        return f"{self.check_id} ({', '.join(subjects[:_SHOWN])}{more})" if subjects else self.check_id

    def sentences(self) -> list[str]:
        """The result for people: the message, then up to ten findings."""
        word = "could not be evaluated" if self.status == "error" else "failed"
        observed = f" (observed: {self.observed})" if self.observed and not self.findings else ""
        head = f"{self.table}: {self.message or self.check_id} [{self.check_id} {word}]{observed}"
        more = len(self.findings) - _SHOWN
        shown = [f"  {finding}" for finding in self.findings[:_SHOWN]]
        return [head, *shown, *([f"  and {more} more"] if more > 0 else [])]
