"""The shapes the generator passes on: one class per kind of fact; no behaviour beyond what a shape can tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

PARTIES = ("AF", "FK", "KOMMUN", "RG")


@dataclass(frozen=True)
class Meeting:
    """A scheduled team meeting; `reason` only when cancelled, and not always then."""

    meeting_id: str
    team_id: str
    day: date
    form: str
    status: str
    reason: str | None

    @property
    def held(self) -> bool:
        """Whether the meeting took place."""
        return self.status == "GENOMFORT"


@dataclass(frozen=True)
class Slot:
    """Room for one new case: where and in which quarter, and whether it belongs to a published cohort.

    `linked`: True = must be linkable to the municipality, False = must not be, None = as it comes.
    `complete`: must be linkable to all parties, so that each municipality has somebody to follow each quarter.
    """

    municipality: str
    quarter: str
    linked: bool | None = None
    complete: bool = False
    gender: str = ""


@dataclass(frozen=True)
class NewCase:
    """A new case; `number` is None where the individual is not identified."""

    case_id: str
    municipality: str
    quarter: str
    linked: bool | None
    complete: bool
    gender: str
    question: str
    proposal: str
    party: str
    team_id: str
    day: date
    number: str | None
    returning: bool = False


@dataclass(frozen=True)
class Consent:
    """A consent of one individual for one party, as written down by a deliverer (an inbox folder)."""

    deliverer: str
    number: str
    party: str
    given: date
    withdrawn: date | None


@dataclass(frozen=True)
class Spell:
    """Days with one benefit; `end` None = running at the end of what is delivered."""

    number: str
    benefit: str
    start: date
    end: date | None
    extent: str


@dataclass(frozen=True)
class SupportMonth:
    """A month with income support from a municipality (`month` is its first day)."""

    municipality: str
    number: str
    month: date
    gender: str
    amount: float
    main_income: bool
    obstacle: str | None


@dataclass(frozen=True)
class Closure:
    """The end of somebody's income support."""

    municipality: str
    number: str
    day: date
    reason: str


@dataclass(frozen=True)
class Support:
    """What people live on, as the parties register it."""

    spells: list[Spell]
    months: list[SupportMonth]
    closures: list[Closure]
