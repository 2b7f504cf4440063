"""What is about teams and parties and about no individual: units, meetings, staffing, grants, surveys, goals."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.years.county_plan import CountyPlan
from tests.years.draws import choose


def make_units(plan: CountyPlan, teams: pd.DataFrame) -> pd.DataFrame:
    """Rows of `team`: units with a team, and some without."""
    rows = teams.assign(enhetstyp="HC")
    without = []
    for code, own in teams.groupby("kommunkod"):
        for n in range(1, 2 + round(len(own) * plan.programme.units_without_team_per_team)):
            kind = "PSYK" if n == 1 else "HC"
            without.append({"team_id": f"{code}-{kind}-9{n}", "kommunkod": code, "enhetstyp": kind})
    units = pd.concat([rows, pd.DataFrame(without)], ignore_index=True)
    units["enhet"] = "Enhet " + units["team_id"]
    return units.sort_values("team_id", ignore_index=True).assign(folder="rg")


def make_meetings(plan: CountyPlan, teams: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Rows of `moten`: each team every other week, in July hardly any."""
    rows = []
    for place, team in enumerate(teams.itertuples()):
        until = team.team_till if pd.notna(team.team_till) else pd.Timestamp(plan.facts.last_day)
        since = max(team.team_fran, pd.Timestamp(plan.facts.first_day))
        first = since + pd.offsets.Week(weekday=place % 5)
        days = pd.date_range(first, until, freq=f"{plan.programme.meeting_every_days}D")
        rows += [(team.team_id, day) for day in days]
    found = pd.DataFrame(rows, columns=["team_id", "motesdatum"])
    rests = (found["motesdatum"].dt.month == 7) & (rng.random(len(found)) > plan.season[7])
    found = found[~rests].sort_values(["motesdatum", "team_id"], ignore_index=True)
    size = len(found)
    cancelled = rng.random(size) < plan.programme.cancelled_share
    reason = pd.Series(choose(rng, plan.programme.cancellation_reason, size)).replace("", None)
    return found.assign(
        mote_id=[f"M{n:06d}" for n in range(1, size + 1)],
        form=np.where(rng.random(size) < plan.programme.digital_share, "D", "F"),
        status=np.where(cancelled, "INSTALLT", "GENOMFORT"),
        installt_orsak=reason.where(cancelled),
        folder="rg",
    )


def make_staffing(plan: CountyPlan, rng: np.random.Generator) -> pd.DataFrame:
    """Rows of `bemanning`: each role's span of each half-year."""
    roles = [("fk", "Processledare", 1), ("fk", "Försäkringsutredare", 4)]
    roles += [
        (f"kommun-{place.code}", "Trisamhandläggare", 1 + (place.weight > 3)) for place in plan.municipalities
    ]
    spans = pd.date_range(plan.facts.first_day, plan.facts.last_day, freq="6MS")
    rows = []
    for folder, role, number in roles:
        planned = int(choose(rng, {50: 1, 75: 1, 90: 2, 100: 2}, 1)[0])
        for start in spans:
            actual = planned - int(choose(rng, {0: 3, 5: 2, 10: 2, 25: 1}, 1)[0])
            rows.append((folder, role, start, start + pd.offsets.MonthEnd(6), number, planned, actual))
    names = ["folder", "roll", "fran", "till", "antal", "planerad_procent", "faktisk_procent"]
    found = pd.DataFrame(rows, columns=names)
    fewer = (found["antal"] > 1) & (rng.random(len(found)) < 0.2)
    return found.assign(faktiskt_antal=(found["antal"] - 1).where(fewer))


def make_grants(plan: CountyPlan, rng: np.random.Generator) -> pd.DataFrame:
    """Rows of `medel`: a grant of each municipality and one of the county, each year."""
    years = range(plan.facts.first_day.year, plan.facts.last_day.year + 1)
    places = [(place.code, place.weight) for place in plan.municipalities] + [("", 6.0)]
    rows = [(year, code, weight) for year in years for code, weight in places]
    found = pd.DataFrame(rows, columns=["year", "kommunkod", "weight"])
    granted = (found["weight"] * 90 + rng.integers(100, 300, len(found))).round(0) * 1000
    return pd.DataFrame(
        {
            "insats_id": "BM-" + found["year"].astype(str) + "-" + found["kommunkod"].replace("", "LAN"),
            "insats": np.where(found["kommunkod"] == "", "Samordning (påhittad)", "Trisam (påhittad)"),
            "kommunkod": found["kommunkod"].replace("", None),
            "fran": pd.to_datetime(found["year"].astype(str) + "-01-01"),
            "till": pd.to_datetime(found["year"].astype(str) + "-12-31"),
            "beviljat_kr": granted,
            "utnyttjat_kr": (granted * rng.uniform(0.6, 1.0, len(found))).round(0),
            "folder": "finsam",
        }
    )


