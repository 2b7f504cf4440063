"""Paths as the parties register them: benefit spells, months with income support, and their endings."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date, timedelta

from dagster_project.sample.days import month_end, month_start, months_between
from dagster_project.sample.draw import pick
from dagster_project.sample.paths import Path
from dagster_project.sample.plan import Plan
from dagster_project.sample.records import Closure, Spell, Support, SupportMonth

FIRST_MONTH = date(2019, 7, 1)
LONGEST_GAP = 18
REASON_OF_BENEFIT = {
    "AKASSA": "AF_ERSATTNING",
    "AKTIVITETSSTOD": "AF_ERSATTNING",
    "ETABLERING": "AF_ERSATTNING",
    "SJUKERSATTNING": "SJUKERSATTNING",
    "AKTIVITETSERSATTNING": "AKTIVITETSERSATTNING",
    "SJUKPENNING": "ANNAT",
    "REHABPENNING": "ANNAT",
}


def make_support(plan: Plan, paths: Iterable[Path], rng: random.Random) -> Support:
    """What everybody on these paths lives on, within the days that are delivered."""
    support = Support([], [], [])
    for path in paths:
        support.spells.extend(_spells(plan, path, rng))
        support.months.extend(_months(plan, path, rng))
        support.closures.extend(_closures(plan, path))
    return support


def _segment(path: Path, step: int, end: date) -> tuple[date, date]:
    """First and last day of a state of the path."""
    first = path.changes[step - 1] if step else path.begin
    last = path.changes[step] - timedelta(1) if step < len(path.changes) else end
    return first, last


def _spells(plan: Plan, path: Path, rng: random.Random) -> list[Spell]:
    number = path.case.number
    if number is None:
        return []
    beyond = plan.follow_up_end + timedelta(365)
    spells = []
    for benefit in sorted({b for state in path.states for b in plan.states[state].benefits}):
        held = [benefit in plan.states[state].benefits for state in path.states]
        for step, holds in enumerate(held):
            if not holds or (step and held[step - 1]):
                continue
            last_step = next((n - 1 for n in range(step, len(held)) if not held[n]), len(held) - 1)
            start = _later(path, step, _segment(path, step, beyond)[0], rng)
            end = _earlier(path, last_step, _segment(path, last_step, beyond)[1], rng)
            if start <= plan.follow_up_end:
                running = end > plan.follow_up_end
                spells.append(Spell(number, benefit, start, None if running else end, pick(rng, plan.extent)))
    return spells


def _later(path: Path, step: int, first: date, rng: random.Random) -> date:
    """A start some days into the segment, but not after the follow-up date that the segment is for."""
    if step == 0:
        return first
    return first + timedelta(rng.randrange(min(LONGEST_GAP, (path.horizon(step) - first).days) + 1))


def _earlier(path: Path, step: int, last: date, rng: random.Random) -> date:
    """An end some days before the segment's, but not before the follow-up date that the segment is for."""
    return last - timedelta(rng.randrange(min(LONGEST_GAP, (last - path.horizon(step)).days) + 1))


def _months(plan: Plan, path: Path, rng: random.Random) -> list[SupportMonth]:
    number = path.case.number
    if number is None:
        return []
    months = []
    for step, name in enumerate(path.states):
        state = plan.states[name]
        if state.support is None:
            continue
        first, last = _segment(path, step, plan.follow_up_end)
        sick = "SJUKPENNING" in state.benefits
        obstacle = obstacle_or_none("SJUK_INTYG" if sick else pick(rng, plan.obstacle))
        main = state.support == "J"
        usual = usual_amount(main, rng)
        for month in months_between(max(first, FIRST_MONTH), min(last, plan.follow_up_end)):
            amount = round(usual * (0.9 + 0.2 * rng.random()), 2)
            months.append(
                SupportMonth(path.case.municipality, number, month, path.case.gender, amount, main, obstacle)
            )
    return months


def obstacle_or_none(obstacle: str) -> str | None:
    """The obstacle as delivered: `BLANK` stands for none in the plan's odds."""
    return None if obstacle == "BLANK" else obstacle


def usual_amount(main: bool, rng: random.Random) -> float:
    """Crowns a month: as the main income, or beside something else."""
    return rng.uniform(6200, 13400) if main else rng.uniform(900, 4600)


def _closures(plan: Plan, path: Path) -> list[Closure]:
    if path.case.number is None:
        return []
    closures = []
    for step, change in enumerate(path.changes):
        before, after = (plan.states[path.states[n]] for n in (step, step + 1))
        if before.support is None or after.support is not None:
            continue
        day = month_end(month_start(change, -1))
        # An ending on the day of the consultation would not be one after it.
        day = change if day <= path.case.day else day
        reason = REASON_OF_BENEFIT[after.benefits[0]] if after.benefits else path.reasons[step]
        if FIRST_MONTH <= day <= plan.follow_up_end:
            closures.append(Closure(path.case.municipality, path.case.number, day, reason))
    return closures
