"""Facts cut into deliveries: which rows a file states, with the lateness and the slips of real ones."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from dagster_project.contract import Dataset
from dagster_project.sample.days import parse_period
from dagster_project.sample.plan import DATA
from dagster_project.sample.programme import Row


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Style(_Part):
    """How a deliverer's system writes a file."""

    encoding: Literal["utf-8", "utf-8-sig", "cp1252"] = "utf-8"
    newline: Literal["\n", "\r\n"] = "\n"
    delimiter: Literal[";", ",", "\t"] = ";"
    decimal: Literal[".", ","] = "."
    codes: Literal["code", "label"] = "code"
    headers: Literal["plain", "swedish", "upper"] = "plain"
    dates: Literal["iso", "compact"] = "iso"
    flags: tuple[str, str] = ("J", "N")
    pnr: Literal["12", "12-", "10-"] = "12"


class Early(_Part):
    """What an earlier statement did not know yet: rows that came late, and values that were put right."""

    missing_share: float
    column: str
    value: str | None
    changed_share: float


class Fault(_Part):
    """A row that breaks a rule: a copy of the n-th row with these values, as text."""

    row: int
    values: dict[str, str]


class Delivery(_Part):
    """One file of the inbox."""

    party: str
    dataset: str
    period: str
    revision: int = 1
    ext: Literal["csv", "csv.gz", "xlsx", "parquet"] = "csv"
    style: str = "plain"
    omit: tuple[str, ...] = ()
    extra: dict[str, str] = Field(default_factory=dict)
    early: Early | None = None
    faults: tuple[Fault, ...] = ()
    duplicate_row: int | None = None

    @property
    def path(self) -> str:
        """Where the file lies in the inbox."""
        revision = f"_r{self.revision}" if self.revision > 1 else ""
        return f"{self.party}/{self.dataset}_{self.period}{revision}.{self.ext}"

    @property
    def span(self) -> tuple[date, date]:
        """First and last day of the delivery's period."""
        return parse_period(self.period)


class DeliveryPlan(_Part):
    """All files of the inbox and the styles they are written in."""

    styles: dict[str, Style]
    swedish_headers: dict[str, str]
    deliveries: list[Delivery]


def read_delivery_plan(folder: Path = DATA) -> DeliveryPlan:
    """The files of `deliveries.yml`; what each municipality delivers alike is written there once."""
    content = yaml.safe_load((folder / "deliveries.yml").read_text(encoding="utf-8"))
    usual = content["municipalities"]
    special = [
        Delivery.model_validate({"style": usual.get(entry["party"], "plain"), **entry})
        for entry in content["deliveries"]
    ]
    replaced = {(d.party, d.dataset) for d in special}
    alike = [
        Delivery(party=party, dataset=entry["dataset"], period=entry["period"], style=style)
        for party, style in usual.items()
        for entry in content["each_municipality"]
        if (party, entry["dataset"]) not in replaced
    ]
    return DeliveryPlan(
        styles=content["styles"],
        swedish_headers=content["swedish_headers"],
        deliveries=sorted([*special, *alike], key=lambda d: d.path),
    )


def delivered_rows(delivery: Delivery, dataset: Dataset, facts: list[Row], rng: random.Random) -> list[Row]:
    """The rows that a delivery states: those of its period, as they were known then."""
    first, last = delivery.span
    rows = [_as_known(dataset, row, last) for row in facts if _belongs(dataset, row, first, last)]
    return _early(delivery.early, rows, rng) if delivery.early else rows


def _belongs(dataset: Dataset, row: Row, first: date, last: date) -> bool:
    if dataset.period.within:
        return first <= _day(row[dataset.period.within]) <= last
    if dataset.period.overlaps:
        start, end = (row[column] for column in dataset.period.overlaps)
        return _day(start) <= last and (end is None or first <= _day(end))
    return True


def _as_known(dataset: Dataset, row: Row, last: date) -> Row:
    """The row as its deliverer knew it at the end of the period: what ends or begins later is not there yet."""
    later = {
        "ersattning": ("till",),
        "team": ("team_fran", "team_till"),
    }.get(dataset.name, ())
    return {
        name: None if name in later and value and _day(value) > last else value for name, value in row.items()
    }


def _early(early: Early, rows: list[Row], rng: random.Random) -> list[Row]:
    kept = [row for row in rows if rng.random() >= early.missing_share]
    return [{**row, early.column: early.value} if rng.random() < early.changed_share else row for row in kept]


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError("a date column of the sample holds something else")
    return value
