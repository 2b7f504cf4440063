"""What came of the years: findings of ordinary runs and of planted faults, as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from tests.years import judging
from tests.years.judging import Finding


@dataclass(frozen=True)
class OrdinaryRun:
    """A run without a fault: its day, the files that had arrived, and what the checks said."""

    day: date | None
    files: int
    findings: list[Finding]
    seconds: float


@dataclass(frozen=True)
class Tried:
    """A planted fault: the delivery, its rows before, and the findings that the ordinary run did not have."""

    fault: str
    place: str
    party: str
    dataset: str
    period: str
    rows: int
    new: list[Finding]

    @property
    def delivery(self) -> str:
        """Party, dataset and period for people."""
        return f"{self.party}/{self.dataset} {self.period}"

    @property
    def told(self) -> list[Finding]:
        """The findings that a person is told: those that block first, then warnings."""
        return sorted(
            (f for f in self.new if f.level in judging.LOUD), key=lambda f: judging.LOUD.index(f.level)
        )

    @property
    def is_named(self) -> bool:
        """Whether a finding names the party and dataset whose delivery is faulty."""
        return any(f.names(self.party, self.dataset) for f in self.told)


@dataclass(frozen=True)
class YearsResult:
    """Everything that was said of one inbox. `differences` are tables that another computation disagrees with."""

    label: str
    ordinary: list[OrdinaryRun] = field(default_factory=list)
    tried: list[Tried] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)


def new_findings(found: Sequence[Finding], ordinary: Sequence[Finding]) -> list[Finding]:
    """The findings that the ordinary run did not have."""
    return [one for one in found if one not in ordinary]


def verdict_of(findings: Sequence[Finding], otherwise: str) -> str:
    """`refused` or `warned` and the check that said so first, or else the word given."""
    for level, word in zip(judging.LOUD, ("refused", "warned"), strict=True):
        for one in findings:
            if one.level == level:
                return f"{word} by {one.check}"
    return otherwise
