"""Periods of whole months and the names that file names give them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, order=True)
class Period:
    """Days from the first to the last, both included."""

    first: date
    last: date

    @property
    def name(self) -> str:
        """`2021`, `2021H1`, `2021Q3`, `2021-09`, or both days where none of these fits."""
        year = self.first.year
        for text, months in _names(year):
            if self == of_months(date(year, months[0], 1), len(months)):
                return text
        return f"{self.first:%Y%m%d}-{self.last:%Y%m%d}"

    def contains(self, other: Period) -> bool:
        """Whether every day of the other lies in this one."""
        return self.first <= other.first and other.last <= self.last


def _names(year: int) -> Iterator[tuple[str, range]]:
    yield f"{year}", range(1, 13)
    for half in (1, 2):
        yield f"{year}H{half}", range(6 * half - 5, 6 * half + 1)
    for quarter in range(1, 5):
        yield f"{year}Q{quarter}", range(3 * quarter - 2, 3 * quarter + 1)
    for month in range(1, 13):
        yield f"{year}-{month:02d}", range(month, month + 1)


def of_months(first: date, months: int) -> Period:
    """So many months from a first day on."""
    return Period(first, later_month(first, months) - timedelta(days=1))


def later_month(first: date, months: int) -> date:
    """The first day of the month so many months later."""
    place = first.year * 12 + first.month - 1 + months
    return date(place // 12, place % 12 + 1, 1)


def periods(first: date, last: date, months: int, *, cumulative: bool) -> list[Period]:
    """The periods of a cadence between two days; cumulative ones begin with their year."""
    found = []
    while first <= last:
        whole = of_months(first, months)
        found.append(Period(date(first.year, 1, 1) if cumulative else first, whole.last))
        first = later_month(first, months)
    return found
