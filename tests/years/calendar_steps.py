"""The steps of three years: on which day which files arrive, and on which day persons are erased. A run follows each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from tests.years.calendar_plan import CalendarPlan, DatasetPlan, Erased, Late, calendar_plan
from tests.years.consents import consent_deliveries
from tests.years.county import County
from tests.years.deliveries import Deliverer, Delivery
from tests.years.draws import stream
from tests.years.periods import Period, periods

Arrivals = dict[date, list[Delivery]]
LATE_DAYS = 31


@dataclass(frozen=True)
class Step:
    """What arrives on a day; or, with no files, the numbers of the persons who are erased on it."""

    day: date
    deliveries: tuple[Delivery, ...]
    erased: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cadence:
    """How often the parties deliver, and whether a file holds its year so far."""

    name: str
    cumulative: bool = False

    @property
    def label(self) -> str:
        """The cadence in a word."""
        return f"{self.name}-cumulative" if self.cumulative else self.name


def steps(county: County, cadence: Cadence, until: date | None = None) -> list[Step]:
    """All steps in the order of their days, those of the periods that end on `until` or before where it is given."""
    plan = calendar_plan()
    arrivals: Arrivals = defaultdict(list)
    deliverer = Deliverer(county)
    for dataset, party in _duties(county, plan):
        dated = _dated(county, plan, cadence, dataset, party, until)
        if dataset.withdrawals:
            found = consent_deliveries(deliverer, party, dataset.withdrawals, dated)
        else:
            found = _deliveries(county, plan, dataset, party, dated)
        for day, delivery in found:
            arrivals[day].append(delivery)
    return _with_erasures(county, plan, arrivals)


def _duties(county: County, plan: CalendarPlan) -> Iterator[tuple[DatasetPlan, str]]:
    for dataset in plan.datasets:
        for party in dataset.parties:
            if party != "kommun":
                yield dataset, party
                continue
            for place in county.plan.municipalities:
                yield dataset, f"kommun-{place.code}"


def _dated(
    county: County, plan: CalendarPlan, cadence: Cadence, dataset: DatasetPlan, party: str, until: date | None
) -> list[tuple[date, Period]]:
    """The periods of a party's dataset with the day on which each arrives."""
    months = max(plan.cadences[cadence.name], dataset.months)
    last = min(dataset.last_day or plan.last_day, until or plan.last_day)
    after = plan.history.last_day + timedelta(days=1)
    found = [Period(plan.history.first_day, plan.history.last_day)]
    found += [p for p in periods(after, last, months, cumulative=cadence.cumulative) if p.last <= last]
    found = [p for p in found if _takes_part(county, party, p)]
    first_arrival = plan.history.last_day + timedelta(days=max(plan.arrival_days[cadence.name].values()))
    lag = timedelta(days=plan.arrival(cadence.name, party))
    dated = [(max(first_arrival, p.last + lag), p) for p in found]
    for late in plan.late:
        if late.party == party:
            dated = _delayed(dated, late, together=cadence.name == "month")
    return dated


def _takes_part(county: County, party: str, period: Period) -> bool:
    """Whether a municipality takes part on the last days of a period; others always do."""
    if not party.startswith("kommun-"):
        return True
    place = county.plan.municipality(party.removeprefix("kommun-"))
    return (place.since or period.last) <= period.last and period.last <= (place.until or period.last)


def _delayed(dated: list[tuple[date, Period]], late: Late, *, together: bool) -> list[tuple[date, Period]]:
    """The same periods, one of them a month late; with the next one, or in one file with it, where periods are months."""
    at = next((n for n, (_, p) in enumerate(dated) if p.last >= late.ends_from), None)
    if at is None or (together and at + 1 == len(dated)):
        return dated
    day, period = dated[at]
    if not together:
        return [*dated[:at], (day + timedelta(days=LATE_DAYS), period), *dated[at + 1 :]]
    next_day, next_period = dated[at + 1]
    if late.as_one_file:
        return [*dated[:at], (next_day, Period(period.first, next_period.last)), *dated[at + 2 :]]
    return [*dated[:at], (next_day, period), *dated[at + 1 :]]


def _deliveries(
    county: County, plan: CalendarPlan, dataset: DatasetPlan, party: str, dated: list[tuple[date, Period]]
) -> Iterator[tuple[date, Delivery]]:
    """A delivery of each period; some are early versions, corrected when the party delivers next."""
    for place, (day, period) in enumerate(dated):
        delivery = Delivery(party, dataset.dataset, period, period.last)
        follows = dated[place + 1] if place + 1 < len(dated) else None
        chance = stream(county.seed, "revision", party, dataset.dataset, period.name).random()
        revised = dataset.dataset in plan.revisions.columns and chance < plan.revisions.share
        if not (revised and follows):
            yield day, delivery
            continue
        yield day, replace(delivery, is_early=True)
        # A longer period that comes next corrects it by itself.
        if not follows[1].contains(period):
            yield follows[0], replace(delivery, revision=2)


def _with_erasures(county: County, plan: CalendarPlan, arrivals: Arrivals) -> list[Step]:
    waiting = list(plan.erased)
    found = []
    for day in sorted(arrivals):
        due = [one for one in waiting if one.day <= day]
        waiting = [one for one in waiting if one.day > day]
        found += [Step(day, (), tuple(_erased_persons(county, one))) for one in due]
        found.append(Step(day, tuple(sorted(arrivals[day], key=lambda d: d.path))))
    return found


def together(found: Sequence[Step]) -> list[Step]:
    """The same files in fewer runs: those of a month in one, and the history with the first period."""
    merged: dict[tuple[int, int], Step] = {}
    for step in found:
        month = step.day.year, step.day.month
        before = merged.get(month, Step(step.day, ()))
        merged[month] = Step(step.day, before.deliveries + step.deliveries, before.erased + step.erased)
    history, first, *others = merged.values()
    return [Step(first.day, history.deliveries + first.deliveries), *others]


def _erased_persons(county: County, erased: Erased) -> list[str]:
    """Persons who have had a case by then, drawn."""
    cases = county.facts["arenden"]
    known = (
        cases.loc[cases["konsultationsdatum"] < pd.Timestamp(erased.day), "personnummer"].dropna().unique()
    )
    size = erased.persons + round(len(known) * erased.per_thousand / 1000)
    drawn = stream(county.seed, "erased", erased.day).choice(sorted(known), size, replace=False)
    return [str(number) for number in drawn]
