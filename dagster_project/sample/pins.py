"""Paths bent to the published follow-up figures: support by party, self-support, destinations, new benefits.

Each pin takes all paths and gives them back with those of one published cohort settled, so that nothing
is searched for: how many change is worked out first, who does is drawn.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Container, Iterable
from dataclasses import replace

from dagster_project.sample.consents import linkable
from dagster_project.sample.days import month_start, months_between
from dagster_project.sample.draw import pick, sample
from dagster_project.sample.paths import Path, draw_path, next_state
from dagster_project.sample.plan import Plan
from dagster_project.sample.records import Consent, NewCase
from dagster_project.sample.slots import Cohort
from dagster_project.sample.targets import Figure, Figures, ReportingPeriod, SampleTargetMissedError

ALL_PUBLIC_PARTIES = ("AF", "FK", "KOMMUN")
SELF_SUPPORT_REASONS = ("ARBETE", "STUDIER")
NOTHING = "INGET"
MAIN_SUPPORT = "FS"
SICK_PAY = "SJUK"

Paths = dict[str, Path]
Consents = dict[str, list[Consent]]


def party_windows(
    figures: Figures, periods: dict[str, ReportingPeriod]
) -> list[tuple[Figure, ReportingPeriod]]:
    """The published changes of support by initiating party, each with its period."""
    return [(figure, periods[figure.filters["period"]]) for figure in figures.matching("support_by_party")]


def in_window(case: NewCase, windows: Iterable[tuple[Figure, ReportingPeriod]]) -> bool:
    """Whether a case was raised by a party in a period whose support is published."""
    return any(case.party == f.filters["party_code"] and period.holds(case.day) for f, period in windows)


def pin_support_by_party(
    plan: Plan,
    paths: Paths,
    consents: Consents,
    windows: list[tuple[Figure, ReportingPeriod]],
    rng: random.Random,
) -> Paths:
    """The relative change of the number with any public support after six months, as published."""
    result = dict(paths)
    for figure, period in windows:
        cohort = [
            case_id
            for case_id, path in paths.items()
            if in_window(path.case, [(figure, period)]) and _all_public(path.case, consents)
        ]
        with_support = [i for i in cohort if plan.states[paths[i].states[0]].any_support]
        start, horizon = _nearest_counts(figure, len(with_support), len(cohort))
        unsupported = [i for i in cohort if i not in set(with_support)]
        if start < len(with_support):
            starters = with_support[:start]
        else:
            starters = with_support + unsupported[: start - len(with_support)]
        newcomers = sample(rng, [i for i in cohort if i not in set(starters)], (len(cohort) - start) // 5)
        leavers = sample(rng, starters, start + len(newcomers) - horizon)
        supported_after = (set(starters) | set(newcomers)) - set(leavers)
        for case_id in cohort:
            ends = (case_id in set(starters), case_id in supported_after)
            result[case_id] = _with_support(plan, paths[case_id], *ends, rng)
    return result


def pin_self_support(
    plan: Plan, paths: Paths, cohort: Cohort, fixed: Container[str], rng: random.Random
) -> Paths:
    """So many of each part of the cohort support themselves as published, and nobody else of it."""
    result = dict(paths)
    others = {r: w for r, w in plan.closing_reason.items() if r not in SELF_SUPPORT_REASONS}
    own = {reason: plan.closing_reason[reason] for reason in SELF_SUPPORT_REASONS}
    for part in cohort.parts:
        members = [i for i, path in paths.items() if path.case.linked and part.period.holds(path.case.day)]
        if len(members) != part.size:
            raise SampleTargetMissedError(f"{part.period.code}: {len(members)} linked cases, not {part.size}")
        # Reported at the end of the programme: their support ended before.
        free = [
            i for i in members if i not in fixed and month_start(paths[i].case.day, 1) <= plan.programme.end
        ]
        chosen = set(sample(rng, free, part.self_supporting))
        for case_id in members:
            path = paths[case_id]
            if case_id not in chosen:
                result[case_id] = replace(path, reasons=tuple(pick(rng, others) for _ in path.reasons))
                continue
            own_path = draw_path(plan, path.case, rng, MAIN_SUPPORT, NOTHING, reasons=own)
            months = months_between(month_start(path.case.day, 1), plan.programme.end)[:6]
            first_change = (rng.choice(months), *own_path.changes[1:])
            still = (MAIN_SUPPORT, *[NOTHING] * (len(own_path.states) - 1))
            result[case_id] = replace(own_path, changes=first_change, states=still)
    return result


def pin_destinations(
    plan: Plan,
    paths: Paths,
    consents: Consents,
    figures: Figures,
    fixed: Container[str],
    holds: Callable[[Figure, NewCase], bool],
    rng: random.Random,
) -> Paths:
    """Published counts of new work and new benefits; `holds` tells whether a case lies in a figure's period."""
    result = dict(paths)
    taken: set[str] = set()
    for case_id, path in paths.items():
        barred = _barred(figures, path.case, holds)
        if any(barred):
            result[case_id] = _without(plan, path, *barred, fixed=case_id in fixed, rng=rng)
    for figure in [*figures.matching("destination"), *figures.matching("new_benefit")]:
        free = [
            i
            for i, path in paths.items()
            if holds(figure, path.case)
            and _all_public(path.case, consents)
            and i not in taken
            and i not in fixed
        ]
        chosen = sample(rng, free, round(figure.number))
        taken |= set(chosen)
        for case_id in chosen:
            result[case_id] = _chosen(plan, result[case_id], figure, rng)
    return result


