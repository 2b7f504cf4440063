"""Two delivery days through code server, daemon, queue and launcher, with the clock turned; `make years-dagster` in short."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from dagster_project.errors import TrisamError
from tests.faults.scene import CLEAN
from tests.years_dagster.clock import library
from tests.years_dagster.home import driven_home
from tests.years_dagster.lateness import Expected
from tests.years_dagster.steps import Step, by_day, by_year, days_after_due, with_broken

FIRST, SECOND = date(2022, 12, 1), date(2023, 1, 16)


def has_clock() -> bool:
    try:
        return bool(library())
    except TrisamError:
        return False


def two_days() -> list[Step]:
    history, last_year = by_year(CLEAN, 2021)[:2]
    closed = {name: content for name, content in last_year.files.items() if "avslut" in name}
    return list(with_broken([replace(history, day=FIRST), Step(SECOND, closed)], {1}))


# Ten processor minutes: `make years-dagster-short` runs it, `make test` does not.
@pytest.mark.slow
@pytest.mark.skipif(not has_clock(), reason="needs libfaketime")
def test_each_delivery_day_ends_as_it_must_and_late_parties_are_told(tmp_path):
    published, refused = two_days()
    with driven_home(tmp_path, datetime(2022, 11, 30, 12), print) as driver:
        first = driver.pass_day(published)
        second = driver.pass_day(refused)
    assert (first.faults, second.faults) == ([], [])
    assert first.published < second.published
    assert {run.started_by for run in second.runs} == {"every_morning", "inbox", "a person"}
    assert [run.succeeded for run in second.runs if run.started_by == "inbox"] == [False]
    assert ("af/ersattning", "2022-01-01", "2022-06-30") in second.told_late
    assert not any(name == "af/samtycke" for name, *_ in second.told_late)


def test_a_broken_file_comes_whole_with_the_next_step():
    steps = [Step(date(2021, 1, day), {f"rg/moten_202{day}.csv": b"a;b\n1;2\n"}) for day in (1, 2, 3)]
    first, broken, after = with_broken(steps, {1})
    assert (first, after.ending) == (steps[0], "published")
    assert (broken.ending, broken.broken, broken.files) == (
        "refused",
        ("rg/moten_2022.csv",),
        {"rg/moten_2022.csv": b"a\n1\n"},
    )
    assert after.files == {**steps[1].files, **steps[2].files}


def test_steps_of_one_day_are_one():
    day = date(2021, 1, 1)
    assert by_day([Step(day, {"a": b"1"}), Step(day, ending="nothing", erased=("x",))]) == [
        Step(day, {"a": b"1"}, "published", ("x",))
    ]


def test_a_party_is_expected_to_be_told_late_on_the_day_after_it_was_due_and_once():
    expected = Expected()
    expected.arrived(["rg/arenden_20191201-20211231.csv", "rg/moten_20191201-20210930.csv"])
    late = [{name for name, *_ in expected.newly_late(date(2022, 1, day))} for day in (20, 21, 22)]
    assert ["rg/moten" in one for one in late] == [False, True, False]
    assert not any("rg/arenden" in one for one in late)


def test_every_day_after_something_is_due_is_looked_at():
    days = [step.day for step in days_after_due(date(2021, 4, 1), date(2021, 8, 1))]
    assert days == [date(2021, 4, 21), date(2021, 7, 21), date(2021, 8, 1)]
