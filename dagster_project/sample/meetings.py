"""Team meetings: every second week while a team runs, on paper before the pandemic and digital from then."""

from __future__ import annotations

import random
from datetime import date, timedelta

from dagster_project.sample.draw import pick
from dagster_project.sample.plan import Plan, Unit
from dagster_project.sample.records import Meeting

SUMMER_WEEKS = range(28, 32)


def make_meetings(plan: Plan, rng: random.Random) -> list[Meeting]:
    """All scheduled meetings of all teams within the programme, by team and day."""
    return [
        meeting for place, unit in enumerate(plan.team_units) for meeting in _of_team(plan, rng, unit, place)
    ]


def _of_team(plan: Plan, rng: random.Random, unit: Unit, place: int) -> list[Meeting]:
    first_monday = date(2019, 12, 2)
    # Two groups of teams on alternating weeks, each on a weekday of its own.
    day = first_monday + timedelta(place % 4 + 7 * (place % 2))
    meetings = []
    while day <= plan.programme.end:
        if unit.runs(day) and day.isocalendar().week not in SUMMER_WEEKS and (day.month, day.day) < (12, 23):
            meetings.append(_meeting(plan, rng, unit, day))
        day += timedelta(14)
    return meetings


def _meeting(plan: Plan, rng: random.Random, unit: Unit, day: date) -> Meeting:
    # A team's first meeting takes place, so that each team has one to raise cases in.
    cancelled = day > (unit.team_fran or day) + timedelta(28) and rng.random() < plan.shares.meeting_cancelled
    named = rng.random() >= plan.shares.meeting_cancelled_without_reason
    return Meeting(
        meeting_id=f"M-{unit.team_id.removeprefix('GVB-')}-{day:%y%m%d}",
        team_id=unit.team_id,
        day=day,
        form="D" if day >= plan.digital_from else "F",
        status="INSTALLT" if cancelled else "GENOMFORT",
        reason=pick(rng, plan.cancellation_reason) if cancelled and named else None,
    )
