"""Faults by which a file holds other rows than it should: of somebody else, of another time, fewer, more, or none."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from tests.years.faults import Planting, fault
from tests.years.periods import Period

BY_MONTH = {
    "forsorjningsstod": "manad",
    "arenden": "konsultationsdatum",
    "moten": "motesdatum",
    "avslut": "avslutsdatum",
}
_ANOTHER = {"kommun-2180": "kommun-2184", "kommun-2181": "kommun-2183"}
_DATED = {
    "arenden": ["konsultationsdatum"],
    "moten": ["motesdatum"],
    "forsorjningsstod": ["manad"],
    "avslut": ["avslutsdatum"],
    "planering": ["forsta_kontakt", "planeringsdatum"],
    "ersattning": ["fran", "till"],
    "samtycke": ["samtyckesdatum", "aterkallat_datum"],
}


def _year_earlier(period: Period) -> Period:
    last = period.last.replace(day=28) if (period.last.month, period.last.day) == (2, 29) else period.last
    end = last.replace(year=last.year - 1)
    # The last of the month, whatever the year.
    end = (end.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return Period(period.first.replace(year=period.first.year - 1), end)


def _moved(rows: pd.DataFrame, dataset: str, years: int) -> pd.DataFrame:
    moved = rows.copy()
    for column in _DATED[dataset]:
        moved[column] = moved[column] + pd.DateOffset(years=years)
    return moved


@fault("forsorjningsstod", "avslut", "planering", "samtycke")
def another_municipality_delivered(planting: Planting) -> pd.DataFrame:
    """The delivery of another municipality under this one's name."""
    return (
        planting.of_party(_ANOTHER[planting.delivery.party])
        if planting.delivery.party in _ANOTHER
        else planting.rows
    )


@fault("arenden", "moten", "forsorjningsstod", "avslut", "planering", "ersattning", "enkat")
def the_file_of_the_period_before(planting: Planting) -> pd.DataFrame:
    """The same file once more, under the name of the next period."""
    return planting.previous()


@fault("arenden", "moten", "forsorjningsstod", "avslut", "planering", "ersattning")
def last_years_file_with_dates_moved(planting: Planting) -> pd.DataFrame:
    """The file of the same period a year before, its dates moved to this year."""
    before = planting.of_period(_year_earlier(planting.delivery.period))
    moved = _moved(before, planting.delivery.dataset, 1)
    if planting.delivery.dataset == "arenden":
        moved["arende_id"] = moved["arende_id"] + "-N"
    return moved


@fault("arenden", "moten", "forsorjningsstod", "avslut", "ersattning", "samtycke", "enkat")
def every_second_row_missing(planting: Planting) -> pd.DataFrame:
    """An export that lost every second row."""
    return planting.rows.iloc[::2].reset_index(drop=True)


@fault("arenden", "moten", "forsorjningsstod", "avslut", "ersattning", "samtycke", "enkat")
def second_half_missing(planting: Planting) -> pd.DataFrame:
    """A file that was cut off in the middle."""
    return planting.rows.iloc[: len(planting.rows) // 2].reset_index(drop=True)


@fault("arenden", "moten", "forsorjningsstod", "avslut")
def one_month_missing(planting: Planting) -> pd.DataFrame:
    """A file of several months without the last of them."""
    month = planting.rows[BY_MONTH[planting.delivery.dataset]].dt.to_period("M")
    if month.nunique() < 2:
        return planting.rows
    return planting.rows[month < month.max()].reset_index(drop=True)


@fault("arenden", "moten", "forsorjningsstod", "ersattning", "enkat")
def no_rows(planting: Planting) -> pd.DataFrame:
    """An empty file for a period that never is empty."""
    return planting.rows.iloc[:0]


@fault("arenden", "moten", "enkat", "observationer")
def rows_doubled_under_new_ids(planting: Planting) -> pd.DataFrame:
    """Every row twice, the second time with another id."""
    key = {
        "arenden": "arende_id",
        "moten": "mote_id",
        "enkat": "respondent_id",
        "observationer": "observation_id",
    }
    column = key[planting.delivery.dataset]
    again = planting.rows.assign(**{column: planting.rows[column] + "-2"})
    return pd.concat([planting.rows, again], ignore_index=True)


@fault("arenden", "moten", "forsorjningsstod", "avslut", "planering", "ersattning", "samtycke")
def dates_a_year_off(planting: Planting) -> pd.DataFrame:
    """Every date a year too early."""
    return _moved(planting.rows, planting.delivery.dataset, -1)


@fault("planering")
def first_contacts_a_year_off(planting: Planting) -> pd.DataFrame:
    """The first contact a year too early, the plan right."""
    return planting.rows.assign(forsta_kontakt=planting.rows["forsta_kontakt"] - pd.DateOffset(years=1))
