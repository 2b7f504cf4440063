"""Faults by which the right rows hold wrong values: amounts, persons, codes, ends, shares."""

from __future__ import annotations

import pandas as pd

from tests.years.faults import Planting, fault


@fault("forsorjningsstod")
def amounts_in_thousands(planting: Planting) -> pd.DataFrame:
    """Thousands of crowns in the place of crowns."""
    return planting.rows.assign(belopp_kr=(planting.rows["belopp_kr"] / 1000).round(2))


@fault("forsorjningsstod")
def amounts_in_oren(planting: Planting) -> pd.DataFrame:
    """Hundredths of crowns in the place of crowns."""
    return planting.rows.assign(belopp_kr=planting.rows["belopp_kr"] * 100)


@fault("medel")
def grants_in_thousands(planting: Planting) -> pd.DataFrame:
    """Thousands of crowns in the place of crowns, in both amounts."""
    rows = planting.rows
    return rows.assign(beviljat_kr=rows["beviljat_kr"] / 1000, utnyttjat_kr=rows["utnyttjat_kr"] / 1000)


@fault("arenden")
def every_personal_number_blank(planting: Planting) -> pd.DataFrame:
    """An export without the column's values."""
    return planting.rows.assign(personnummer=None)


@fault("ersattning")
def every_spell_without_end(planting: Planting) -> pd.DataFrame:
    """Every spell as if it were running."""
    return planting.rows.assign(till=pd.NaT)


@fault("arenden", "forsorjningsstod", "enkat")
def genders_swapped(planting: Planting) -> pd.DataFrame:
    """Women as men and men as women."""
    return planting.rows.assign(kon=planting.rows["kon"].replace({"K": "M", "M": "K"}))


def _shifted(planting: Planting, column: str) -> pd.DataFrame:
    codes = planting.codes(column)
    following = dict(zip(codes, codes[1:] + codes[:1], strict=True))
    return planting.rows.assign(**{column: planting.rows[column].map(following, na_action="ignore")})


@fault("arenden")
def questions_shifted_by_one(planting: Planting) -> pd.DataFrame:
    """Each question under the code that follows its own."""
    return _shifted(planting, "fragestallning")


@fault("arenden")
def proposals_shifted_by_one(planting: Planting) -> pd.DataFrame:
    """Each proposal under the code that follows its own."""
    return _shifted(planting, "atgardsforslag")


@fault("forsorjningsstod")
def obstacles_shifted_by_one(planting: Planting) -> pd.DataFrame:
    """Each obstacle under the code that follows its own."""
    return _shifted(planting, "forsorjningshinder")


@fault("avslut")
def closing_reasons_shifted_by_one(planting: Planting) -> pd.DataFrame:
    """Each reason under the code that follows its own."""
    return _shifted(planting, "orsak")


@fault("ersattning")
def benefits_shifted_by_one(planting: Planting) -> pd.DataFrame:
    """Each benefit under the code that follows its own."""
    return _shifted(planting, "ersattning")


@fault("arenden")
def every_case_new(planting: Planting) -> pd.DataFrame:
    """Follow-ups delivered as new cases."""
    return planting.rows.assign(arendetyp="NY")


@fault("samtycke")
def consents_without_withdrawals(planting: Planting) -> pd.DataFrame:
    """Withdrawals left out."""
    return planting.rows.assign(aterkallat_datum=pd.NaT)


@fault("arenden", "moten", "team")
def another_countys_team_ids(planting: Planting) -> pd.DataFrame:
    """Teams of another county in the place of one's own."""
    return planting.rows.assign(team_id="20" + planting.rows["team_id"].str[2:])


@fault("arenden")
def every_case_in_one_municipality(planting: Planting) -> pd.DataFrame:
    """The seat of the county as everybody's home."""
    return planting.rows.assign(kommunkod="2180")


@fault("forsorjningsstod")
def every_obstacle_blank(planting: Planting) -> pd.DataFrame:
    """An export without the values of an optional column."""
    return planting.rows.assign(forsorjningshinder=None)


@fault("arenden")
def every_participation_blank(planting: Planting) -> pd.DataFrame:
    """An export without the values of the optional answers."""
    return planting.rows.assign(egen_fragestallning=None, deltog_mote=None, aterkoppling=None)


@fault("ersattning")
def every_extent_blank(planting: Planting) -> pd.DataFrame:
    """An export without the values of an optional column."""
    return planting.rows.assign(omfattning=None)


@fault("forsorjningsstod")
def main_income_inverted(planting: Planting) -> pd.DataFrame:
    """Yes for no and no for yes."""
    return planting.rows.assign(huvudinkomst=planting.rows["huvudinkomst"].replace({"J": "N", "N": "J"}))


@fault("bemanning")
def shares_in_place_of_percents(planting: Planting) -> pd.DataFrame:
    """0.9 where 90 percent is meant."""
    rows = planting.rows
    return rows.assign(
        planerad_procent=rows["planerad_procent"] / 100, faktisk_procent=rows["faktisk_procent"] / 100
    )


@fault("moten")
def every_meeting_held(planting: Planting) -> pd.DataFrame:
    """Cancelled meetings delivered as held."""
    return planting.rows.assign(status="GENOMFORT", installt_orsak=None)
