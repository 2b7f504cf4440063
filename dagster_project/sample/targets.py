"""The published figures as targets: read from the reference list, looked up by indicator and filter.

Here belongs what the source documents say; what else the sample holds stands in `plan.py`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dagster_project.errors import TrisamError
from dagster_project.sample.days import parse_period

REFERENCE = Path(__file__).resolve().parents[2] / "seeds" / "reference"


class SampleTargetMissedError(TrisamError):
    """The generated inbox does not give a published figure, or a target cannot be met at all."""


@dataclass(frozen=True)
class Figure:
    """One published figure: where it stands among the indicators, its value and how exactly it is known."""

    figure_id: str
    indicator: str
    filters: dict[str, str]
    measure: str
    expected: str
    unit: str
    tolerance: float

    @property
    def number(self) -> float:
        """The expected value as a number; a code has none and raises ValueError."""
        return float(self.expected)

    def met_by(self, computed: float | str | None) -> bool:
        """Whether a computed value (a number, or a code for the unit `code`) is the published one."""
        if computed is None:
            return False
        if self.unit == "code":
            return computed == self.expected
        # The published value is the middle of an interval whose ends belong to it; floats need a hair more.
        return abs(float(computed) - self.number) <= self.tolerance + 1e-9


class Figures(list[Figure]):
    """All published figures, with look-ups that fail loudly when the list does not hold what is asked for."""

    def matching(self, indicator: str, measure: str | None = None, **filters: str) -> list[Figure]:
        """Figures of an indicator (and measure) whose filters include the given ones."""
        return [
            figure
            for figure in self
            if figure.indicator == indicator
            and measure in (None, figure.measure)
            and filters.items() <= figure.filters.items()
        ]

    def one(self, indicator: str, measure: str, **filters: str) -> Figure:
        """The only figure that matches; SampleTargetMissedError where there are none or several."""
        found = self.matching(indicator, measure, **filters)
        if len(found) != 1:
            raise SampleTargetMissedError(f"{len(found)} figures for {indicator}.{measure} with {filters}")
        return found[0]

    def whole_number(self, indicator: str, measure: str, **filters: str) -> int:
        """The expected value of the only figure that matches, as a whole number."""
        return round(self.one(indicator, measure, **filters).number)


@dataclass(frozen=True)
class ReportingPeriod:
    """A named period of the source documents, both days included."""

    code: str
    start: date
    end: date

    def holds(self, day: date) -> bool:
        """Whether a day lies in the period."""
        return self.start <= day <= self.end


def read_rows(path: Path) -> list[dict[str, str]]:
    """Rows of a UTF-8 CSV with a header, as text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_figures(path: Path = REFERENCE / "published_figure.csv") -> Figures:
    """The published figures of both source documents, in the order of the list."""
    return Figures(_figures(read_rows(path)))


def read_reporting_periods(path: Path = REFERENCE / "reporting_period.csv") -> dict[str, ReportingPeriod]:
    """The named periods by code."""
    return {
        row["code"]: ReportingPeriod(
            row["code"], date.fromisoformat(row["start_date"]), date.fromisoformat(row["end_date"])
        )
        for row in read_rows(path)
    }


def read_codes(path: Path = REFERENCE / "code_list.csv") -> dict[str, dict[str, str]]:
    """Code lists: list name, then code to Swedish label, in the order of the list."""
    lists: dict[str, dict[str, str]] = {}
    for row in read_rows(path):
        lists.setdefault(row["list_name"], {})[row["code"]] = row["label_sv"]
    return lists


def figure_span(figure: Figure, periods: dict[str, ReportingPeriod]) -> tuple[date, date]:
    """First and last day of a figure's period; a figure without one holds for all time."""
    code = figure.filters.get("period")
    if code is None:
        return date.min, date.max
    if figure.filters["period_type"] == "reporting":
        return periods[code].start, periods[code].end
    return parse_period(code)


def _figures(rows: Iterable[dict[str, str]]) -> list[Figure]:
    return [
        Figure(
            figure_id=row["figure_id"],
            indicator=row["indicator"],
            filters=dict(part.split("=", 1) for part in row["filters"].split(";")),
            measure=row["measure"],
            expected=row["expected"],
            unit=row["unit"],
            tolerance=float(row["tolerance"]),
        )
        for row in rows
    ]
