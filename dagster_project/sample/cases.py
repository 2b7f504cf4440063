"""New cases: question and proposal with both published margins, party, team, day and individual."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta

from dagster_project.sample.allocation import integer_table
from dagster_project.sample.days import quarter_of
from dagster_project.sample.draw import pick, shuffled
from dagster_project.sample.people import NumberSource
from dagster_project.sample.plan import Plan, Unit
from dagster_project.sample.records import Meeting, NewCase, Slot
from dagster_project.sample.slots import PUBLISHED_YEAR
from dagster_project.sample.targets import Figures

GENDER_MEASURE = {"K": "women_count", "M": "men_count", "A": "unknown_count"}
SHORTEST_RETURN = timedelta(days=300)


@dataclass(frozen=True)
class Diary:
    """Held meetings by team and quarter, and the units of each municipality."""

    held: dict[tuple[str, str], list[Meeting]]
    units: list[Unit]

    def teams(self, municipality: str, unit_type: str, quarter: str) -> list[str]:
        """Teams of a municipality and unit type with a held meeting in the quarter."""
        return [
            unit.team_id
            for unit in self.units
            if unit.kommunkod == municipality
            and unit.enhetstyp == unit_type
            and self.held.get((unit.team_id, quarter))
        ]


def make_cases(
    plan: Plan, figures: Figures, slots: list[Slot], meetings: list[Meeting], numbers: NumberSource
) -> list[NewCase]:
    """One new case per slot, by day; `numbers` gives the individuals and the randomness of this part."""
    rng = numbers.rng
    pairs = _question_proposal_pairs(plan, figures, slots, rng)
    diary = _diary(plan, meetings)
    cases = [_case(plan, diary, slot, pair, numbers) for slot, pair in zip(slots, pairs, strict=True)]
    in_order = sorted(cases, key=lambda case: (case.day, case.team_id, case.municipality, case.number or ""))
    return [replace(case, case_id=f"T{case.day:%y}-{n:05d}") for n, case in enumerate(in_order, 1)]


def with_returning_people(
    plan: Plan, cases: list[NewCase], pinned: frozenset[str], rng: random.Random
) -> list[NewCase]:
    """The cases, some later ones now of a person who had one before; those with a pinned id stay as they are."""
    first_cases: dict[tuple[str, str], list[NewCase]] = defaultdict(list)
    result = []
    for case in cases:
        earlier = first_cases[case.municipality, case.gender]
        free = case.case_id not in pinned and case.number is not None and not case.complete
        if (
            free
            and earlier
            and earlier[0].day + SHORTEST_RETURN <= case.day
            and rng.random() < plan.shares.second_case
        ):
            result.append(replace(case, number=earlier.pop(0).number, returning=True))
            continue
        if free:
            earlier.append(case)
        result.append(case)
    return result


def _question_proposal_pairs(
    plan: Plan, figures: Figures, slots: list[Slot], rng: random.Random
) -> list[tuple[str, str]]:
    """A (question, proposal) for each slot: exactly the published margins in the published year."""
    tables = {gender: _table(plan, figures, measure) for gender, measure in GENDER_MEASURE.items()}
    published = {
        gender: shuffled(rng, [pair for pair, count in table.items() for _ in range(count)])
        for gender, table in tables.items()
    }
    everything = [pair for gender in published for pair in published[gender]]
    usual = {gender: list(pairs) if len(pairs) > 1 else everything for gender, pairs in published.items()}
    return [
        published[slot.gender].pop()
        if slot.quarter.startswith(str(PUBLISHED_YEAR))
        else rng.choice(usual[slot.gender])
        for slot in slots
    ]


def _table(plan: Plan, figures: Figures, measure: str) -> dict[tuple[str, str], int]:
    margins = [
        {
            figure.filters[f"{indicator}_code"]: round(figure.number)
            for figure in figures.matching(indicator, measure)
            if figure.filters[f"{indicator}_code"] != "TOTAL"
        }
        for indicator in ("question", "proposal")
    ]
    return integer_table(margins[0], margins[1], plan.affinity)


def _diary(plan: Plan, meetings: list[Meeting]) -> Diary:
    held: dict[tuple[str, str], list[Meeting]] = defaultdict(list)
    for meeting in meetings:
        if meeting.held:
            held[meeting.team_id, quarter_of(meeting.day)].append(meeting)
    return Diary(dict(held), plan.team_units)


def _case(plan: Plan, diary: Diary, slot: Slot, pair: tuple[str, str], numbers: NumberSource) -> NewCase:
    rng = numbers.rng
    psychiatry = plan.municipalities[slot.municipality].psychiatry
    teams = diary.teams(slot.municipality, "HC", slot.quarter)
    if psychiatry and rng.random() < plan.shares.psychiatry:
        teams = diary.teams(psychiatry, "PSYK", slot.quarter) or teams
    team = rng.choice(teams)
    identified = slot.linked or slot.complete or rng.random() >= plan.shares.not_identified
    return NewCase(
        case_id="",
        municipality=slot.municipality,
        quarter=slot.quarter,
        linked=slot.linked,
        complete=slot.complete,
        gender=slot.gender,
        question=pair[0],
        proposal=pair[1],
        party=pick(rng, plan.initiating_party),
        team_id=team,
        day=rng.choice(diary.held[team, slot.quarter]).day,
        number=numbers.draw(slot.gender) if identified else None,
    )
