"""The plan of the sample: what `data/*.yml` and `data/*.csv` say, typed and checked; no numbers live in code."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from dagster_project.sample.targets import read_rows

DATA = Path(__file__).parent / "data"
Weights = dict[str, float]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Span(_Part):
    """Days from start to end, both included."""

    start: date
    end: date


class Municipality(_Part):
    """New cases by year, the size of its income support outside the teams, and how its clients fare."""

    name: str
    cases: dict[int, int]
    recipients: int
    yearly_plans: int
    plan_days: int
    support_stay: float
    psychiatry: str | None


class Shares(_Part):
    """Shares between 0 and 1 (and one count) of the small things that make a county believable."""

    women_before_2021: float
    others_before_2021: int
    not_identified: float
    coordination_number: float
    second_case: float
    psychiatry: float
    follow_up_consultation: float
    duplicate_consent: float
    meeting_cancelled: float
    meeting_cancelled_without_reason: float


class ConsentOdds(_Part):
    """Shares of new cases by how their consents stand on the day."""

    complete: float
    missing: float
    late: float
    withdrawn: float


class State(_Part):
    """What a person lives on: benefits held at once, and income support as main income (J) or beside (N)."""

    benefits: list[str]
    support: Literal["J", "N"] | None

    @property
    def any_support(self) -> bool:
        """Whether the state is public support of any kind."""
        return bool(self.benefits) or self.support is not None


class Wave(_Part):
    """One round of the survey: sent by gender, answered ones without a readiness answer, answers of gender A."""

    wave: str
    sent: dict[str, int]
    blank_answers: int
    others_answered: int


class StaffingSpan(_Part):
    """One row of `bemanning`."""

    roll: str
    fran: date
    till: date | None
    antal: float
    planerad_procent: float
    faktisk_procent: float
    faktiskt_antal: float | None


class Grant(_Part):
    """An invented grant."""

    insats_id: str
    municipality: str
    granted: int
    used_percent: float


class Unit(_Part):
    """A care unit; `team_fran` blank = it has no team."""

    team_id: str
    enhet: str
    enhetstyp: Literal["HC", "PSYK"]
    kommunkod: str
    team_fran: date | None
    team_till: date | None

    def runs(self, day: date) -> bool:
        """Whether the unit's team exists on a day."""
        return self.team_fran is not None and self.team_fran <= day <= (self.team_till or day)


class Plan(_Part):
    """Everything the sample is made after beside the published figures."""

    programme: Span
    follow_up_end: date
    digital_from: date
    quarter_shares: dict[int, list[float]]
    municipalities: dict[str, Municipality]
    shares: Shares
    initiating_party: Weights
    consent: ConsentOdds
    participation: dict[str, list[float]]
    cancellation_reason: Weights
    affinity: dict[str, Weights]
    states: dict[str, State]
    start_state: dict[str, Weights]
    next_state: dict[str, Weights]
    closing_reason: Weights
    obstacle: Weights
    extent: Weights
    plan_days_between: int
    survey: list[Wave]
    survey_not_ready: Weights
    survey_ready: Weights
    survey_nonresponse: Weights
    staffing: dict[str, list[StaffingSpan]]
    published_grants: dict[str, str]
    grants: list[Grant]
    assessed_on: date
    goal_comment: dict[str, str]
    units: list[Unit] = Field(default_factory=list)

    @cached_property
    def team_units(self) -> list[Unit]:
        """Units that have, or have had, a team."""
        return [unit for unit in self.units if unit.team_fran is not None]


def read_plan(folder: Path = DATA) -> Plan:
    """The plan of a folder: `plan.yml` and `units.csv`; pydantic's ValidationError names a wrong entry."""
    content = yaml.safe_load((folder / "plan.yml").read_text(encoding="utf-8"))
    units = [{name: value or None for name, value in row.items()} for row in read_rows(folder / "units.csv")]
    return Plan.model_validate({**content, "units": units})
