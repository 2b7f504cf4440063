"""New cases of known persons, with what they lived on at 0, 6 and 12 months. Tables are made elsewhere."""

from __future__ import annotations

import pandas as pd

from benchmarks.pandas_tables.counting import REFERENCE, codes, with_areas
from benchmarks.pandas_tables.reading import Extracts, latest

DAY = "konsultationsdatum"
HORIZONS = (6, 12)
BENEFITS = (*codes("benefit_af"), *codes("benefit_fk"))
TO_WORK = ["ARBETE", "STUDIER"]


def linkable_cases(extracts: Extracts) -> pd.DataFrame:
    """New cases with a person, and whether they are linkable to each party (`to_PARTY`)."""
    consultations = extracts.frames["arenden"]
    cases = consultations[(consultations["arendetyp"] == "NY") & consultations["personnummer"].notna()]
    cases = with_areas(cases).reset_index(drop=True).rename_axis("case_no").reset_index()
    consents = extracts.frames["samtycke"].groupby(["personnummer", "part"])
    given = consents.agg(
        since=("samtyckesdatum", "min"), withdrawn=("aterkallat_datum", "count")
    ).reset_index()
    valid = given[given["withdrawn"] == 0].pivot(index="personnummer", columns="part", values="since")
    cases = cases.merge(valid, on="personnummer", how="left")
    for party in codes("party"):
        cases[f"to_{party}"] = cases[party] <= cases[DAY]
    return cases.drop(columns=codes("party"))


def followed_cases(extracts: Extracts, linkable: pd.DataFrame) -> pd.DataFrame:
    """Cases linkable to the municipality: coverage, support, benefits, destination and closings at each horizon."""
    cases = linkable[linkable["to_KOMMUN"]].copy()
    cases["party"] = "kommun-" + cases["kommunkod"]
    cases["to_all"] = cases["to_AF"] & cases["to_FK"]
    cases["day_0"] = cases[DAY]
    for months in HORIZONS:
        cases[f"day_{months}"] = cases[DAY] + pd.DateOffset(months=months)
    cases = _with_coverage(extracts, cases)
    cases = _with_income_support(extracts.frames["forsorjningsstod"], cases)
    cases = _with_benefits(extracts.frames["ersattning"], cases)
    cases = _with_closings(extracts.frames["avslut"], cases)
    for horizon in (0, *HORIZONS):
        cases[f"destination_{horizon}"] = _destination(cases, horizon)
    return cases


def _with_coverage(extracts: Extracts, cases: pd.DataFrame) -> pd.DataFrame:
    support, closing = extracts.covered_days("forsorjningsstod"), extracts.covered_days("avslut")
    benefit_days = extracts.covered_days("ersattning").groupby("day")["party"].nunique()
    both = benefit_days.index[benefit_days == 2]
    for horizon in (0, *HORIZONS):
        day = f"day_{horizon}"
        for name, covered in (("support_covered", support), ("closing_covered", closing)):
            known = covered.rename(columns={"day": day}).assign(**{f"{name}_{horizon}": True})
            cases = cases.merge(known, on=["party", day], how="left")
            cases[f"{name}_{horizon}"] = cases[f"{name}_{horizon}"].eq(True)
        cases[f"benefit_covered_{horizon}"] = cases[day].isin(both)
    return cases.assign(closing_any=cases["party"].isin(closing["party"]))


def _with_income_support(support: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    main = support["huvudinkomst"].eq("J")
    months = support.assign(main=main).groupby(["personnummer", "manad"])["main"].any().reset_index()
    for horizon in (0, *HORIZONS):
        known = months.rename(columns={"manad": "month", "main": f"main_{horizon}"})
        cases = cases.assign(month=cases[f"day_{horizon}"].dt.strftime("%Y-%m"))
        cases = cases.merge(known, on=["personnummer", "month"], how="left")
        cases[f"income_{horizon}"] = cases[f"main_{horizon}"].notna()
        cases[f"main_{horizon}"] = cases[f"main_{horizon}"].eq(True)
    return cases.drop(columns="month")


def _with_benefits(spells: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    spells = latest(spells, ["party", "personnummer", "ersattning", "fran"])
    spells = spells.assign(till=spells["till"].fillna(pd.Timestamp("2200-01-01")))
    days = [DAY, "day_0", "day_6", "day_12"]
    pairs = cases.loc[cases["to_all"], ["case_no", "personnummer", *dict.fromkeys(days)]].merge(
        spells[["personnummer", "ersattning", "fran", "till"]], on="personnummer"
    )
    for horizon in (0, *HORIZONS):
        day = pairs[f"day_{horizon}"]
        held = (pairs["fran"] <= day) & (day <= pairs["till"])
        granted = (pairs["fran"] > pairs[DAY]) & (pairs["fran"] <= day)
        for benefit in BENEFITS:
            of_it = pairs["ersattning"] == benefit
            cases[f"{benefit}_{horizon}"] = cases["case_no"].isin(pairs.loc[held & of_it, "case_no"])
            cases[f"granted_{benefit}_{horizon}"] = cases["case_no"].isin(
                pairs.loc[granted & of_it, "case_no"]
            )
    return cases


def _with_closings(closings: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    pairs = cases[["case_no", "personnummer", DAY, "day_6", "day_12"]].merge(
        closings[["personnummer", "avslutsdatum", "orsak"]], on="personnummer"
    )
    pairs = pairs[pairs["avslutsdatum"] > pairs[DAY]]
    work = pairs[pairs["orsak"].isin(TO_WORK)].groupby("case_no")["avslutsdatum"].min().rename("work_on")
    cases = cases.merge(work, on="case_no", how="left")
    ordered = pairs.sort_values(["avslutsdatum", "orsak"], ascending=[False, True])
    for horizon in HORIZONS:
        within = ordered[ordered["avslutsdatum"] <= ordered[f"day_{horizon}"]].drop_duplicates("case_no")
        last = within[["case_no", "orsak"]].rename(columns={"orsak": f"closing_{horizon}"})
        cases = cases.merge(last, on="case_no", how="left")
    return cases


def _destination(cases: pd.DataFrame, horizon: int) -> pd.Series:
    ladder = pd.read_csv(REFERENCE / "ladder.csv").sort_values("sort_order", ascending=False)
    found = pd.Series("OKAND", index=cases.index)
    for code in ladder["destination_code"]:
        if code == "FORSORJNINGSSTOD":
            found[cases[f"main_{horizon}"]] = code
        elif code == "FORSORJNINGSSTOD_DEL":
            found[cases[f"income_{horizon}"]] = code
        elif code in BENEFITS:
            found[cases[f"{code}_{horizon}"]] = code
        elif code in TO_WORK and horizon:
            found[cases[f"closing_{horizon}"] == code] = code
    return found
