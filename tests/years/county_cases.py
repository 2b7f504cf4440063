"""Teams, consultations, and the consents of the persons they are about."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.years.county_people import People
from tests.years.county_plan import CountyPlan, Municipality
from tests.years.draws import choose, days_after, on_weekdays

PARTIES = ("AF", "FK", "KOMMUN", "RG")
# Later than every fact.
_NEVER = pd.Timestamp("2100-01-01")


def make_teams(plan: CountyPlan, cases_per_year: int) -> pd.DataFrame:
    """Care units with a team: `team_id`, `kommunkod`, `team_fran`, `team_till` (missing where it runs on)."""
    rows = []
    for place in plan.municipalities:
        number = max(1, round(cases_per_year * plan.share_of(place.code) / plan.teams.cases_per_team))
        changes = [c for c in (plan.teams.opening, plan.teams.closing) if c.municipality == place.code]
        for n in range(1, number + len(changes) + 1):
            change = changes[0] if changes and n == number + 1 else None
            since = (change and change.since) or place.since or plan.teams.first_day
            until = (change and change.until) or place.until
            rows.append(
                (f"{place.code}-HC-{n:02d}", place.code, pd.Timestamp(since), pd.Timestamp(until or pd.NaT))
            )
    return pd.DataFrame(rows, columns=["team_id", "kommunkod", "team_fran", "team_till"])


def make_cases(
    plan: CountyPlan, cases_per_year: int, people: People, teams: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """New cases by day: `case`, `day`, `kommunkod`, `team_id`, `kon`, `number` of the person, and the codes."""
    found = [_days_of(plan, cases_per_year, place, rng) for place in plan.municipalities]
    cases = pd.concat(found, ignore_index=True).sort_values(["day", "kommunkod"], ignore_index=True)
    cases["case"] = [f"C{n:06d}" for n in range(1, len(cases) + 1)]
    cases = cases.join(_persons_of(plan, cases, people, rng))
    cases["team_id"] = open_teams(cases["kommunkod"], cases["day"], teams, rng)
    size = len(cases)
    cases["initierande_part"] = choose(rng, plan.cases.party, size)
    cases["fragestallning"] = choose(rng, plan.cases.question, size)
    own = choose(rng, plan.cases.proposal, size)
    repeats = (rng.random(size) < plan.cases.proposal_repeats_question_share) & (
        cases["fragestallning"] != "GRUNDPLAN"
    )
    cases["atgardsforslag"] = np.where(repeats, cases["fragestallning"], own)
    return cases


def _days_of(
    plan: CountyPlan, cases_per_year: int, place: Municipality, rng: np.random.Generator
) -> pd.DataFrame:
    """The days of a municipality's new cases: weekdays, by season, growth and the municipality's share."""
    days = pd.bdate_range(plan.facts.first_day, plan.facts.last_day)
    first, last = pd.Timestamp(plan.growth.first_day), pd.Timestamp(plan.growth.last_day)
    grown = np.clip((days - first) / (last - first), 0, 1) * (plan.growth.factor - 1) + 1
    rate = np.asarray(grown * days.month.map(plan.season), dtype=float)
    years = plan.measured_years
    measured = (days.year >= years.first) & (days.year <= years.last)
    rate = rate * cases_per_year * (years.last - years.first + 1) / rate[measured].sum()
    number = rng.poisson(rate * plan.share_of(place.code))
    found = pd.DataFrame({"day": days.repeat(number), "kommunkod": place.code})
    since, until = place.since or plan.facts.first_day, place.until or plan.facts.last_day
    return found[found["day"].between(pd.Timestamp(since), pd.Timestamp(until))]


def _persons_of(
    plan: CountyPlan, cases: pd.DataFrame, people: People, rng: np.random.Generator
) -> pd.DataFrame:
    """The person of each case: somebody new, or somebody of the municipality who was there half a year before."""
    returning = rng.random(len(cases)) < plan.cases.returning_share
    drawn = people.draw(cases["kommunkod"].to_numpy())[["personnummer", "kon"]].to_numpy(copy=True)
    for _, of_place in cases.groupby("kommunkod"):
        earlier = np.searchsorted(of_place["day"], of_place["day"] - pd.Timedelta(days=150), side="right")
        for at, before in zip(of_place.index, earlier, strict=True):
            if returning[at] and before:
                drawn[at] = drawn[of_place.index[rng.integers(before)]]
    return pd.DataFrame(drawn, columns=["number", "kon"], index=cases.index)


def open_teams(
    municipalities: pd.Series, days: pd.Series, teams: pd.DataFrame, rng: np.random.Generator
) -> np.ndarray:
    """For each municipality and day one of its teams that are open."""
    chosen = np.empty(len(days), dtype=object)
    draw = rng.random(len(days))
    for code, own in teams.groupby("kommunkod"):
        at = np.flatnonzero(municipalities == code)
        day = days.to_numpy()[at][:, None]
        till = own["team_till"].fillna(_NEVER).to_numpy()
        open_now = (own["team_fran"].to_numpy() <= day) & (till >= day)
        nth = np.floor(draw[at] * open_now.sum(axis=1)).astype(int) + 1
        place = (open_now.cumsum(axis=1) == nth[:, None]).argmax(axis=1)
        chosen[at] = own["team_id"].to_numpy()[place]
    return chosen


def make_consultations(
    plan: CountyPlan, cases: pd.DataFrame, teams: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Rows of `arenden`: the new cases, and a follow-up of a part of them."""
    new = cases.assign(arende_id=cases["case"], arendetyp="NY")
    again = new[rng.random(len(new)) < plan.cases.follow_up_share].copy()
    first, last = plan.cases.follow_up_days
    again["day"] = on_weekdays(days_after(again["day"], rng.integers(first, last, len(again)))).to_numpy()
    until = again["kommunkod"].map(
        {m.code: pd.Timestamp(m.until or plan.facts.last_day) for m in plan.municipalities}
    )
    # A summer has few follow-ups as it has few cases.
    rests = (again["day"].dt.month == 7) & (rng.random(len(again)) > plan.season[7])
    again = again[(again["day"] <= until) & ~rests].reset_index(drop=True)
    again["team_id"] = open_teams(again["kommunkod"], again["day"], teams, rng)
    again = again.assign(arende_id=again["case"] + "U", arendetyp="UPPF")
    rows = pd.concat([new, again], ignore_index=True).sort_values(["day", "arende_id"], ignore_index=True)
    rows["personnummer"] = rows["number"].where(rng.random(len(rows)) < plan.cases.identified_share)
    for flag, share in plan.cases.flag_yes_share.items():
        answer = np.where(rng.random(len(rows)) < share, "J", "N")
        rows[flag] = pd.Series(answer).mask(rng.random(len(rows)) < plan.cases.flag_blank_share)
    return rows.rename(columns={"day": "konsultationsdatum"}).assign(folder="rg")


