"""Who must be told to be late on a day, from the names of the files that have come: what the notices are held against."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from dagster_project.automation.calendar import Covered, load_duties, standings
from dagster_project.contract import load_contract
from dagster_project.ingestion.names import parse_path
from dagster_project.notices.lateness import Told, news
from dagster_project.notices.message import of_late_deliveries

Late = frozenset[tuple[str, str, str]]


class Expected:
    """Keeps what has come, and what has been told of it."""

    def __init__(self) -> None:
        self._covered: list[Covered] = []
        self._told = Told()
        self._contract = load_contract()

    def arrived(self, names: Iterable[str]) -> None:
        """Files have come and are in force."""
        for name in names:
            parsed = parse_path(name, self._contract)
            if parsed and parsed.period:
                period = parsed.period
                self._covered.append(Covered(parsed.folder, parsed.dataset, period.start, period.end))

    def newly_late(self, day: date) -> Late:
        """Who must be told on a day, and was not before."""
        new, self._told = news(self._told, standings(load_duties(), self._covered, day))
        return late_of(of_late_deliveries(new, "").facts) if new else frozenset()


def late_of(facts: object) -> Late:
    """The deliveries of a notice: which, and the first and last of the days that are missing."""
    late = facts["late"] if isinstance(facts, dict) else []
    return frozenset((one["delivery"], one["missing_from"], one["missing_until"]) for one in late)
