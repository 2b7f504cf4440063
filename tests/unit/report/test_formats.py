"""Swedish numbers, percents, dates and periods."""

import datetime

import pytest

from dagster_project.report import formats


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0, 0, "0"),
        (999, 0, "999"),
        (1234, 0, "1\u00a0234"),
        (1234567, 0, "1\u00a0234\u00a0567"),
        (1234.5, 1, "1\u00a0234,5"),
        (-9, 0, "–9"),
        (-1234.56, 1, "–1\u00a0234,6"),
        (20.25, 1, "20,3"),
        (0.125, 2, "0,13"),
        (-0.04, 1, "0,0"),
        (2.5, 0, "3"),
    ],
)
def test_a_number_has_decimal_comma_no_break_blanks_and_an_en_dash_for_minus(
    value: float, decimals: int, text: str
) -> None:
    assert formats.number(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "kind", "decimals", "text"),
    [
        (-9.0, "percent", 0, "–9\u00a0%"),
        (20.5, "percent", None, "20,5\u00a0%"),
        (580690.0, "sek", None, "580\u00a0690\u00a0kr"),
        (3.14, "points", None, "+3,1"),
        (-3.14, "points", None, "–3,1"),
        (0.0, "points", None, "0,0"),
        (0.9, "fte", None, "0,90"),
        (None, "count", None, ""),
        ("Ockelbo", "text", None, "Ockelbo"),
    ],
)
def test_a_value_is_written_with_the_unit_of_its_kind(
    value: object, kind: formats.Kind, decimals: int | None, text: str
) -> None:
    assert formats.value_text(value, kind, decimals) == text


def test_a_date_is_written_in_words() -> None:
    assert formats.value_text(datetime.date(2021, 3, 1)) == "1\u00a0mars\u00a02021"


@pytest.mark.parametrize(
    ("code", "text", "short"),
    [
        ("2021", "2021", "2021"),
        ("2021H2", "andra halvåret 2021", "H2 2021"),
        ("2021Q3", "kvartal 3 2021", "kv 3 2021"),
        ("2021-03", "mars 2021", "2021-03"),
        ("PROGRAM", "PROGRAM", "PROGRAM"),
    ],
)
def test_a_calendar_period_is_named_and_any_other_code_stays(code: str, text: str, short: str) -> None:
    assert formats.period_text(code) == text
    assert formats.short_period_text(code) == short


@pytest.mark.parametrize(
    ("code", "text"),
    [("2020VT", "Våren 2020"), ("2021HT", "Hösten 2021"), ("2021", "2021"), ("PILOT", "PILOT")],
)
def test_a_wave_of_the_survey_is_named_and_any_other_code_stays(code: str, text: str) -> None:
    assert formats.wave_text(code) == text


def test_waves_are_ordered_by_year_and_spring_before_autumn() -> None:
    waves = ["2021HT", "2020HT", "2021VT", "PILOT"]
    assert sorted(waves, key=formats.wave_order) == ["2020HT", "2021VT", "2021HT", "PILOT"]


@pytest.mark.parametrize(("value", "decimals"), [(22.0, 0), (20.5, 1), (0.9, 1), (571224.0, 0), (1 / 3, 2)])
def test_a_published_figure_keeps_the_decimals_it_was_printed_with(value: float, decimals: int) -> None:
    assert formats.decimals_of(value) == decimals
