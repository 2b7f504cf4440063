"""The parts that the sample is built of: fair rounding, margins, personnummer, dates, endings."""

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from personnummer.personnummer import Personnummer

from dagster_project.sample.allocation import integer_table, largest_remainder, parts_of_percents
from dagster_project.sample.days import add_months, parse_period
from dagster_project.sample.people import NumberSource, number_of
from dagster_project.sample.targets import Figure, SampleTargetMissedError, read_figures

counts = st.lists(st.integers(0, 60), min_size=2, max_size=7)


@given(total=st.integers(0, 5000), weights=st.lists(st.floats(0.01, 100), min_size=1, max_size=12))
def test_largest_remainder_keeps_the_total_and_rounds_each_part_to_a_neighbour(
    total: int, weights: list[float]
) -> None:
    parts = largest_remainder(total, weights)
    assert sum(parts) == total
    exact = [total * weight / sum(weights) for weight in weights]
    assert all(abs(part - value) < 1 + 1e-6 for part, value in zip(parts, exact, strict=True))


@given(rows=counts, seed=st.integers(0, 1000))
def test_integer_table_has_exactly_the_margins_asked_for(rows: list[int], seed: int) -> None:
    rng = random.Random(seed)
    columns = [0] * 5
    for _ in range(sum(rows)):
        columns[rng.randrange(5)] += 1
    row_totals = {f"r{i}": n for i, n in enumerate(rows)}
    column_totals = {f"c{i}": n for i, n in enumerate(columns)}
    table = integer_table(row_totals, column_totals, {"r0": {"c1": 9.0}})
    for margin, place in ((row_totals, 0), (column_totals, 1)):
        sums = {name: sum(n for cell, n in table.items() if cell[place] == name) for name in margin}
        assert sums == margin


def test_integer_table_refuses_margins_that_differ() -> None:
    with pytest.raises(SampleTargetMissedError):
        integer_table({"a": 2}, {"b": 3}, {})


def test_parts_add_up_and_each_percent_lies_within_its_tolerance() -> None:
    percents = [(23.0, 0.5), (18.0, 0.5), (21.0, 0.5)]
    parts = parts_of_percents(122, 25, percents, [45, 50, 45])
    assert (sum(size for size, _ in parts), sum(hits for _, hits in parts)) == (122, 25)
    for (size, hits), (percent, tolerance) in zip(parts, percents, strict=True):
        assert abs(100 * hits / size - percent) < tolerance


def test_percents_that_contradict_the_total_are_refused() -> None:
    with pytest.raises(SampleTargetMissedError):
        parts_of_percents(122, 25, [(50.0, 0.5), (60.0, 0.5)], [70, 70])


@pytest.mark.parametrize("gender", ["K", "M"])
def test_drawn_numbers_are_valid_and_of_the_gender_asked_for(gender: str) -> None:
    source = NumberSource(random.Random(1), coordination_share=0.3)
    drawn = [source.draw(gender) for _ in range(300)]
    assert len(set(drawn)) == 300
    assert all(Personnummer(number).is_female() == (gender == "K") for number in drawn)
    assert any(Personnummer(number).is_coordination_number() for number in drawn)


def test_a_samordningsnummer_has_sixty_added_to_its_day() -> None:
    assert number_of(date(1980, 2, 9), 985, coordination=True).startswith("19800269985")


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2020, 8, 31), 6, date(2021, 2, 28)),
        (date(2019, 8, 31), 6, date(2020, 2, 29)),
        (date(2020, 2, 29), 12, date(2021, 2, 28)),
        (date(2021, 12, 15), 6, date(2022, 6, 15)),
    ],
)
def test_a_follow_up_date_is_clipped_to_the_months_last_day(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2021", date(2021, 1, 1), date(2021, 12, 31)),
        ("2021H2", date(2021, 7, 1), date(2021, 12, 31)),
        ("2021Q3", date(2021, 7, 1), date(2021, 9, 30)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("20191201-20211231", date(2019, 12, 1), date(2021, 12, 31)),
    ],
)
def test_a_period_is_read_as_its_first_and_last_day(period: str, first: date, last: date) -> None:
    assert parse_period(period) == (first, last)


def test_a_figure_is_met_up_to_and_with_its_tolerance_and_not_beyond() -> None:
    figure = Figure("x", "self_support", {}, "self_support_percent", "23", "percent", 0.5)
    assert figure.met_by(22.5)
    assert not figure.met_by(22.49)
    assert not figure.met_by(None)


def test_looking_up_a_figure_that_is_not_published_fails() -> None:
    with pytest.raises(SampleTargetMissedError):
        read_figures().one("question", "women_count", question_code="INGEN")
