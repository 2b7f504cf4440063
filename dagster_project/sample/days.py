"""Days, months and quarters: small arithmetic on dates, with the follow-up date as the contract defines it."""

from __future__ import annotations

import calendar
from datetime import date, timedelta


def month_start(day: date, months: int = 0) -> date:
    """First day of the month of `day`, some months on (or back)."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def month_end(day: date, months: int = 0) -> date:
    """Last day of the month of `day`, some months on (or back)."""
    return month_start(day, months + 1) - timedelta(1)


def add_months(day: date, months: int) -> date:
    """The same day of the month some months on, clipped to that month's last day."""
    first = month_start(day, months)
    return first.replace(day=min(day.day, calendar.monthrange(first.year, first.month)[1]))


def quarter_of(day: date) -> str:
    """The quarter of a day, as `2021Q3`."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def quarters(year: int) -> list[str]:
    """The four quarters of a year."""
    return [f"{year}Q{n}" for n in range(1, 5)]


def quarter_start(quarter: str) -> date:
    """First day of a quarter such as `2021Q3`."""
    return date(int(quarter[:4]), 3 * int(quarter[5]) - 2, 1)


def months_between(first: date, last: date) -> list[date]:
    """First days of all months from that of `first` to that of `last`."""
    count = (last.year - first.year) * 12 + last.month - first.month
    return [month_start(first, n) for n in range(count + 1)]


def parse_period(period: str) -> tuple[date, date]:
    """First and last day of `2021`, `2021H1`, `2021Q3`, `2021-09` or `20191201-20211231`."""
    if len(period) == 17:
        first, last = period.split("-")
        return date.fromisoformat(first), date.fromisoformat(last)
    year, rest = int(period[:4]), period[4:]
    if rest.startswith("-"):
        return date(year, int(rest[1:]), 1), month_end(date(year, int(rest[1:]), 1))
    length = {"": 12, "H": 6, "Q": 3}[rest[:1]]
    start = date(year, 1 + length * (int(rest[1:] or 1) - 1), 1)
    return start, month_end(start, length - 1)
