"""What a notice says, and that a late delivery is told once."""

from datetime import date

import pytest

from dagster_project.automation.calendar import Covered, Duty, standings
from dagster_project.notices.lateness import Told, news, remembered
from dagster_project.notices.message import FailedRun, of_failed_run, of_late_deliveries

DUTY = Duty(party="kommun-2180", dataset="avslut", cadence="quarter", due_days=20, first_day=date(2021, 1, 1))
OTHER = DUTY.model_copy(update={"dataset": "planering"})


def on(now, *covered):
    return standings([DUTY, OTHER], [Covered(*one) for one in covered], now)


def names(found):
    return [one.duty.dataset for one in found]


def test_a_name_that_looks_like_a_personal_number_is_masked():
    notice = of_failed_run(FailedRun("forget", "r", "19121212-1212", [], []), "")
    assert "1212-1212" not in notice.text
    assert "1212-1212" not in str(notice.facts)


def test_a_notice_of_a_refused_run_names_the_delivery_and_the_expectation():
    run = FailedRun(
        "publish_release",
        "r",
        "inbox",
        ["expect_extracts"],
        ["quality/delivery: expectations_delivery"],
        ["kommun-2181/avslut_2022.csv (missing_column)"],
        ["no_delivery_rejected"],
    )
    notice = of_failed_run(run, "")
    assert "Delivery that was refused: kommun-2181/avslut_2022.csv (missing_column)" in notice.text
    assert "Expectation that did not pass: no_delivery_rejected" in notice.text
    assert notice.facts["deliveries"] == ["kommun-2181/avslut_2022.csv (missing_column)"]
    assert notice.facts["expectations"] == ["no_delivery_rejected"]


def test_a_notice_of_late_deliveries_names_them_and_since_when():
    notice = of_late_deliveries(on(date(2021, 4, 21)), "")
    assert notice.subject == "Trisam: 2 deliveries are late"
    assert "kommun-2180/avslut: 2021-01-01 to 2021-03-31 is not delivered, due 2021-04-20" in notice.text
    assert notice.facts["late"][0]["delivery"] == "kommun-2180/avslut"


def test_a_late_delivery_is_told_once():
    first, told = news(Told(), on(date(2021, 4, 21)))
    again, after = news(told, on(date(2021, 5, 30)))
    assert names(first) == ["avslut", "planering"]
    assert again == []
    assert after == told


def test_it_is_told_again_when_more_is_owed():
    _, told = news(Told(), on(date(2021, 4, 21)))
    more, _ = news(told, on(date(2021, 7, 21)))
    assert names(more) == ["avslut", "planering"]


def test_a_party_that_has_delivered_is_told_when_it_is_late_the_next_time():
    quarter = ("kommun-2180", "avslut", date(2021, 1, 1), date(2021, 3, 31))
    _, told = news(Told(), on(date(2021, 4, 21)))
    none, told = news(told, on(date(2021, 4, 22), quarter))
    assert none == []
    again, _ = news(told, on(date(2021, 4, 23)))
    assert names(again) == ["avslut"]


@pytest.mark.parametrize("text", [None, "", "x", "[]", '{"late": 3}', '{"more": 1}'])
def test_a_memory_that_does_not_read_is_as_good_as_none(text):
    assert remembered(text) == Told()
