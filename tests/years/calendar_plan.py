"""The calendar of deliveries, read from `calendar.yml` and checked."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

FILE = Path(__file__).with_name("calendar.yml")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class History(_Part):
    """The days that the first run takes in as a whole."""

    first_day: date
    last_day: date


class DatasetPlan(_Part):
    """Who delivers a dataset, how often at most, until when, and how a withdrawn consent is told."""

    dataset: str
    parties: list[str]
    months: int = 1
    last_day: date | None = None
    withdrawals: Literal["longer_period", "revision"] | None = None


class Correction(_Part):
    """The column that a first version has wrong, and the value that stands there."""

    column: str
    value: str


class Revisions(_Part):
    """How many deliveries are corrected later, and how much of them."""

    share: float
    changed_rows: tuple[float, float]
    added_rows: tuple[float, float]
    columns: dict[str, Correction]


class Late(_Part):
    """A party whose delivery comes a month late."""

    party: str
    ends_from: date
    as_one_file: bool


class Erased(_Part):
    """Persons who are erased before a run."""

    day: date
    persons: int
    per_thousand: float


class CalendarPlan(_Part):
    """All of the calendar but its cadence."""

    history: History
    last_day: date
    cadences: dict[str, int]
    arrival_days: dict[str, dict[str, int]]
    datasets: list[DatasetPlan]
    revisions: Revisions
    late: list[Late]
    erased: list[Erased]

    def arrival(self, cadence: str, party: str) -> int:
        """Days from the end of a period to the arrival of a party's file."""
        days = self.arrival_days[cadence]
        return days.get(party.partition("-")[0], days["other"])


@cache
def calendar_plan() -> CalendarPlan:
    """The calendar in `calendar.yml`."""
    return CalendarPlan.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))
