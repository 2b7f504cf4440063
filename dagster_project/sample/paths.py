"""What becomes of people: a path of states from before the consultation to eighteen months after it.

Here paths are drawn by the plan's odds; `pins.py` bends them to the published figures.
"""

from __future__ import annotations

import random
from collections.abc import Container
from dataclasses import dataclass
from datetime import date, timedelta

from dagster_project.sample.days import add_months, month_start
from dagster_project.sample.draw import pick
from dagster_project.sample.plan import Plan, Weights
from dagster_project.sample.records import NewCase

STEPS = 3
MONTHS_PER_STEP = 6
# Activity compensation ends at thirty; sickness compensation is hardly granted before.
LAST_OLD_BIRTH_YEAR = 1990


@dataclass(frozen=True)
class Path:
    """States at the consultation and 6, 12 and 18 months on; the first of month on which each change comes.

    `begin` = since when the first state holds; `reasons` = why income support ended at each change, where
    nothing public took its place.
    """

    case: NewCase
    begin: date
    states: tuple[str, ...]
    changes: tuple[date, ...]
    reasons: tuple[str, ...]

    def horizon(self, step: int) -> date:
        """The consultation date (step 0) or the follow-up date after 6, 12 or 18 months (steps 1 to 3)."""
        return add_months(self.case.day, step * MONTHS_PER_STEP)


def draw_path(
    plan: Plan,
    case: NewCase,
    rng: random.Random,
    first: str | None = None,
    second: str | None = None,
    without: Container[str] = (),
    reasons: Weights | None = None,
) -> Path:
    """A path by the plan's odds, with its first or second state given where a figure asks for it.

    `without`: benefits that nobody may be granted on this path; `reasons`: other odds of closing reasons.
    """
    states = [first or pick(rng, _allowed(plan, case, plan.start_state[case.party], None, without))]
    for step in range(1, STEPS + 1):
        given = second if step == 1 else None
        states.append(given or next_state(plan, case, states[-1], rng, without))
    changes = tuple(
        month_start(case.day, MONTHS_PER_STEP * step + rng.randrange(1, MONTHS_PER_STEP + 1))
        for step in range(STEPS)
    )
    return Path(
        case=case,
        begin=case.day - timedelta(rng.randrange(21, 620)),
        states=tuple(states),
        changes=changes,
        reasons=tuple(pick(rng, reasons or plan.closing_reason) for _ in range(STEPS)),
    )


def next_state(
    plan: Plan,
    case: NewCase,
    state: str,
    rng: random.Random,
    without: Container[str] = (),
    supported: bool = False,
) -> str:
    """The state about six months on; `supported`: only states with public support."""
    weights = _allowed(plan, case, plan.next_state[state], state, without)
    if supported:
        weights = {name: weight for name, weight in weights.items() if plan.states[name].any_support}
    if plan.states[state].support:
        stay = plan.municipalities[case.municipality].support_stay
        weights = {n: w * (stay if plan.states[n].support else 1.0) for n, w in weights.items()}
    return pick(rng, weights)


def _allowed(
    plan: Plan, case: NewCase, weights: Weights, before: str | None, without: Container[str]
) -> Weights:
    """The weights less the states that the person's age or `without` rules out, unless held already."""
    held = plan.states[before].benefits if before else []
    born = int((case.number or "1980")[:4])
    barred = "AKTIVITETSERSATTNING" if born <= LAST_OLD_BIRTH_YEAR else "SJUKERSATTNING"

    def allowed(state: str) -> bool:
        new = [benefit for benefit in plan.states[state].benefits if benefit not in held]
        return not any(benefit == barred or benefit in without for benefit in new)

    return {state: weight for state, weight in weights.items() if allowed(state)}
