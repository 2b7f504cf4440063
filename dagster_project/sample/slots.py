"""Where, when and to whom: one slot per new case, with the published cohort and genders already settled."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace

from dagster_project.sample.allocation import largest_remainder, parts_of_percents
from dagster_project.sample.days import quarter_of, quarter_start, quarters
from dagster_project.sample.draw import sample, shuffled
from dagster_project.sample.plan import Plan
from dagster_project.sample.records import Slot
from dagster_project.sample.targets import Figures, ReportingPeriod, SampleTargetMissedError

# A published cohort takes at most this share of a municipality's new cases of a period: the rest stays unlinked.
LARGEST_LINKED_SHARE = 0.88
PUBLISHED_YEAR = 2021


@dataclass(frozen=True)
class CohortPart:
    """A period of the municipality whose self-support is published: cohort size and how many support themselves."""

    period: ReportingPeriod
    size: int
    self_supporting: int


@dataclass(frozen=True)
class Cohort:
    """The published self-support cohort of one municipality, by period, with its genders."""

    municipality: str
    parts: list[CohortPart]
    genders: dict[str, int]


def make_slots(plan: Plan, figures: Figures, cohort: Cohort, rng: random.Random) -> list[Slot]:
    """All slots of the programme with their genders, by municipality and quarter."""
    slots = _complete(_linked(plan, _empty_slots(plan), cohort, rng))
    settled = [slot for slot in slots if slot.gender]
    genders = {"published": _published_genders(figures, settled), "before": _earlier_genders(plan, slots)}
    queues = {era: shuffled(rng, values) for era, values in genders.items()}
    result = []
    for slot in slots:
        era = "published" if slot.quarter.startswith(str(PUBLISHED_YEAR)) else "before"
        result.append(slot if slot.gender else replace(slot, gender=queues[era].pop()))
    if any(queues.values()):
        raise SampleTargetMissedError("the plan's cases do not add up to the published new cases")
    return result


def self_support_cohort(plan: Plan, figures: Figures, periods: dict[str, ReportingPeriod]) -> Cohort:
    """The published cohort: parts whose sizes and hits give all published percents at once."""
    whole = figures.one("self_support", "cohort_count", gender="T")
    municipality, size = whole.filters["area_code"], round(whole.number)
    percents = figures.matching("self_support", "self_support_percent", area_code=municipality, gender="T")
    in_parts = [figure for figure in percents if figure.filters["period"] != whole.filters["period"]]
    total = next(figure for figure in percents if figure not in in_parts)
    part_periods = [periods[figure.filters["period"]] for figure in in_parts]
    slots = [slot for slot in _empty_slots(plan) if slot.municipality == municipality]
    largest = [
        int(LARGEST_LINKED_SHARE * sum(_in_period(plan, slot, period) for slot in slots))
        for period in part_periods
    ]
    parts = parts_of_percents(
        size,
        round(size * total.number / 100),
        [(figure.number, figure.tolerance) for figure in in_parts],
        largest,
    )
    women, men = (
        figures.whole_number("self_support", "cohort_count", gender=gender) for gender in ("K", "M")
    )
    return Cohort(
        municipality,
        [CohortPart(period, *part) for period, part in zip(part_periods, parts, strict=True)],
        {"A": size - women - men, "K": women, "M": men},
    )


def _empty_slots(plan: Plan) -> list[Slot]:
    slots = []
    for code, municipality in plan.municipalities.items():
        for year, count in municipality.cases.items():
            if year not in plan.quarter_shares:
                slots += [Slot(code, quarter_of(plan.programme.start))] * count
                continue
            for quarter, n in zip(
                quarters(year), largest_remainder(count, plan.quarter_shares[year]), strict=True
            ):
                slots += [Slot(code, quarter)] * n
    return slots


def _in_period(plan: Plan, slot: Slot, period: ReportingPeriod) -> bool:
    return period.holds(max(quarter_start(slot.quarter), plan.programme.start))


def _linked(plan: Plan, slots: list[Slot], cohort: Cohort, rng: random.Random) -> list[Slot]:
    """The slots, those of the cohort's municipality marked as linked (with gender) or not."""
    chosen: list[int] = []
    for part in cohort.parts:
        places = [
            i
            for i, slot in enumerate(slots)
            if slot.municipality == cohort.municipality and _in_period(plan, slot, part.period)
        ]
        first_of_quarter = list({slots[i].quarter: i for i in reversed(places)}.values())
        rest = [i for i in places if i not in first_of_quarter]
        chosen += first_of_quarter + sample(rng, rest, part.size - len(first_of_quarter))
    # The few of gender A come first: before the year whose single one is published elsewhere.
    others = ["A"] * cohort.genders["A"]
    genders = others + shuffled(rng, ["K"] * cohort.genders["K"] + ["M"] * cohort.genders["M"])
    gender_of = dict(zip(sorted(chosen), genders, strict=True))
    return [
        replace(slot, linked=i in gender_of, gender=gender_of.get(i, ""))
        if slot.municipality == cohort.municipality
        else slot
        for i, slot in enumerate(slots)
    ]


def _complete(slots: Iterable[Slot]) -> list[Slot]:
    """The slots, the first linkable one of each municipality and quarter marked as complete."""
    seen: set[tuple[str, str]] = set()
    result = []
    for slot in slots:
        key = (slot.municipality, slot.quarter)
        first = slot.linked is not False and key not in seen
        seen |= {key} if first else set()
        result.append(replace(slot, complete=first))
    return result


def _published_genders(figures: Figures, settled: list[Slot]) -> list[str]:
    """Genders of the published year's new cases that are not settled yet."""
    measures = {"K": "women_count", "M": "men_count", "A": "unknown_count"}
    genders: list[str] = []
    for gender, measure in measures.items():
        count = figures.whole_number("question", measure, question_code="TOTAL")
        taken = sum(
            slot.gender == gender and slot.quarter.startswith(str(PUBLISHED_YEAR)) for slot in settled
        )
        genders += [gender] * (count - taken)
    return genders


def _earlier_genders(plan: Plan, slots: list[Slot]) -> list[str]:
    """Genders of the new cases before the published year that are not settled yet."""
    earlier = [slot.gender for slot in slots if not slot.quarter.startswith(str(PUBLISHED_YEAR))]
    others = plan.shares.others_before_2021
    women = round((len(earlier) - others) * plan.shares.women_before_2021)
    counts = {"A": others, "K": women, "M": len(earlier) - others - women}
    return [g for g, count in counts.items() for _ in range(count - earlier.count(g))]
