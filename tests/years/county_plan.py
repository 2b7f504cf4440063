"""The parameters of the generated county, read from `county.yml` and checked."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, field_validator

FILE = Path(__file__).with_name("county.yml")
Shares = dict[str, float]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Span(_Part):
    """Days from the first to the last, both included."""

    first_day: date
    last_day: date


class Growth(Span):
    """Cases grow in a straight line from one to `factor` between two days."""

    factor: float


class Years(_Part):
    """Calendar years whose mean number of new cases is the county's size."""

    first: int
    last: int


class Municipality(_Part):
    """A municipality, its share of the county, and the days between which it takes part."""

    code: str
    weight: float
    since: date | None = None
    until: date | None = None


class TeamChange(_Part):
    """The municipality whose last team opens or closes, and when."""

    municipality: str
    since: date | None = None
    until: date | None = None


class Teams(_Part):
    """How many teams there are, and which of them open and close."""

    cases_per_team: int
    opening: TeamChange
    closing: TeamChange
    first_day: date


class Cases(_Part):
    """Consultations and the persons they are about."""

    returning_share: float
    identified_share: float
    follow_up_share: float
    follow_up_days: tuple[int, int]
    other_gender_share: float
    women_share: float
    flag_blank_share: float
    flag_yes_share: Shares
    party: Shares
    question: Shares
    proposal: Shares
    proposal_repeats_question_share: float


class Consents(_Part):
    """Consents for each party."""

    given_share: float
    late_share: float
    withdrawn_share: float
    withdrawn_days: tuple[int, int]


class Survival(_Part):
    """A part of those with income support, and the share of it that has support in the next month too."""

    share: float
    survival: float


class PlannedShare(_Part):
    """Shares of persons who get a plan."""

    with_case: float
    without_case: float


class Support(_Part):
    """Income support, its end, and plans."""

    stock_per_case: float
    lasting: Survival
    passing: Survival
    with_case_share: float
    return_share: float
    main_income_share: float
    yearly_increase: float
    obstacle: Shares
    obstacle_blank_share: float
    closed_share: float
    closing_reason: Shares
    planned_share: PlannedShare


class Benefits(_Part):
    """Spells of the employment service and the social insurance agency."""

    spell_share: float
    others_per_case: float
    benefit: Shares
    mean_days: Shares
    extent: dict[int, float]
    extent_blank_share: float


class Programme(_Part):
    """Meetings, units, surveys, goals and statements."""

    meeting_every_days: int
    cancelled_share: float
    digital_share: float
    cancellation_reason: Shares
    units_without_team_per_team: float
    survey_sent_per_case: float
    survey_sent_at_least: int
    survey_answered_share: float
    readiness: Shares
    nonresponse: Shares
    statements_per_year: int
    goals: list[str]


class CountyPlan(_Part):
    """All parameters of the county but its size and seed."""

    facts: Span
    growth: Growth
    measured_years: Years
    season: dict[int, float]
    municipalities: list[Municipality]
    teams: Teams
    cases: Cases
    consents: Consents
    support: Support
    benefits: Benefits
    programme: Programme

    @field_validator("season")
    @classmethod
    def _whole_year(cls, season: dict[int, float]) -> dict[int, float]:
        if sorted(season) != list(range(1, 13)):
            raise ValueError("season names each month of the year once")
        return season

    def municipality(self, code: str) -> Municipality:
        """The municipality with this code."""
        return next(one for one in self.municipalities if one.code == code)

    def share_of(self, code: str) -> float:
        """A municipality's share of the county."""
        return self.municipality(code).weight / sum(one.weight for one in self.municipalities)


@cache
def county_plan() -> CountyPlan:
    """The parameters in `county.yml`."""
    return CountyPlan.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))
