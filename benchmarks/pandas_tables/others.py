"""Tables 8 to 10 and 17 to 25: survey, units, meetings, plans, goals, grants, staffing, observations, target group."""

from __future__ import annotations

import pandas as pd

from benchmarks.pandas_tables.counting import (
    ALL_LEVELS,
    GENDER_COUNTS,
    LEADING,
    WIDE,
    also_all,
    by_gender,
    codes,
    filled,
    percent,
    summed,
    with_areas,
)
from benchmarks.pandas_tables.reading import Extracts, latest


def survey_tables(survey: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Tables 8 to 10."""
    sent = latest(survey, ["enkat_omgang", "respondent_id"]).rename(columns={"enkat_omgang": "wave_code"})
    sent = sent.assign(answered=sent["svarat"] == "J", sent_count=1)
    sent["known"] = sent["answered"] & sent["svar_redo"].notna()
    sent["ready"] = sent["known"] & sent["svar_redo"].isin(["4", "5"])
    both = also_all(sent.rename(columns={"kon": "gender"}), "gender", "T")
    keys = ["wave_code", "gender"]
    readiness = (
        both.groupby(keys)
        .agg(
            sent_count=("sent_count", "sum"),
            answered_count=("answered", "sum"),
            ready_count=("ready", "sum"),
            readiness_known_count=("known", "sum"),
        )
        .reset_index()
    )
    answers = both[both["known"]].rename(columns={"svar_redo": "answer_code"})
    counted = answers.groupby([*keys, "answer_code"]).size().rename("answer_count").reset_index()
    counted = filled(counted, keys, "answer_code", codes("readiness_answer"))
    known = counted.groupby(keys)["answer_count"].transform("sum")
    silent = sent[~sent["answered"]].assign(reason_code=lambda rows: rows["bortfallsorsak"].fillna("OKAND"))
    reasons = silent.groupby(["wave_code", "reason_code"]).size().rename("nonresponse_count").reset_index()
    all_silent = reasons.groupby("wave_code")["nonresponse_count"].transform("sum")
    return {
        "survey_readiness": readiness.assign(
            response_percent=percent(readiness["answered_count"], readiness["sent_count"]),
            ready_percent=percent(readiness["ready_count"], readiness["readiness_known_count"]),
        ),
        "survey_answer": counted.assign(answer_percent=percent(counted["answer_count"], known)),
        "survey_nonresponse": reasons.assign(share_percent=percent(reasons["nonresponse_count"], all_silent)),
    }


def unit_tables(extracts: Extracts, when: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Tables 17 to 19."""
    units = latest(extracts.frames["team"], ["team_id"])
    facts = also_all(with_areas(units).rename(columns={"enhetstyp": "unit_type"}), "unit_type", "ALL")
    rows = []
    for period in when.itertuples():
        ended = facts["team_till"].fillna(pd.Timestamp("2200-01-01"))
        has_team = (facts["team_fran"] <= period.last_day) & (ended >= period.last_day)
        rows.append(
            facts.assign(
                day=period.first_day, unit_count=1, team_count=has_team.astype(int), period=period.period
            )
        )
    coverage = pd.concat(
        summed(found, when[when["period"] == period], "day", ["unit_type"], ["unit_count", "team_count"])
        for found, period in zip(rows, when["period"], strict=True)
    )
    meetings = with_areas(extracts.frames["moten"].merge(units[["team_id", "kommunkod"]], on="team_id"))
    held, cancelled = meetings["status"] == "GENOMFORT", meetings["status"] == "INSTALLT"
    meetings = meetings.assign(
        scheduled_count=1,
        held_count=held.astype(int),
        cancelled_count=cancelled.astype(int),
        held_digital_count=(held & (meetings["form"] == "D")).astype(int),
        held_physical_count=(held & (meetings["form"] == "F")).astype(int),
        reason_code=meetings["installt_orsak"].fillna("OKAND"),
    )
    values = ["scheduled_count", "held_count", "cancelled_count", "held_digital_count", "held_physical_count"]
    table = summed(meetings, when, "motesdatum", [], values, ALL_LEVELS)
    return {
        "team_coverage": coverage.assign(
            coverage_percent=percent(coverage["team_count"], coverage["unit_count"])
        ),
        "meeting": table.assign(
            cancelled_percent=percent(table["cancelled_count"], table["scheduled_count"])
        ),
        "meeting_cancellation": summed(
            meetings[cancelled], when, "motesdatum", ["reason_code"], ["cancelled_count"]
        ),
    }


def lead_time_table(plans: pd.DataFrame, when: pd.DataFrame) -> pd.DataFrame:
    """Table 20."""
    plans = with_areas(plans.assign(kommunkod=plans["party"].str.removeprefix("kommun-")))
    plans["days"] = (plans["planeringsdatum"] - plans["forsta_kontakt"]).dt.days
    pieces = []
    for period in when.itertuples():
        within = plans[plans["planeringsdatum"].between(period.first_day, period.last_day)]
        for level in WIDE:
            days = within.groupby(level)["days"]
            found = pd.DataFrame(
                {"plan_count": days.size(), "median_days": days.quantile(0.5), "p90_days": days.quantile(0.9)}
            )
            found = found.rename_axis("area_code").reset_index()
            pieces.append(
                found.assign(period_type=period.period_type, period=period.period, area_level=level)
            )
    return pd.concat(pieces, ignore_index=True)


def target_group_table(support: pd.DataFrame, when: pd.DataFrame) -> pd.DataFrame:
    """Table 25."""
    facts = with_areas(support.assign(kommunkod=support["party"].str.removeprefix("kommun-")))
    facts["obstacle_code"] = facts["forsorjningshinder"].fillna("OKAND")
    facts["month"] = pd.to_datetime(facts["manad"])
    # The last of the order is the latest month, and of two genders in it the one that sorts first.
    facts = facts.sort_values(["month", "kon"], ascending=[True, False])
    pieces = []
    for period in when.itertuples():
        within = facts[facts["month"].between(period.first_day, period.last_day)]
        for level in WIDE:
            gender = within.drop_duplicates([level, "personnummer"], keep="last")[
                [level, "personnummer", "kon"]
            ]
            persons = within[[level, "personnummer", "obstacle_code"]].drop_duplicates()
            persons = pd.concat([persons, gender[[level, "personnummer"]].assign(obstacle_code="ALL")])
            counted = by_gender(persons.merge(gender, on=[level, "personnummer"]))
            found = counted.groupby([level, "obstacle_code"])[GENDER_COUNTS].sum().reset_index()
            found = found.rename(columns={level: "area_code"})
            pieces.append(
                found.assign(period_type=period.period_type, period=period.period, area_level=level)
            )
    return pd.concat(pieces, ignore_index=True)[[*LEADING, "obstacle_code", *GENDER_COUNTS]]


def programme_tables(extracts: Extracts, when: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Tables 21 to 24."""
    goals = extracts.frames["malbedomning"].sort_values("bedomningsdatum")
    goals = goals.drop_duplicates(["mal", "rapportor"], keep="last")
    names = {
        "mal": "goal_code",
        "rapportor": "reporter_code",
        "status": "status_code",
        "bedomningsdatum": "assessed_on",
    }
    grants = latest(extracts.frames["medel"], ["insats_id"])
    granted, used = (pd.to_numeric(grants[column]) for column in ("beviljat_kr", "utnyttjat_kr"))
    from_month, to_month = (grants[day].dt.year * 12 + grants[day].dt.month for day in ("fran", "till"))
    statements = extracts.frames["observationer"]
    themes = statements.assign(theme_code=statements["tema"].str.split("|")).explode("theme_code")
    themes = themes.assign(theme_code=themes["theme_code"].str.strip()).drop_duplicates(
        ["observation_id", "theme_code"]
    )
    themes = themes.rename(columns={"kategori": "category_code", "rapportor": "reporter_code"})
    return {
        "goal_status": goals.rename(columns=names)[list(names.values())],
        "grant_use": pd.DataFrame(
            {
                "project_id": grants["insats_id"],
                "municipality_code": grants["kommunkod"],
                "start_date": grants["fran"],
                "end_date": grants["till"],
                "month_count": to_month - from_month + 1,
                "granted_sek": granted.astype(float),
                "used_sek": used.astype(float),
                "unused_sek": (granted - used).astype(float),
                "used_percent": percent(used, granted),
            }
        ),
        "staffing": _staffing(extracts.frames["bemanning"], when),
        "observation_theme": themes.groupby(["category_code", "theme_code", "reporter_code"])
        .size()
        .rename("statement_count")
        .reset_index(),
    }


def _staffing(spans: pd.DataFrame, when: pd.DataFrame) -> pd.DataFrame:
    spans = latest(spans, ["party", "roll", "fran"])
    numbers = spans[["antal", "planerad_procent", "faktisk_procent", "faktiskt_antal"]].apply(pd.to_numeric)
    spans = spans.assign(
        party_code=spans["party"].str.removeprefix("kommun-").replace("fk", "FK"),
        role=spans["roll"],
        till=spans["till"].fillna(pd.Timestamp("2200-01-01")),
        planned=numbers["antal"] * numbers["planerad_procent"] / 100,
        actual=numbers["faktiskt_antal"].fillna(numbers["antal"]) * numbers["faktisk_procent"] / 100,
    )
    pieces = []
    for period in when.itertuples():
        within = spans[(spans["fran"] <= period.last_day) & (spans["till"] >= period.first_day)]
        days = (
            within["till"].clip(upper=period.last_day) - within["fran"].clip(lower=period.first_day)
        ).dt.days + 1
        part = days / ((period.last_day - period.first_day).days + 1)
        found = within.assign(planned_fte=within["planned"] * part, actual_fte=within["actual"] * part)
        found = found.groupby(["party_code", "role"])[["planned_fte", "actual_fte"]].sum().reset_index()
        pieces.append(found.assign(period_type=period.period_type, period=period.period))
    table = pd.concat(pieces, ignore_index=True)
    return table.assign(gap_fte=table["planned_fte"] - table["actual_fte"])
