"""Tables 11 to 16: what became of the cases, from cases that are followed up."""

from __future__ import annotations

import pandas as pd

from benchmarks.pandas_tables.counting import LEADING, REFERENCE, also_all, filled, percent, summed
from benchmarks.pandas_tables.persons import BENEFITS, DAY, HORIZONS

COUNTS = ["cohort_count", "start_count", "horizon_count"]


def follow_up_tables(cases: pd.DataFrame, when: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The tables of follow-ups, by name."""
    supported = _supported(cases)
    by_gender = summed(
        also_all(supported.rename(columns={"kon": "gender"}), "gender", "T"),
        when, DAY, ["gender", "scope", "horizon_months"], COUNTS,
    )  # fmt: skip
    by_party = summed(
        supported.rename(columns={"initierande_part": "party_code"}),
        when, DAY, ["party_code", "scope", "horizon_months"], COUNTS, ("county",),
    )  # fmt: skip
    return {
        "support_follow_up": _changed(by_gender),
        "support_by_party": _changed(by_party),
        "self_support": _self_support(cases, when),
        "destination": _destinations(cases, when),
        "new_benefit": _new_benefits(cases, when),
        "step_progress": _steps(cases, when),
    }


def _cohort(cases: pd.DataFrame, horizon: int, *, at_start: bool) -> pd.Series:
    reached = cases["to_all"] & cases[f"support_covered_{horizon}"] & cases[f"benefit_covered_{horizon}"]
    return reached & cases["support_covered_0"] & cases["benefit_covered_0"] if at_start else reached


def _supported(cases: pd.DataFrame) -> pd.DataFrame:
    """A row per case, scope and horizon of a cohort, with 0/1 for support at the start and at the horizon."""
    scopes = pd.read_csv(REFERENCE / "benefit_scope.csv").groupby("scope")["benefit_code"].agg(list)
    rows = []
    for scope, benefits in scopes.items():
        others = [code for code in benefits if code in BENEFITS]
        for horizon in HORIZONS:
            cohort = (
                _cohort(cases, horizon, at_start=True)
                if others
                else cases["support_covered_0"] & cases[f"support_covered_{horizon}"]
            )
            held = {
                when: cases[f"income_{when}"] | cases[[f"{code}_{when}" for code in others]].any(axis=1)
                for when in (0, horizon)
            }
            found = cases[[DAY, "county", "municipality", "kon", "initierande_part"]].assign(
                scope=scope, horizon_months=horizon, cohort_count=1,
                start_count=held[0].astype(int), horizon_count=held[horizon].astype(int),
            )  # fmt: skip
            rows.append(found[cohort])
    return pd.concat(rows, ignore_index=True)


def _changed(table: pd.DataFrame) -> pd.DataFrame:
    start, end = (percent(table[f"{name}_count"], table["cohort_count"]) for name in ("start", "horizon"))
    return table.assign(
        start_percent=start,
        horizon_percent=end,
        change_points=end - start,
        change_percent=percent(table["horizon_count"] - table["start_count"], table["start_count"]),
    )


def _self_support(cases: pd.DataFrame, when: pd.DataFrame) -> pd.DataFrame:
    known = cases[cases["closing_any"]]
    rows = [known.assign(horizon="to_date", yes=known["work_on"].notna())]
    for horizon in HORIZONS:
        covered = known[known[f"closing_covered_{horizon}"]]
        rows.append(covered.assign(horizon=str(horizon), yes=covered["work_on"] <= covered[f"day_{horizon}"]))
    facts = pd.concat(rows).rename(columns={"kon": "gender"})
    facts = also_all(facts.assign(cohort_count=1, self_support_count=facts["yes"].astype(int)), "gender", "T")
    table = summed(facts, when, DAY, ["gender", "horizon"], ["cohort_count", "self_support_count"])
    return table.assign(self_support_percent=percent(table["self_support_count"], table["cohort_count"]))


def _destinations(cases: pd.DataFrame, when: pd.DataFrame) -> pd.DataFrame:
    facts = pd.concat(
        found.assign(horizon_months=h, destination_code=found[f"destination_{h}"], person_case_count=1)
        for h in HORIZONS
        for found in [cases[_cohort(cases, h, at_start=False)]]
    )
    table = summed(facts, when, DAY, ["horizon_months", "destination_code"], ["person_case_count"])
    ladder = pd.read_csv(REFERENCE / "ladder.csv")
    keys = [*LEADING, "horizon_months"]
    table = filled(table, keys, "destination_code", ladder["destination_code"])
    cohort = table.groupby(keys)["person_case_count"].transform("sum")
    return table.assign(share_percent=percent(table["person_case_count"], cohort))


def _new_benefits(cases: pd.DataFrame, when: pd.DataFrame) -> pd.DataFrame:
    facts = pd.concat(
        found.assign(
            horizon_months=h,
            benefit_code=benefit,
            granted_count=found[f"granted_{benefit}_{h}"].astype(int),
            cohort_count=1,
        )
        for h in HORIZONS
        for found in [cases.loc[_cohort(cases, h, at_start=False)]]
        for benefit in BENEFITS
    )
    return summed(facts, when, DAY, ["horizon_months", "benefit_code"], ["granted_count", "cohort_count"])


def _steps(cases: pd.DataFrame, when: pd.DataFrame) -> pd.DataFrame:
    ladder = pd.read_csv(REFERENCE / "ladder.csv").set_index("destination_code")["step"]
    rows = []
    for horizon in HORIZONS:
        cohort = cases[_cohort(cases, horizon, at_start=True)]
        moved = cohort[f"destination_{horizon}"].map(ladder) - cohort["destination_0"].map(ladder)
        rows.append(
            cohort.rename(columns={"kon": "gender"}).assign(
                horizon_months=horizon,
                cohort_count=1,
                forward_count=(moved > 0).astype(int),
                unchanged_count=(moved == 0).astype(int),
                backward_count=(moved < 0).astype(int),
            )
        )
    values = ["cohort_count", "forward_count", "unchanged_count", "backward_count"]
    facts = also_all(pd.concat(rows), "gender", "T")
    table = summed(facts, when, DAY, ["gender", "horizon_months"], values)
    return table.assign(forward_percent=percent(table["forward_count"], table["cohort_count"]))
