"""Limits go by counts and their chance: a small and a large county are judged alike."""

import numpy as np
import pytest

from dagster_project.quality.drift.statistics import (
    correlation_within,
    count_score,
    distribution_change,
    distribution_score,
    mean_score,
    share_score,
)


def share(part, whole, base_part, base_whole, spread=0.05):
    return share_score(*(np.array([float(v)]) for v in (part, whole, base_part, base_whole, spread)))[0]


def test_the_same_share_of_few_and_of_many_lies_nowhere():
    assert share(9, 10, 900, 1000) == pytest.approx(0)
    assert share(9000, 10000, 900, 1000) == pytest.approx(0)


def test_a_share_of_few_is_judged_by_chance_and_one_of_many_by_what_ordinarily_differs():
    # One of ten in place of two is nothing; nor are ten points of a thousand and more, which parties differ by.
    assert abs(share(1, 10, 200, 1000)) < 1
    assert abs(share(300, 1000, 2000, 10000)) < 2
    assert share(0, 40, 930, 1000) < -10
    assert share(0, 4000, 930, 1000) < -10


def test_deliveries_that_differ_much_by_themselves_allow_for_more():
    assert abs(share(50, 100, 90, 100, spread=0.3)) < abs(share(50, 100, 90, 100))


def test_a_mean_in_thousands_is_far_off_even_of_three_rows():
    moved = mean_score(*(np.array([v]) for v in (np.log(7.2), 0.4, 3.0, np.log(7200.0), 500.0, 0.15)))[0]
    assert moved < -8
    usual = mean_score(*(np.array([v]) for v in (np.log(6100.0), 0.4, 3.0, np.log(7200.0), 500.0, 0.15)))[0]
    assert abs(usual) < 1


@pytest.mark.parametrize("expected", [60.0, 1000.0])
def test_half_of_a_season_is_odd_and_a_third_more_is_not(expected):
    assert count_score(np.array([expected / 2]), np.array([expected]), np.array([0.15]))[0] < -2.3
    assert count_score(np.array([expected * 1.33]), np.array([expected]), np.array([0.15]))[0] < 2.5


BASE = np.array([[38.0, 22, 18, 10, 8, 4], [41.0, 20, 17, 11, 7, 4], [36.0, 24, 19, 9, 8, 4]])


def test_a_code_list_shifted_by_one_is_seen_at_a_hundred_rows():
    shifted = np.roll(BASE[0], 1)
    assert distribution_score(shifted, BASE, correlation_within(BASE, 0.01)) > 4
    assert distribution_change(shifted, BASE.sum(axis=0)) > 0.15


def test_an_ordinary_delivery_has_an_ordinary_distribution():
    ordinary = np.array([40.0, 19, 20, 9, 9, 3])
    assert distribution_score(ordinary, BASE, correlation_within(BASE, 0.01)) < 2


def test_deliveries_that_differ_among_themselves_show_that_rows_are_alike():
    uneven = np.array([[80.0, 20], [20.0, 80], [80.0, 20]])
    assert correlation_within(uneven, 0.01) > 0.03
    assert correlation_within(BASE, 0.01) < 0.01
    assert correlation_within(uneven[:1], 0.01) == 0.01


def test_a_single_code_has_no_distribution():
    assert distribution_score(np.array([5.0]), np.array([[9.0]]), 0.01) == 0.0
