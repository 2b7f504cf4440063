"""Charts: what is drawn, and what stands for it where it is not seen."""

import re

import pytest

from dagster_project.report import charts
from dagster_project.report.layout import ChartSpec, Dimension, Series, Share
from dagster_project.report.reference import Reference

REFERENCE = Reference({"period": {"2021H1": "Första halvåret 2021", "2021H2": "Andra halvåret 2021"}})
SPEC = ChartSpec(
    title="Andel per halvår",
    kind="lines",
    unit="percent",
    series=[Series(title="Andel", measure="share", n=Share(measure="known"))],
)


def row(period: str, share: float | None, kind: str = "half_year") -> dict[str, object]:
    return {"period_type": kind, "period": period, "share": share, "known": 1200}


ROWS = [row("2021H2", 1048.4), row("2021H1", 57.14), row("2021", 50.0, "year")]


@pytest.fixture(scope="module")
def chart() -> charts.Chart:
    drawn = charts.draw(SPEC, charts.points_of(SPEC, ROWS, REFERENCE), REFERENCE)
    assert drawn is not None
    return drawn


def test_a_chart_takes_its_kind_of_period_in_the_order_of_time() -> None:
    assert [(p.x, p.value) for p in charts.points_of(SPEC, ROWS, REFERENCE)] == [
        ("2021H1", 57.14),
        ("2021H2", 1048.4),
    ]


def test_a_chart_is_told_in_words_with_its_first_and_last_value(chart: charts.Chart) -> None:
    assert (
        "57,1\u00a0% (Första halvåret 2021), 1\u00a0048,4\u00a0% (Andra halvåret 2021)" in chart.description
    )


def test_the_points_of_a_chart_are_a_table_with_n(chart: charts.Chart) -> None:
    lines = [(line.label, line.cells[0].text, line.cells[0].n) for line in chart.data.lines]
    assert lines == [
        ("Första halvåret 2021", "57,1\u00a0%", "1\u00a0200"),
        ("Andra halvåret 2021", "1\u00a0048,4\u00a0%", "1\u00a0200"),
    ]


def test_a_drawing_scales_names_no_address_and_is_hidden_from_screen_readers(chart: charts.Chart) -> None:
    assert chart.svg.startswith('<svg aria-hidden="true" focusable="false" viewBox=')
    assert "://" not in chart.svg


def test_the_axis_of_a_chart_is_in_swedish(chart: charts.Chart) -> None:
    assert re.search(r">1\u00a0000<", chart.svg)


@pytest.mark.parametrize(("highest", "marks"), [(2, ["0", "0,5", "1"]), (4000, ["0", "1\u00a0000"])])
def test_no_two_marks_of_an_axis_read_the_same(highest: int, marks: list[str]) -> None:
    spec = ChartSpec(title="Antal", kind="grouped", series=[Series(title="Nya", measure="new")])
    rows = [{**row("2021H1", None), "new": highest}, {**row("2021H2", None), "new": 1}]
    drawn = charts.draw(spec, charts.points_of(spec, rows, REFERENCE), REFERENCE)
    assert drawn is not None
    texts = re.findall(r">(\d[\d\u00a0,]*)<", drawn.svg)
    found = [text for text in texts if text != "2021"]
    assert found[: len(marks)] == marks
    assert len(found) == len({*found})


def test_parts_of_a_full_time_post_are_told_on_the_axis() -> None:
    spec = ChartSpec(
        title="Bemanning",
        kind="grouped",
        unit="fte",
        x=Dimension(key="line", list="line"),
        series=[Series(title="Planerat", measure="planned")],
    )
    rows = [{"line": "Fk, Utredare", "planned": 0.9}]
    drawn = charts.draw(spec, charts.points_of(spec, rows, REFERENCE), REFERENCE)
    assert drawn is not None
    assert "0,2" in drawn.svg
    assert re.search(r">Fk,<", drawn.svg)
    assert re.search(r">Utredare<", drawn.svg)


def test_a_chart_without_a_value_is_not_drawn() -> None:
    points = charts.points_of(SPEC, [row("2021H1", None)], REFERENCE)
    assert charts.draw(SPEC, points, REFERENCE) is None


def test_equal_charts_are_drawn_once_and_others_are_not(chart: charts.Chart) -> None:
    again = charts.draw(SPEC, charts.points_of(SPEC, ROWS, REFERENCE), REFERENCE)
    other = charts.draw(SPEC, charts.points_of(SPEC, [row("2021H1", 57.15)], REFERENCE), REFERENCE)
    assert again is not None
    assert other is not None
    assert again.svg is chart.svg
    assert other.svg != chart.svg


def test_a_chart_that_is_split_has_a_series_per_code_but_the_total() -> None:
    reference = Reference({**REFERENCE.lists, "party": {"AF": "Af", "FK": "Fk", "ALL": "Alla"}})
    split = SPEC.model_copy(update={"split": Dimension(key="party_code", list="party", total="ALL")})
    rows = [{**row("2021H1", 10.0), "party_code": "FK"}, {**row("2021H1", 90.0), "party_code": "ALL"}]
    points = charts.points_of(split, rows, reference)
    assert [(p.series, p.value) for p in points] == [("Af", None), ("Fk", 10.0)]


def test_a_stacked_bar_with_a_withheld_part_is_left_out_and_said_to_be() -> None:
    series = [Series(title="Nya", measure="new"), Series(title="Gamla", measure="old")]
    stacked = ChartSpec(title="Antal", kind="stacked", series=series)
    shown = {"new": 7000, "new_status": "shown", "old": 1, "old_status": "shown"}
    partly = {"new": 90000, "new_status": "shown", "old": None, "old_status": "withheld"}
    rows = [{**row("2021H1", None), **shown}, {**row("2021H2", None), **partly}]
    drawn = charts.draw(stacked, charts.points_of(stacked, rows, REFERENCE), REFERENCE)
    assert drawn is not None
    assert drawn.has_withheld
    assert [cell.text for cell in drawn.data.lines[1].cells] == ["90\u00a0000", ".."]
    assert re.search(r">\d\u00a0000<", drawn.svg)
    assert not re.search(r">\d0\u00a0000<", drawn.svg)