def make_survey(plan: CountyPlan, cases_per_year: int, rng: np.random.Generator) -> pd.DataFrame:
    """Rows of `enkat`: a wave in spring and one in autumn, `wave_day` in the half-year that it belongs to."""
    sent = max(
        plan.programme.survey_sent_at_least, round(cases_per_year * plan.programme.survey_sent_per_case)
    )
    waves = pd.date_range(plan.facts.first_day, plan.facts.last_day, freq="6MS")
    day = waves.repeat(rng.poisson(sent, len(waves)))
    wave = day.year.astype(str) + np.where(day.month < 7, "VT", "HT")
    size = len(day)
    answered = rng.random(size) < plan.programme.survey_answered_share
    ready = pd.Series(choose(rng, plan.programme.readiness, size)).replace("", None)
    reason = pd.Series(choose(rng, plan.programme.nonresponse, size)).replace("", None)
    return pd.DataFrame(
        {
            "enkat_omgang": wave,
            "respondent_id": [f"{one}-{n:05d}" for n, one in enumerate(wave, start=1)],
            "kon": choose(rng, {"K": 0.6, "M": 0.395, "A": 0.005}, size),
            "svarat": np.where(answered, "J", "N"),
            "svar_redo": ready.where(answered),
            "bortfallsorsak": reason.where(~answered),
            "wave_day": day,
            "folder": "finsam",
        }
    )


def make_goals(plan: CountyPlan, rng: np.random.Generator) -> pd.DataFrame:
    """Rows of `malbedomning`: every goal of every reporter at the end of each year."""
    rows = []
    for day in pd.date_range(plan.facts.first_day, plan.facts.last_day, freq="YE"):
        taking_part = [
            place.code
            for place in plan.municipalities
            if (place.since or day.date()) <= day.date() <= (place.until or day.date())
        ]
        rows += [
            (goal, who, day) for who in ("AF", "FK", "RG", *taking_part) for goal in plan.programme.goals
        ]
    found = pd.DataFrame(rows, columns=["mal", "rapportor", "bedomningsdatum"])
    shares = {"UPPFYLLT": 0.25, "DELVIS": 0.35, "EJ_UPPFYLLT": 0.15, "OKLART": 0.15, "EJ_KOMMENTERAT": 0.1}
    return found.assign(status=choose(rng, shares, len(found)), kommentar=None, folder="finsam")


def make_statements(plan: CountyPlan, rng: np.random.Generator) -> pd.DataFrame:
    """Rows of `observationer`: coded statements, most of them late in the year."""
    years = np.arange(plan.facts.first_day.year, plan.facts.last_day.year + 1)
    year = np.repeat(years, rng.poisson(plan.programme.statements_per_year, len(years)))
    size = len(year)
    day = pd.to_datetime(pd.Series(year).astype(str) + "-12-31") - pd.to_timedelta(
        rng.integers(0, 300, size), unit="D"
    )
    found = pd.DataFrame(
        {
            "rapportor": choose(rng, {"AF": 2, "FK": 2, "RG": 3, "FINSAM": 1, "2180": 1, "2181": 1}, size),
            "kategori": choose(rng, {"LARDOM": 4, "FRAMGANG": 3, "AVVIKELSE": 2, "SYSTEMFEL": 1}, size),
            "tema": choose(
                rng,
                {"SAMV_NYTTA": 3, "REGELVERK": 2, "REKO|INSTALLDA_TEAM": 1, "RESURS": 2, "LEDTID": 1},
                size,
            ),
            "datum": day,
            "folder": "finsam",
        }
    )
    found["observation_id"] = [f"O{n:05d}" for n in range(1, size + 1)]
    return found.assign(text="Påhittad utsaga " + found["observation_id"])
