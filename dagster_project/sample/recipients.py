"""Income support outside the teams: other recipients of each municipality, and everybody's plans."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import NormalDist

from dagster_project.sample.days import (
    add_months,
    month_end,
    month_start,
    months_between,
    quarter_of,
    quarter_start,
    quarters,
)
from dagster_project.sample.draw import pick, sample, shuffled
from dagster_project.sample.people import NumberSource
from dagster_project.sample.plan import Plan
from dagster_project.sample.records import Closure, Support, SupportMonth
from dagster_project.sample.support import FIRST_MONTH, obstacle_or_none, usual_amount
from dagster_project.sample.targets import Figures, ReportingPeriod, SampleTargetMissedError

LEAD_TIME_SPREAD = 0.42


@dataclass(frozen=True)
class PlanRow:
    """A plan of one individual with a municipality."""

    municipality: str
    number: str
    first_contact: date
    planned: date


@dataclass(frozen=True)
class Recipient:
    """Somebody with income support from one month to another (first days, both included)."""

    municipality: str
    number: str
    gender: str
    first: date
    last: date
    obstacle: str | None


def make_recipients(plan: Plan, figures: Figures, of_cases: Support, numbers: NumberSource) -> Support:
    """Income support of people whom no team met; together with the teams' own it gives the published target group."""
    rng = numbers.rng
    recipients = [
        _recipient(plan, code, numbers)
        for code, municipality in plan.municipalities.items()
        for _ in range(municipality.recipients)
    ]
    months = [month for person in recipients for month in _months(plan, person, rng)]
    for figure in figures.matching("target_group", "total_count"):
        code, obstacle = figure.filters["area_code"], figure.filters["obstacle_code"]
        half_year = figure.filters["period"]
        present = _present([*of_cases.months, *months], code, obstacle, half_year)
        missing = round(figure.number) - len(present)
        if missing < 0:
            raise SampleTargetMissedError(f"{figure.figure_id}: {len(present)} people already, too many")
        women = sum(gender == "K" for gender in present.values())
        wanted_women = max(0, min(missing, round(figure.number / 2) - women))
        added = [
            _early_recipient(code, "K" if n < wanted_women else "M", obstacle, numbers)
            for n in range(missing)
        ]
        recipients += added
        months += [month for person in added for month in _months(plan, person, rng)]
    return Support([], months, [c for person in recipients for c in _closure(plan, person, rng)])


def _recipient(plan: Plan, municipality: str, numbers: NumberSource) -> Recipient:
    rng = numbers.rng
    gender = pick(rng, {"K": 48, "M": 51.5, "A": 0.5})
    first = month_start(date(2018, 9, 1), rng.randrange(51))
    last = month_start(first, min(int(rng.expovariate(1 / 13)), 40))
    obstacle = obstacle_or_none(pick(rng, plan.obstacle))
    return Recipient(municipality, numbers.draw(gender), gender, first, last, obstacle)


def _early_recipient(municipality: str, gender: str, obstacle: str, numbers: NumberSource) -> Recipient:
    """Somebody with support when the programme was applied for, through the end of 2019."""
    rng = numbers.rng
    first = month_start(date(2018, 9, 1), rng.randrange(14))
    last = month_start(date(2019, 12, 1), int(rng.expovariate(1 / 9)))
    return Recipient(municipality, numbers.draw(gender), gender, first, last, obstacle)


def _months(plan: Plan, person: Recipient, rng: random.Random) -> list[SupportMonth]:
    main = rng.random() < 0.78
    usual = usual_amount(main, rng)
    return [
        SupportMonth(
            person.municipality,
            person.number,
            month,
            person.gender,
            round(usual * (0.9 + 0.2 * rng.random()), 2),
            main,
            person.obstacle,
        )
        for month in months_between(max(person.first, FIRST_MONTH), min(person.last, plan.follow_up_end))
    ]


def _closure(plan: Plan, person: Recipient, rng: random.Random) -> list[Closure]:
    day = month_end(person.last)
    if not FIRST_MONTH <= day < plan.follow_up_end:
        return []
    odds = {**plan.closing_reason, "AF_ERSATTNING": 14, "SJUKERSATTNING": 3, "AKTIVITETSERSATTNING": 2}
    return [Closure(person.municipality, person.number, day, pick(rng, odds))]


def _present(
    months: Iterable[SupportMonth], municipality: str, obstacle: str, half_year: str
) -> dict[str, str]:
    """People (with gender) who had income support with this obstacle in a half-year such as `2019H2`."""
    first = date(int(half_year[:4]), 1 if half_year.endswith("H1") else 7, 1)
    return {
        month.number: month.gender
        for month in months
        if month.municipality == municipality
        and month.obstacle == obstacle
        and first <= month.month < add_months(first, 6)
    }


def make_plans(
    plan: Plan,
    figures: Figures,
    periods: dict[str, ReportingPeriod],
    support: Iterable[SupportMonth],
    rng: random.Random,
) -> list[PlanRow]:
    """Plans of people with income support; days from first contact to plan lie around the published medians."""
    people: dict[str, set[str]] = defaultdict(set)
    for month in support:
        people[month.municipality].add(month.number)
    rows = []
    for code in plan.municipalities:
        days_by_group: dict[int, list[date]] = defaultdict(list)
        for day in _plan_days(plan, code, rng):
            days_by_group[_usual_days(plan, figures, periods, code, day)].append(day)
        lead_times = {median: _lead_times(median, len(days), rng) for median, days in days_by_group.items()}
        drawn = [
            (day, lead)
            for m, days in days_by_group.items()
            for day, lead in zip(days, lead_times[m], strict=True)
        ]
        clients = sample(rng, sorted(people[code]), len(drawn))
        # Where a municipality has fewer clients than plans, some have a second one.
        clients = (clients * 3)[: len(drawn)]
        rows += [
            PlanRow(code, number, day - timedelta(lead), day)
            for number, (day, lead) in zip(clients, drawn, strict=True)
        ]
    return list({(row.municipality, row.number, row.first_contact): row for row in rows}.values())


def _plan_days(plan: Plan, municipality: str, rng: random.Random) -> list[date]:
    """The days on which plans are made: some each quarter of the programme."""
    per_quarter = plan.municipalities[municipality].yearly_plans // 4
    days = []
    for quarter in [
        quarter_of(plan.programme.start),
        *(q for year in plan.quarter_shares for q in quarters(year)),
    ]:
        first = max(quarter_start(quarter), plan.programme.start)
        length = (month_end(quarter_start(quarter), 2) - first).days + 1
        count = max(2, per_quarter * length // 90)
        days += sorted(first + timedelta(rng.randrange(length)) for _ in range(count))
    return days


def _usual_days(
    plan: Plan, figures: Figures, periods: dict[str, ReportingPeriod], municipality: str, day: date
) -> int:
    published = figures.matching("lead_time", "median_days", area_code=municipality)
    for figure in published:
        if periods[figure.filters["period"]].holds(day):
            return round(figure.number)
    return plan.plan_days_between if published else plan.municipalities[municipality].plan_days


def _lead_times(median: int, count: int, rng: random.Random) -> list[int]:
    """Days around a median: the quantiles of a skewed distribution, in random order."""
    quantiles = [NormalDist().inv_cdf((n + 0.5) / count) for n in range(count)]
    return shuffled(rng, [max(1, round(median * 2.718281828 ** (LEAD_TIME_SPREAD * z))) for z in quantiles])
