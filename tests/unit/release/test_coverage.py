"""A figure is compared with the release before only where both rest on the same days."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagster_project.release.coverage import (
    Covered,
    changed_days,
    days_covered,
    merged,
    rests_on_same_days,
    without,
)

YEAR = (date(2021, 1, 1), date(2021, 12, 31))
FIRST = date(2021, 1, 1)
spans = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 20)).map(
        lambda pair: (FIRST + timedelta(pair[0]), FIRST + timedelta(pair[0] + pair[1]))
    ),
    max_size=6,
)


def days(found):
    return {start + timedelta(n) for start, end in found for n in range((end - start).days + 1)}


@given(spans)
def test_merged_spans_hold_the_same_days_once(some):
    found = merged(some)
    assert days(found) == days(some)
    assert all(a[1] + timedelta(1) < b[0] for a, b in pairwise(found))


@given(spans, spans)
def test_what_is_left_are_the_days_that_are_not_taken(some, taken):
    assert days(without(some, taken)) == days(some) - days(taken)


def covered(first, last, dataset="arenden", party="rg"):
    return Covered(party, dataset, date.fromisoformat(first), date.fromisoformat(last))


HALF, SECOND, WHOLE = (
    covered("2021-01-01", "2021-06-30"),
    covered("2021-07-01", "2021-12-31"),
    covered("2021-01-01", "2021-12-31"),
)


def test_days_that_a_party_gains_or_loses_have_changed():
    assert changed_days([HALF], [HALF, SECOND]) == {"arenden": [(date(2021, 7, 1), date(2021, 12, 31))]}
    assert changed_days([WHOLE], [HALF]) == {"arenden": [(date(2021, 7, 1), date(2021, 12, 31))]}


def test_a_cumulative_delivery_in_place_of_two_changes_nothing():
    assert changed_days([HALF, SECOND], [WHOLE]) == {"arenden": []}


def test_days_of_another_party_are_other_days():
    one, other = covered("2021-01-01", "2021-06-30", "avslut", "kommun-2180"), HALF
    joins = covered("2021-01-01", "2021-06-30", "avslut", "kommun-2181")
    assert changed_days([one, other], [one, other, joins])["avslut"]


@pytest.mark.parametrize(
    ("dataset", "day", "same"),
    [
        ("arenden", "2021-12-31", False),
        ("arenden", "2022-01-01", True),
        ("arenden", "2020-06-01", False),  # the year before, which the change is counted from
        ("arenden", "2019-12-31", True),
        ("forsorjningsstod", "2022-12-31", False),  # the follow-up after twelve months
        ("forsorjningsstod", "2023-03-01", True),
        ("samtycke", "2015-01-01", False),  # a consent of any earlier day counts
        ("samtycke", "2022-01-01", True),
        ("moten", "2021-05-05", True),  # the figure does not rest on meetings
    ],
)
def test_a_figure_of_a_year_rests_on_the_days_that_it_looks_at(dataset, day, same):
    changed = {dataset: [(date.fromisoformat(day),) * 2]}
    rests_on = {"arenden", "forsorjningsstod", "samtycke"}
    assert rests_on_same_days(rests_on, changed, YEAR) is same


def test_a_figure_to_date_rests_on_everything_delivered_since():
    changed = {"avslut": [(date(2025, 1, 1), date(2025, 1, 31))]}
    assert rests_on_same_days({"avslut"}, changed, YEAR)
    assert not rests_on_same_days({"avslut"}, changed, YEAR, open_ended=True)


def test_days_are_counted_once_whoever_covers_them():
    both = [HALF, covered("2021-06-01", "2021-07-31", party="kommun-2180")]
    assert days_covered(both, "arenden", date(2021, 6, 1), date(2021, 12, 31)) == 61
