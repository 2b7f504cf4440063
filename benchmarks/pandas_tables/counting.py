"""Periods and areas: facts are summed up once per period and area level. No indicators here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

REFERENCE = Path(__file__).resolve().parents[2] / "seeds" / "reference"
LEADING = ["period_type", "period", "area_level", "area_code"]
WIDE = ("county", "municipality")
ALL_LEVELS = ("county", "municipality", "team")


def codes(list_name: str) -> list[str]:
    """The codes of a list."""
    found = pd.read_csv(REFERENCE / "code_list.csv", dtype=str)
    return list(found.loc[found["list_name"] == list_name, "code"])


def periods(covered: pd.DataFrame) -> pd.DataFrame:
    """Every period: type, code, first and last day, and the code of the one before (blank where there is none)."""
    days = pd.date_range(covered["day"].min(), covered["day"].max())
    rows = []
    for kind, frequency in (("year", "Y"), ("quarter", "Q")):
        for found in days.to_period(frequency).unique():
            rows.append((kind, str(found), found.start_time, found.end_time.normalize()))
    for year in sorted(set(days.year)):
        for half in (1, 2):
            first = pd.Timestamp(year, half * 6 - 5, 1)
            rows.append(("half_year", f"{year}H{half}", first, first + pd.DateOffset(months=6, days=-1)))
    found = pd.DataFrame(rows, columns=["period_type", "period", "first_day", "last_day"])
    found = found[(found["first_day"] <= days[-1]) & (found["last_day"] >= days[0])].sort_values("period")
    found["previous"] = found.groupby("period_type")["period"].shift()
    reporting = pd.read_csv(REFERENCE / "reporting_period.csv", parse_dates=["start_date", "end_date"])
    named = reporting.rename(columns={"code": "period", "start_date": "first_day", "end_date": "last_day"})
    return pd.concat(
        [found, named.assign(period_type="reporting").drop(columns="label_sv")], ignore_index=True
    )


def with_areas(facts: pd.DataFrame, municipality: str = "kommunkod") -> pd.DataFrame:
    """Facts with columns named for the area levels."""
    return facts.assign(
        county=facts[municipality].str[:2], municipality=facts[municipality], team=facts.get("team_id")
    )


def summed(
    facts: pd.DataFrame,
    when: pd.DataFrame,
    day: str,
    keys: Sequence[str],
    values: Sequence[str],
    levels: Sequence[str] = WIDE,
) -> pd.DataFrame:
    """The sums of columns by period, area and keys, as integers."""
    pieces = []
    for period in when.itertuples():
        within = facts[facts[day].between(period.first_day, period.last_day)]
        for level in levels:
            found = within.groupby([level, *keys], observed=True)[list(values)].sum().reset_index()
            found = found.rename(columns={level: "area_code"})
            found.insert(0, "area_level", level)
            found.insert(0, "period", period.period)
            found.insert(0, "period_type", period.period_type)
            pieces.append(found)
    return pd.concat(pieces, ignore_index=True).astype(dict.fromkeys(values, "int64"))


def filled(table: pd.DataFrame, keys: list[str], column: str, wanted: Sequence[str]) -> pd.DataFrame:
    """A table with every code of a list for each combination of keys that it has, zeros where there was none."""
    places = table[keys].drop_duplicates().merge(pd.DataFrame({column: list(wanted)}), how="cross")
    found = places.merge(table, on=[*keys, column], how="left")
    numbers = [name for name in table.columns if name not in {*keys, column}]
    return found.fillna(dict.fromkeys(numbers, 0)).astype(dict.fromkeys(numbers, "int64"))


def with_previous(
    table: pd.DataFrame, when: pd.DataFrame, keys: list[str], value: str, name: str
) -> pd.DataFrame:
    """A table with the same value one period before: 0 where that period exists and has none."""
    before = table[["period_type", "period", *keys, value]].rename(
        columns={"period": "previous", value: name}
    )
    found = table.merge(when[["period_type", "period", "previous"]], on=["period_type", "period"])
    found = found.merge(before, on=["period_type", "previous", *keys], how="left")
    found.loc[found["previous"].notna(), name] = found.loc[found["previous"].notna(), name].fillna(0)
    found.loc[found["previous"].isna(), name] = None
    return found.drop(columns="previous").astype({name: "Int64"})


def percent(part: pd.Series, whole: pd.Series) -> pd.Series:
    """100 × part / whole, missing where the whole is 0."""
    return 100 * part.astype("float64") / whole.astype("float64").where(whole != 0)


def also_all(facts: pd.DataFrame, column: str, code: str) -> pd.DataFrame:
    """Facts, and once more under a code that stands for all."""
    return pd.concat([facts, facts.assign(**{column: code})], ignore_index=True)


def by_gender(facts: pd.DataFrame) -> pd.DataFrame:
    """Facts with a 0/1 column for each gender and 1 for all."""
    return facts.assign(
        unknown_count=(facts["kon"] == "A").astype(int),
        women_count=(facts["kon"] == "K").astype(int),
        men_count=(facts["kon"] == "M").astype(int),
        total_count=1,
    )


GENDER_COUNTS = ["unknown_count", "women_count", "men_count", "total_count"]
