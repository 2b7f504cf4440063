"""The facts of an invented county, as they are in truth; what is delivered of them, and when, is the calendar's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from tests.years import county_cases, county_programme, county_support
from tests.years.county_people import People
from tests.years.county_plan import CountyPlan, county_plan
from tests.years.draws import stream


@dataclass(frozen=True)
class County:
    """Facts by dataset: the contract's columns, `folder` (who delivers the row), dates as timestamps."""

    cases_per_year: int
    seed: int
    plan: CountyPlan
    facts: Mapping[str, pd.DataFrame]


def make_county(cases_per_year: int, seed: int = 1) -> County:
    """A county with so many new cases a year (mean of the measured years). The same seed gives the same facts."""
    plan = county_plan()
    people = People(plan, stream(seed, "people"))
    teams = county_cases.make_teams(plan, cases_per_year)
    cases = county_cases.make_cases(plan, cases_per_year, people, teams, stream(seed, "cases"))
    episodes = county_support.make_episodes(plan, cases_per_year, cases, people, stream(seed, "episodes"))
    facts = {
        "arenden": county_cases.make_consultations(plan, cases, teams, stream(seed, "arenden")),
        "team": county_programme.make_units(plan, teams),
        "moten": county_programme.make_meetings(plan, teams, stream(seed, "moten")),
        "samtycke": county_cases.make_consents(plan, cases, stream(seed, "samtycke")),
        "forsorjningsstod": county_support.make_support(plan, episodes, stream(seed, "forsorjningsstod")),
        "avslut": county_support.make_closings(plan, episodes, stream(seed, "avslut")),
        "planering": county_support.make_plans(plan, cases, episodes, stream(seed, "planering")),
        "ersattning": county_support.make_spells(plan, cases, people, stream(seed, "ersattning")),
        "bemanning": county_programme.make_staffing(plan, stream(seed, "bemanning")),
        "enkat": county_programme.make_survey(plan, cases_per_year, stream(seed, "enkat")),
        "medel": county_programme.make_grants(plan, stream(seed, "medel")),
        "malbedomning": county_programme.make_goals(plan, stream(seed, "malbedomning")),
        "observationer": county_programme.make_statements(plan, stream(seed, "observationer")),
    }
    return County(cases_per_year, seed, plan, facts)