def make_consents(plan: CountyPlan, cases: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Rows of `samtycke`: one for each person and most parties, some of them withdrawn later."""
    first = cases.drop_duplicates("number")[["number", "kommunkod", "day"]]
    rows = first.merge(pd.DataFrame({"part": PARTIES}), how="cross")
    rows = rows[rng.random(len(rows)) < plan.consents.given_share].reset_index(drop=True)
    late = rng.random(len(rows)) < plan.consents.late_share
    shift = np.where(late, rng.integers(5, 40, len(rows)), -rng.integers(1, 40, len(rows)))
    given = days_after(rows["day"], shift)
    since = rows["kommunkod"].map(
        {m.code: pd.Timestamp(m.since or plan.facts.first_day) for m in plan.municipalities}
    )
    rows["samtyckesdatum"] = given.where(given >= since, since)
    withdrawn = days_after(rows["samtyckesdatum"], rng.integers(*plan.consents.withdrawn_days, len(rows)))
    rows["aterkallat_datum"] = withdrawn.where(rng.random(len(rows)) < plan.consents.withdrawn_share)
    municipal = "kommun-" + rows["kommunkod"]
    rows["folder"] = np.where(rows["part"] == "KOMMUN", municipal, rows["part"].str.lower())
    return rows.rename(columns={"number": "personnummer"})
