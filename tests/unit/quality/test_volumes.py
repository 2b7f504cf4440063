"""How many rows a delivery's season lets one expect."""

from datetime import date

import numpy as np
import pandas as pd

from dagster_project.quality.drift.volumes import Volume, expect, months_of


def months(first, counts):
    return dict(zip(pd.period_range(first, periods=len(counts), freq="M"), counts, strict=True))


SUMMER = pd.Period("2022-07", "M")
YEAR = [20.0] * 6 + [7.0] + [20.0] * 5


def test_nothing_is_expected_of_a_first_delivery():
    assert expect([SUMMER], {}) is None


def test_in_a_first_year_every_month_is_expected_to_be_as_the_others():
    found = expect([SUMMER], months("2022-01", [20.0] * 6))
    assert (found.low, found.high, found.is_seasonal) == (20, 20, False)


def test_a_summer_like_the_one_before_is_expected():
    found = expect([SUMMER], months("2021-01", YEAR + [20.0] * 6))
    assert found.is_seasonal
    assert found.low == 7
    assert found.high == np.mean([7.0] + [20.0] * 11)


def test_a_case_load_that_grows_moves_what_the_year_before_lets_one_expect():
    found = expect([pd.Period("2022-08", "M")], months("2021-01", [20.0] * 12 + [30.0] * 7))
    assert (found.low, found.high) == (20, 30)


def test_a_covered_month_without_rows_counts_as_none():
    volume = Volume("d", date(2021, 1, 1), date(2021, 3, 31), 5, 90, {pd.Period("2021-02", "M"): 5.0})
    assert list(months_of([volume]).values()) == [0, 5, 0]
