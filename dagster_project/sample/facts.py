"""All facts of the sample as rows of the contract, by inbox folder and dataset; not yet cut into deliveries."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dagster_project.sample.cases import make_cases, with_returning_people
from dagster_project.sample.consents import make_consents
from dagster_project.sample.draw import pick, stream
from dagster_project.sample.meetings import make_meetings
from dagster_project.sample.paths import Path, draw_path
from dagster_project.sample.people import NumberSource
from dagster_project.sample.pins import (
    in_window,
    party_windows,
    pin_destinations,
    pin_self_support,
    pin_support_by_party,
)
from dagster_project.sample.plan import Plan
from dagster_project.sample.programme import (
    Row,
    goal_rows,
    grant_rows,
    staffing_rows,
    statement_rows,
    survey_rows,
    team_rows,
)
from dagster_project.sample.recipients import make_plans, make_recipients
from dagster_project.sample.records import Consent, Meeting, NewCase, Support
from dagster_project.sample.slots import Cohort, make_slots, self_support_cohort
from dagster_project.sample.support import make_support
from dagster_project.sample.targets import Figure, Figures, ReportingPeriod, figure_span

Facts = dict[tuple[str, str], list[Row]]
AF_BENEFITS = ("AKASSA", "AKTIVITETSSTOD", "ETABLERING")


@dataclass(frozen=True)
class Sources:
    """What the sample is made of: plan, published figures, their periods, and the seed."""

    plan: Plan
    figures: Figures
    periods: dict[str, ReportingPeriod]
    seed: int

    def stream(self, name: str) -> random.Random:
        """The random stream of one part."""
        return stream(self.seed, name)


def make_facts(sources: Sources) -> Facts:
    """Every fact of the invented county, after the plan and the published figures."""
    plan, figures = sources.plan, sources.figures
    numbers = NumberSource(sources.stream("cases"), plan.shares.coordination_number)
    cohort = self_support_cohort(plan, figures, sources.periods)
    meetings = make_meetings(plan, sources.stream("meetings"))
    slots = make_slots(plan, figures, cohort, sources.stream("slots"))
    pinned = _pinned_municipalities(figures)
    windows = party_windows(figures, sources.periods)
    cases = make_cases(plan, figures, slots, meetings, numbers)
    fixed = frozenset(c.case_id for c in cases if c.municipality in pinned or in_window(c, windows))
    cases = with_returning_people(plan, cases, fixed, sources.stream("returning"))
    consents = make_consents(plan, cases, sources.stream("consents"))
    support = make_support(plan, _paths(sources, cases, consents, cohort).values(), sources.stream("support"))
    others = make_recipients(
        plan, figures, support, NumberSource(sources.stream("recipients"), used=numbers.used)
    )
    everybody = Support(
        support.spells, [*support.months, *others.months], [*support.closures, *others.closures]
    )
    return {
        **_programme_facts(sources, meetings),
        **_case_facts(sources, cases, meetings),
        **_consent_facts(consents),
        **_support_facts(sources, everybody),
    }


def holder(periods: dict[str, ReportingPeriod]) -> Callable[[Figure, NewCase], bool]:
    """Tells whether a case lies in the area and period of a figure."""

    def holds(figure: Figure, case: NewCase) -> bool:
        start, end = figure_span(figure, periods)
        return case.municipality.startswith(figure.filters["area_code"]) and start <= case.day <= end

    return holds


def _pinned_municipalities(figures: Figures) -> frozenset[str]:
    """Municipalities with published follow-up figures: their people come once, so that each counts once."""
    return frozenset(
        figure.filters["area_code"]
        for indicator in ("self_support", "destination", "new_benefit")
        for figure in figures.matching(indicator)
    )


def _paths(
    sources: Sources, cases: list[NewCase], consents: list[Consent], cohort: Cohort
) -> dict[str, Path]:
    plan, figures = sources.plan, sources.figures
    rng = sources.stream("paths")
    of_person: dict[str, list[Consent]] = defaultdict(list)
    for consent in consents:
        of_person[consent.number].append(consent)
    paths = {c.case_id: draw_path(plan, c, rng) for c in cases if c.number is not None and not c.returning}
    windows = party_windows(figures, sources.periods)
    fixed = {case_id for case_id, path in paths.items() if in_window(path.case, windows)}
    paths = pin_support_by_party(plan, paths, of_person, windows, rng)
    paths = pin_self_support(plan, paths, cohort, fixed, rng)
    return pin_destinations(plan, paths, of_person, figures, fixed, holder(sources.periods), rng)


def _programme_facts(sources: Sources, meetings: Iterable[Meeting]) -> Facts:
    plan, figures = sources.plan, sources.figures
    staffing: Facts = {(folder, "bemanning"): staffing_rows(plan, folder) for folder in plan.staffing}
    return {
        **staffing,
        ("rg", "team"): team_rows(plan),
        ("rg", "moten"): [
            {
                "mote_id": meeting.meeting_id,
                "team_id": meeting.team_id,
                "motesdatum": meeting.day,
                "form": meeting.form,
                "status": meeting.status,
                "installt_orsak": meeting.reason,
            }
            for meeting in sorted(meetings, key=lambda m: (m.day, m.meeting_id))
        ],
        ("finsam", "enkat"): survey_rows(plan, figures, sources.stream("survey")),
        ("finsam", "medel"): grant_rows(plan, figures),
        ("finsam", "malbedomning"): goal_rows(plan, figures),
        ("finsam", "observationer"): statement_rows(plan),
    }


def _case_facts(sources: Sources, cases: list[NewCase], meetings: Iterable[Meeting]) -> Facts:
    rng = sources.stream("consultations")
    held: dict[str, list[date]] = defaultdict(list)
    for meeting in meetings:
        if meeting.held:
            held[meeting.team_id].append(meeting.day)
    rows = []
    for case in cases:
        rows.append(_case_row(sources.plan, case, "NY", rng))
        later = [d for d in held[case.team_id] if timedelta(40) <= d - case.day <= timedelta(270)]
        if later and rng.random() < sources.plan.shares.follow_up_consultation:
            again = replace(
                case,
                case_id=f"{case.case_id}U",
                day=rng.choice(later),
                proposal=pick(rng, sources.plan.affinity[case.question]),
            )
            rows.append(_case_row(sources.plan, again, "UPPF", rng))
    return {
        ("rg", "arenden"): sorted(
            rows, key=lambda row: (str(row["konsultationsdatum"]), str(row["arende_id"]))
        )
    }


def _case_row(plan: Plan, case: NewCase, case_type: str, rng: random.Random) -> Row:
    flags: Row = {
        name: rng.choices((True, False, None), odds)[0] for name, odds in plan.participation.items()
    }
    return {
        "arende_id": case.case_id,
        "personnummer": case.number,
        "konsultationsdatum": case.day,
        "arendetyp": case_type,
        "team_id": case.team_id,
        "kommunkod": case.municipality,
        "kon": case.gender,
        "initierande_part": case.party,
        "fragestallning": case.question,
        "atgardsforslag": case.proposal,
        **flags,
    }


def _consent_facts(consents: Iterable[Consent]) -> Facts:
    facts: Facts = defaultdict(list)
    for consent in sorted(consents, key=lambda c: (c.given, c.number, c.party)):
        facts[consent.deliverer, "samtycke"].append(
            {
                "personnummer": consent.number,
                "part": consent.party,
                "samtyckesdatum": consent.given,
                "aterkallat_datum": consent.withdrawn,
            }
        )
    return dict(facts)


def _support_facts(sources: Sources, support: Support) -> Facts:
    facts: Facts = defaultdict(list)
    for spell in sorted(support.spells, key=lambda s: (s.start, s.number, s.benefit)):
        facts["af" if spell.benefit in AF_BENEFITS else "fk", "ersattning"].append(
            {
                "personnummer": spell.number,
                "ersattning": spell.benefit,
                "fran": spell.start,
                "till": spell.end,
                "omfattning": float(spell.extent),
            }
        )
    for month in sorted(support.months, key=lambda m: (m.month, m.number)):
        facts[f"kommun-{month.municipality}", "forsorjningsstod"].append(
            {
                "personnummer": month.number,
                "manad": month.month,
                "kon": month.gender,
                "belopp_kr": month.amount,
                "huvudinkomst": month.main_income,
                "forsorjningshinder": month.obstacle,
            }
        )
    for closure in sorted(support.closures, key=lambda c: (c.day, c.number)):
        facts[f"kommun-{closure.municipality}", "avslut"].append(
            {"personnummer": closure.number, "avslutsdatum": closure.day, "orsak": closure.reason}
        )
    plans = make_plans(
        sources.plan, sources.figures, sources.periods, support.months, sources.stream("plans")
    )
    for row in sorted(plans, key=lambda p: (p.planned, p.number)):
        facts[f"kommun-{row.municipality}", "planering"].append(
            {
                "personnummer": row.number,
                "forsta_kontakt": row.first_contact,
                "planeringsdatum": row.planned,
            }
        )
    return dict(facts)
