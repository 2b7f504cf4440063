"""Who owes what on a day: by the calendar, by what is in force, and by nothing else."""

import shutil
from datetime import date, timedelta

import pytest

from dagster_project.automation.calendar import (
    REFERENCE_DIR,
    CalendarError,
    Covered,
    Duty,
    first_gap,
    load_duties,
    load_report_days,
    owed_until,
    period_end,
    read_duties,
    standings,
)
from dagster_project.contract import load_contract

QUARTERLY = Duty(party="rg", dataset="arenden", cadence="quarter", due_days=20, first_day=date(2021, 1, 1))
ENDING = QUARTERLY.model_copy(update={"last_day": date(2021, 5, 31)})


def late(duty, spans, now):
    covered = [Covered(duty.party, duty.dataset, *span) for span in spans]
    (standing,) = standings([duty], covered, now)
    return standing.missing_from


@pytest.mark.parametrize(
    ("cadence", "expected"),
    [
        ("month", date(2024, 2, 29)),
        ("quarter", date(2024, 3, 31)),
        ("half_year", date(2024, 6, 30)),
        ("year", date(2024, 12, 31)),
    ],
)
def test_a_period_ends_with_its_calendar_month_quarter_half_year_or_year(cadence, expected):
    assert period_end(cadence, date(2024, 2, 3)) == expected
    assert period_end(cadence, expected) == expected
    assert period_end(cadence, expected + timedelta(days=1)) > expected


@pytest.mark.parametrize(
    ("now", "owed"),
    [
        (date(2021, 3, 31), None),
        (date(2021, 4, 20), None),  # the twentieth day is the last one
        (date(2021, 4, 21), date(2021, 3, 31)),
        (date(2021, 7, 20), date(2021, 3, 31)),
        (date(2026, 11, 22), date(2026, 9, 30)),
    ],
)
def test_a_period_is_owed_from_the_day_after_it_was_due(now, owed):
    assert owed_until(QUARTERLY, now) == owed


def test_a_duty_that_has_ended_owes_nothing_beyond_its_last_day():
    assert owed_until(ENDING, date(2021, 6, 20)) == date(2021, 3, 31)
    assert owed_until(ENDING, date(2021, 6, 21)) == date(2021, 5, 31)
    assert owed_until(ENDING, date(2030, 1, 1)) == date(2021, 5, 31)


def test_a_party_is_late_when_a_day_that_is_owed_is_stated_by_no_delivery_in_force():
    quarter = (date(2021, 1, 1), date(2021, 3, 31))
    assert late(QUARTERLY, [quarter], date(2021, 4, 21)) is None
    assert late(QUARTERLY, [], date(2021, 4, 20)) is None
    assert late(QUARTERLY, [], date(2021, 4, 21)) == date(2021, 1, 1)
    assert late(QUARTERLY, [quarter], date(2021, 7, 21)) == date(2021, 4, 1)


def test_a_later_delivery_does_not_hide_an_earlier_gap():
    spans = [(date(2021, 1, 1), date(2021, 1, 31)), (date(2021, 3, 1), date(2021, 6, 30))]
    assert late(QUARTERLY, spans, date(2021, 4, 21)) == date(2021, 2, 1)


def test_what_another_party_or_dataset_delivers_does_not_count():
    spans = (date(2021, 1, 1), date(2021, 12, 31))
    others = [Covered("af", "arenden", *spans), Covered("rg", "moten", *spans)]
    (standing,) = standings([QUARTERLY], others, date(2021, 4, 21))
    assert standing.is_late
    assert (standing.owed_until, standing.was_due) == (date(2021, 3, 31), date(2021, 4, 20))


@pytest.mark.parametrize(
    ("spans", "gap"),
    [
        ([], 1),
        ([(1, 9)], None),
        ([(1, 3), (4, 9)], None),
        ([(4, 9), (1, 3)], None),
        ([(1, 5), (3, 4)], 6),
        ([(2, 9)], 1),
        ([(1, 3), (5, 9)], 4),
        ([(0, 20)], None),
    ],
)
def test_the_first_gap_is_the_first_day_in_no_span(spans, gap):
    day = lambda number: date(2021, 1, 10) + timedelta(days=number)  # noqa: E731
    found = first_gap(day(1), day(9), [(day(a), day(b)) for a, b in spans])
    assert found == (None if gap is None else day(gap))


def test_the_calendar_of_this_installation_parses_and_names_every_dataset_of_the_contract():
    duties = load_duties()
    assert {duty.dataset for duty in duties} == set(load_contract().datasets)
    assert len({(duty.party, duty.dataset) for duty in duties}) == len(duties)


def test_a_row_with_a_county_stands_for_each_of_its_municipalities():
    parties = {duty.party for duty in load_duties() if duty.dataset == "avslut"}
    assert len(parties) == 10
    assert "kommun-2180" in parties


@pytest.fixture
def calendar(tmp_path):
    shutil.copytree(REFERENCE_DIR, tmp_path / "reference")
    path = tmp_path / "reference" / "delivery_calendar.csv"
    head = path.read_text(encoding="utf-8").splitlines()[0]

    def read(*rows):
        path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
        return read_duties(tmp_path / "reference", load_contract())

    return read


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("rg,,arenden,weekly,20,2021-01-01,", "line 2: cadence"),
        ("rg,,arenden,quarter,-1,2021-01-01,", "line 2: due_days"),
        ("rg,,arenden,quarter,20,2021-02-30,", "line 2: first_day"),
        ("rg,,arenden,quarter,20,2021-01-01,2020-01-01", "ends before it begins"),
        ("af,,arenden,quarter,20,2021-01-01,", "nobody delivers af/arenden"),
        ("kommun,,avslut,quarter,20,2021-01-01,", "nobody delivers kommun/avslut"),
        ("kommun,99,avslut,quarter,20,2021-01-01,", "no county 99"),
    ],
)
def test_a_row_that_says_nothing_sensible_is_refused_with_its_line(calendar, row, said):
    with pytest.raises(CalendarError, match=said):
        calendar(row)


def test_a_duty_that_is_stated_twice_is_refused(calendar):
    with pytest.raises(CalendarError, match="kommun-2180/avslut"):
        calendar("kommun,21,avslut,quarter,20,2021-01-01,", "kommun-2180,,avslut,year,20,2021-01-01,")


def test_a_duty_may_go_on(calendar):
    (duty,) = calendar("rg,,arenden,quarter,20,2021-01-01,")
    assert duty == QUARTERLY


@pytest.mark.parametrize(
    ("report", "cadence"), [("quarterly_report", "quarter"), ("half_yearly_follow_up", "half_year")]
)
def test_a_report_is_made_after_the_period_that_it_tells_of_was_due(report, cadence):
    days = [date(2026, day.month, day.day) for day in load_report_days() if day.report == report]
    ends = {period_end(cadence, date(year, month, 1)) for year in (2025, 2026) for month in range(1, 13)}
    assert len(days) == len({end for end in ends if end.year == 2026})
    for day in days:
        newest = max(end for end in ends if end < day)
        for duty in load_duties():
            if duty.cadence == cadence:
                assert owed_until(duty.model_copy(update={"last_day": None}), day) == newest