def _all_public(case: NewCase, consents: Consents) -> bool:
    return all(linkable(case, consents.get(case.number or "", []), party) for party in ALL_PUBLIC_PARTIES)


def _nearest_counts(figure: Figure, drawn: int, most: int) -> tuple[int, int]:
    """How many have support at first and later: the first as near the drawn number as the figure allows."""
    for start in sorted(range(1, most + 1), key=lambda n: (abs(n - drawn), n)):
        horizon = round(start * (1 + figure.number / 100))
        # Well inside the tolerance: a figure on its edge would be one of rounding.
        if abs(100 * (horizon - start) / start - figure.number) <= 0.8 * figure.tolerance:
            return start, horizon
    raise SampleTargetMissedError(f"{figure.figure_id}: no numbers up to {most} give {figure.number} %")


def _with_support(plan: Plan, path: Path, at_start: bool, after: bool, rng: random.Random) -> Path:
    first = path.states[0]
    if plan.states[first].any_support != at_start:
        first = SICK_PAY if at_start else NOTHING
    second = next_state(plan, path.case, first, rng, supported=True) if after else NOTHING
    return draw_path(plan, path.case, rng, first, second)


def _barred(
    figures: Figures, case: NewCase, holds: Callable[[Figure, NewCase], bool]
) -> tuple[set[str], set[str]]:
    """Benefits and closing reasons whose number is published for the case's municipality and time."""
    benefits = {f.filters["benefit_code"] for f in figures.matching("new_benefit") if holds(f, case)}
    reasons = {f.filters["destination_code"] for f in figures.matching("destination") if holds(f, case)}
    return benefits, reasons


def _without(
    plan: Plan, path: Path, benefits: set[str], reasons: set[str], *, fixed: bool, rng: random.Random
) -> Path:
    """The path without new spells of these benefits and without these closing reasons.

    A fixed path keeps whether there is support: only the kind of it changes.
    """
    states = [path.states[0]]
    for step, state in enumerate(path.states[1:]):
        held = plan.states[states[-1]].benefits
        is_barred = any(b in benefits and b not in held for b in plan.states[state].benefits)
        if is_barred and fixed and step == 0:
            state = SICK_PAY  # noqa: PLW2901
        elif is_barred:
            state = next_state(plan, path.case, states[-1], rng, benefits)  # noqa: PLW2901
        states.append(state)
    odds = {reason: weight for reason, weight in plan.closing_reason.items() if reason not in reasons}
    kept = tuple(reason if reason in odds else pick(rng, odds) for reason in path.reasons)
    return replace(path, states=tuple(states), reasons=kept)


def _chosen(plan: Plan, path: Path, figure: Figure, rng: random.Random) -> Path:
    """The path of somebody who is counted in a published figure after six months."""
    if figure.indicator == "destination":
        reasons = (figure.filters["destination_code"], *path.reasons[1:])
        states = (MAIN_SUPPORT, NOTHING, NOTHING, NOTHING)
        return replace(path, states=states, reasons=reasons)
    benefit = figure.filters["benefit_code"]
    granted = [name for name, state in plan.states.items() if benefit in state.benefits]
    second = pick(rng, {name: plan.next_state[MAIN_SUPPORT].get(name, 0.0) for name in granted})
    return replace(path, states=(MAIN_SUPPORT, second, second, second))
