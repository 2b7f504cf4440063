"""The follow-up tables of a made-up county, computed case by case from the definitions in words.

Shares no code, no SQL and no intermediate result with the warehouse: only the counts at the end are comparable.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from tests.integration.dbt.made_up_county import PARTIES, PAYERS, Case, County, months_later

Key = tuple[object, ...]
Tables = dict[str, dict[Key, list[int]]]
"""Table -> key columns as in the definition -> counts in the order of the definition."""

MAIN = "main income"
SCOPES = {
    "all_public": {"FORSORJNINGSSTOD", *PAYERS},
    "goal_list": {"FORSORJNINGSSTOD", "SJUKPENNING", "AKASSA", "AKTIVITETSSTOD"},
    "income_support": {"FORSORJNINGSSTOD"},
}
STEPS = {
    "FORSORJNINGSSTOD": 1,
    "SJUKERSATTNING": 2,
    "AKTIVITETSERSATTNING": 2,
    "SJUKPENNING": 2,
    "REHABPENNING": 3,
    "AKTIVITETSSTOD": 4,
    "AKASSA": 5,
    "ETABLERING": 3,
    "FORSORJNINGSSTOD_DEL": 2,
    "ARBETE": 6,
    "STUDIER": 6,
    "OKAND": 0,
}
BENEFITS_IN_ORDER = [code for code in STEPS if code in PAYERS]


class FollowUp:
    """One pass over the new cases of a county; `tables` holds what it counted."""

    def __init__(self, county: County, reporting_periods: Path) -> None:
        self.county = county
        with reporting_periods.open(encoding="utf-8") as file:
            self.reporting = [
                (row["code"], date.fromisoformat(row["start_date"]), date.fromisoformat(row["end_date"]))
                for row in csv.DictReader(file)
            ]
        self.tables: Tables = defaultdict(lambda: defaultdict(lambda: [0, 0, 0, 0]))
        for case in county.cases:
            if case.case_type == "NY":
                self._consent(case)
                self._self_support_to_date(case)
                for horizon in (6, 12):
                    self._horizon(case, horizon)

    # What is known of a person and a municipality.

    def linkable(self, case: Case, party: str) -> bool:
        stated = [c for c in self.county.consents if c[1] == case.person and c[2] == party]
        return any(c[3] <= case.consulted_on for c in stated) and all(c[4] is None for c in stated)

    def delivered(self, deliverer: str, dataset: str, day: date) -> bool:
        return self.county.delivery_of(deliverer, dataset, day, day) is not None

    def held(self, person: str, day: date) -> set[str]:
        months = [
            is_main
            for (_, holder, month), is_main in self.county.months.items()
            if holder == person and (month.year, month.month) == (day.year, day.month)
        ]
        spells = {
            benefit
            for (holder, benefit, first), last in self.county.spells.items()
            if holder == person and first <= day and (last is None or day <= last)
        }
        return spells | ({"FORSORJNINGSSTOD"} if months else set()) | ({MAIN} if any(months) else set())

    def closings(self, case: Case, until: date) -> list[tuple[date, str]]:
        return [
            (closed, reason)
            for (_, holder, closed), reason in self.county.closings.items()
            if holder == case.person and case.consulted_on < closed <= until
        ]

    def destination(self, case: Case, day: date) -> str:
        held = self.held(case.person, day)
        if MAIN in held:
            return "FORSORJNINGSSTOD"
        for benefit in BENEFITS_IN_ORDER:
            if benefit in held:
                return benefit
        if "FORSORJNINGSSTOD" in held:
            return "FORSORJNINGSSTOD_DEL"
        closings = self.closings(case, day)
        latest = max((closed for closed, _ in closings), default=None)
        reason = min((reason for closed, reason in closings if closed == latest), default="")
        return reason if reason in ("ARBETE", "STUDIER") else "OKAND"

    # Counting.

    def count(
        self, table: str, case: Case, key: Key, *counts: bool | int, levels: Key = ("county", "municipality")
    ) -> None:
        for period in self.periods(case.consulted_on):
            for level, code in (("county", case.municipality[:2]), ("municipality", case.municipality)):
                if level in levels:
                    row = self.tables[table][(*period, level, code, *key)]
                    for place, count in enumerate(counts):
                        row[place] += int(count)

    def periods(self, day: date) -> Iterator[tuple[str, str]]:
        yield "year", f"{day.year}"
        yield "half_year", f"{day.year}H{(day.month + 5) // 6}"
        yield "quarter", f"{day.year}Q{(day.month + 2) // 3}"
        for code, start, end in self.reporting:
            if start <= day <= end:
                yield "reporting", code

    def flow(self, case: Case, cohort: str, horizon: object, linkable: bool, start: bool, now: bool) -> bool:
        conditions = {
            "not_identified": bool(case.person),
            "no_consent": linkable,
            "not_covered_at_start": start,
            "not_yet_covered": now,
        }
        reason = next((reason for reason, holds in conditions.items() if not holds), "in_cohort")
        self.count("cohort_flow", case, (cohort, str(horizon), reason), 1)
        return reason == "in_cohort"

    def _consent(self, case: Case) -> None:
        if case.person:
            for party in PARTIES:
                self.count("consent", case, (party,), 1, self.linkable(case, party))

    def _self_support_to_date(self, case: Case) -> None:
        delivers = (f"kommun-{case.municipality}", "avslut") in self.county.deliveries
        if self.flow(case, "self_support", "to_date", self.linkable(case, "KOMMUN"), True, delivers):
            self._self_support(case, "to_date", date.max)

    def _self_support(self, case: Case, horizon: str, until: date) -> None:
        supports = any(reason in ("ARBETE", "STUDIER") for _, reason in self.closings(case, until))
        for gender in (case.gender, "T"):
            self.count("self_support", case, (gender, horizon), 1, supports)

    def _horizon(self, case: Case, horizon: int) -> None:
        start, day = case.consulted_on, months_later(case.consulted_on, horizon)
        municipality = f"kommun-{case.municipality}"
        to_municipality = self.linkable(case, "KOMMUN")
        to_all = to_municipality and self.linkable(case, "AF") and self.linkable(case, "FK")
        paid = [self.delivered(municipality, "forsorjningsstod", date_) for date_ in (start, day)]
        covered = [
            by_municipality and all(self.delivered(payer, "ersattning", date_) for payer in ("af", "fk"))
            for by_municipality, date_ in zip(paid, (start, day), strict=True)
        ]
        for scope in SCOPES:
            alone = scope == "income_support"
            linkable, (at_start, now) = (to_municipality, paid) if alone else (to_all, covered)
            if self.flow(case, scope, horizon, linkable, at_start, now):
                self._support(case, scope, horizon, start, day)
        if to_all and all(covered):
            self._progress(case, horizon, day)
        if self.flow(case, "destination", horizon, to_all, True, covered[1]):
            self._destination(case, horizon, day)
        closures = self.delivered(municipality, "avslut", day)
        if self.flow(case, "self_support", horizon, to_municipality, True, closures):
            self._self_support(case, str(horizon), day)

    def _support(self, case: Case, scope: str, horizon: int, start: date, day: date) -> None:
        before, after = (bool(self.held(case.person, date_) & SCOPES[scope]) for date_ in (start, day))
        for gender in (case.gender, "T"):
            self.count("support_follow_up", case, (gender, scope, horizon), 1, before, after)
        self.count(
            "support_by_party", case, (case.party, scope, horizon), 1, before, after, levels=("county",)
        )

    def _progress(self, case: Case, horizon: int, day: date) -> None:
        before = STEPS[self.destination(case, case.consulted_on)]
        after = STEPS[self.destination(case, day)]
        for gender in (case.gender, "T"):
            key = (gender, horizon)
            self.count("step_progress", case, key, 1, after > before, after == before, after < before)

    def _destination(self, case: Case, horizon: int, day: date) -> None:
        destination = self.destination(case, day)
        for code in STEPS:
            self.count("destination", case, (horizon, code), code == destination)
        granted = {
            benefit
            for holder, benefit, first in self.county.spells
            if holder == case.person and case.consulted_on < first <= day
        }
        for code in PAYERS:
            self.count("new_benefit", case, (horizon, code), code in granted, 1)
