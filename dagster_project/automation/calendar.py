"""The calendars of deliveries and reports: reading and validating them, and what the first says of a day.

The calendars are reference data (`delivery_calendar.csv`, `report_calendar.csv`). Nothing here looks at a warehouse
or at the clock, except `today`.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from dagster_project.contract import Contract, load_contract
from dagster_project.errors import TrisamError
from dagster_project.settings import PROJECT_ROOT

TIMEZONE = "Europe/Stockholm"
REFERENCE_DIR = PROJECT_ROOT / "seeds" / "reference"
Cadence = Literal["month", "quarter", "half_year", "year"]
_MONTHS: dict[Cadence, int] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
_LONGEST_SHORT_MONTH = 28


class CalendarError(TrisamError):
    """A calendar does not parse, or contradicts the contract."""


class Duty(BaseModel):
    """What one party delivers of one dataset: every period of its cadence, so many days after the period's end.

    `party` is the inbox folder. The duty begins with `first_day` and ends with `last_day`, or goes on where that
    is None.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    party: str
    dataset: str
    cadence: Cadence
    due_days: int = Field(ge=0, le=366)
    first_day: date
    last_day: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last_day is not None and self.last_day < self.first_day:
            raise ValueError("a duty ends before it begins")
        return self


class ReportDay(BaseModel):
    """A day of the year on which a report is made, at a full hour of Swedish time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    report: str = Field(pattern=r"^[a-z][a-z_]*$")
    label_sv: str = Field(min_length=1)
    month: int = Field(ge=1, le=12)
    # A day that every month has: no report is left out in February.
    day: int = Field(ge=1, le=_LONGEST_SHORT_MONTH)
    hour: int = Field(ge=0, le=23)

    @property
    def cron(self) -> str:
        """The day as a cron line."""
        return f"0 {self.hour} {self.day} {self.month} *"


@dataclass(frozen=True)
class Covered:
    """Days that a delivery in force states: both ends included."""

    party: str
    dataset: str
    start: date
    end: date


@dataclass(frozen=True)
class Standing:
    """How a party stands with one duty. `owed_until`: the last day owed by now, None when nothing was due yet;
    `missing_from`: the first of the owed days that no delivery in force states, None when the party is in time;
    `was_due`: when those days were due at the latest."""

    duty: Duty
    owed_until: date | None
    missing_from: date | None
    was_due: date | None

    @property
    def is_late(self) -> bool:
        """Whether something that is due has not come."""
        return self.missing_from is not None


def today() -> date:
    """The day in Sweden."""
    return datetime.now(ZoneInfo(TIMEZONE)).date()


def period_end(cadence: Cadence, day: date) -> date:
    """The last day of the calendar month, quarter, half-year or year that holds a day."""
    months = _MONTHS[cadence]
    last_month = ((day.month - 1) // months + 1) * months
    following = date(day.year + last_month // 12, last_month % 12 + 1, 1)
    return following - timedelta(days=1)


def owed_until(duty: Duty, now: date) -> date | None:
    """The last day that should have been delivered before `now`; None while nothing is due."""
    owed, start = None, duty.first_day
    while True:
        end = period_end(duty.cadence, start)
        if duty.last_day is not None:
            end = min(end, duty.last_day)
        if end + timedelta(days=duty.due_days) >= now:
            return owed
        owed, start = end, end + timedelta(days=1)
        if end == duty.last_day:
            return owed


def first_gap(first: date, last: date, spans: Iterable[tuple[date, date]]) -> date | None:
    """The first day from `first` to `last` that lies in none of the spans; None when all do."""
    reached = first
    for start, end in sorted(spans):
        if start > reached:
            break
        reached = max(reached, end + timedelta(days=1))
    return reached if reached <= last else None


def standings(duties: Sequence[Duty], covered: Iterable[Covered], now: date) -> list[Standing]:
    """How every duty stands on a day, in the order of the calendar."""
    spans: dict[tuple[str, str], list[tuple[date, date]]] = defaultdict(list)
    for one in covered:
        spans[one.party, one.dataset].append((one.start, one.end))
    return [_standing(duty, spans[duty.party, duty.dataset], now) for duty in duties]


def _standing(duty: Duty, spans: Sequence[tuple[date, date]], now: date) -> Standing:
    until = owed_until(duty, now)
    if until is None:
        return Standing(duty, None, None, None)
    gap = first_gap(duty.first_day, until, spans)
    due = None if gap is None else until + timedelta(days=duty.due_days)
    return Standing(duty, until, gap, due)


@cache
def load_duties(folder: Path = REFERENCE_DIR) -> tuple[Duty, ...]:
    """The delivery calendar of this installation, one duty per party and dataset."""
    return read_duties(folder, load_contract())


def read_duties(folder: Path, contract: Contract) -> tuple[Duty, ...]:
    """Read and validate `delivery_calendar.csv`; a row with a county stands for each of its municipalities.

    Raises CalendarError when a row does not parse, names a party or dataset that the contract does not know, or
    says what another row has said.
    """
    municipalities = _municipalities(folder / "municipality.csv")
    duties = []
    for number, row in _rows(folder / "delivery_calendar.csv"):
        county, party = row.pop("county_code"), row.pop("party")
        parties = [f"{party}-{code}" for code in municipalities[county]] if county else [party]
        if not parties:
            raise _fault("delivery_calendar.csv", number, f"there is no county {county}")
        duties += [_duty(number, {**row, "party": one}, contract) for one in parties]
    _refuse_doubles(duties)
    return tuple(duties)


def _duty(number: int, row: dict[str, str], contract: Contract) -> Duty:
    try:
        duty = Duty.model_validate({name: value for name, value in row.items() if value})
    except ValidationError as error:
        raise _fault("delivery_calendar.csv", number, _said(error)) from None
    party = contract.party_of_folder(duty.party)
    if party is None or duty.dataset not in {d.name for d in contract.datasets_of(party.code)}:
        raise _fault("delivery_calendar.csv", number, f"nobody delivers {duty.party}/{duty.dataset}")
    return duty


def _refuse_doubles(duties: Iterable[Duty]) -> None:
    counts = Counter(f"{duty.party}/{duty.dataset}" for duty in duties)
    twice = [name for name, count in counts.items() if count > 1]
    if twice:
        raise CalendarError(
            f"delivery_calendar.csv names {', '.join(twice)} more than once.", "Remove one row."
        )


@cache
def load_report_days(folder: Path = REFERENCE_DIR) -> tuple[ReportDay, ...]:
    """The report calendar of this installation. Raises CalendarError when a row does not parse."""
    days = []
    for number, row in _rows(folder / "report_calendar.csv"):
        try:
            days.append(ReportDay.model_validate(row))
        except ValidationError as error:
            raise _fault("report_calendar.csv", number, _said(error)) from None
    return tuple(days)


def _municipalities(path: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for _, row in _rows(path):
        found[row["county_code"]].append(row["municipality_code"])
    return found


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(enumerate(csv.DictReader(file), start=2))


def _fault(name: str, number: int, said: str) -> CalendarError:
    return CalendarError(f"{name}, line {number}: {said}.", f"Mend seeds/reference/{name}.")


def _said(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, e['loc'])) or 'row'}: {e['msg']}" for e in error.errors())
