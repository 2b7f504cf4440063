"""Rows of an indicator laid out as a table: order, totals, blanks, what is withheld, n beside percents."""

from collections.abc import Mapping

import pytest

from dagster_project.report.layout import Column, Dimension, Share, TableSpec
from dagster_project.report.reference import Reference
from dagster_project.report.tables import Table, build_table

REFERENCE = Reference({"letter": {"B": "Bertil", "A": "Adam", "TOTAL": "Totalt"}})
ROWS = Dimension(key="code", list="letter", total="TOTAL")
COUNT = Column(title="Antal", measure="count")
BLANK = Column(title="Antal", measure="count", zero="blank")
SHARE = Column(title="Andel", measure="share", kind="percent", n=Share(measure="count", total=True))
PERCENT = Column(title="Andel", measure="percent", kind="percent", n=Share(measure="known"))


def table(column: Column, *rows: Mapping[str, object], **options: bool) -> Table:
    spec = TableSpec(head="Bokstav", rows=ROWS, columns=[column])
    built = build_table(spec, rows, REFERENCE, **options)
    assert built is not None
    return built


def texts(built: Table) -> list[tuple[str, str]]:
    return [(line.label, line.cells[0].text) for line in built.lines]


def test_rows_follow_the_code_list_and_unknown_codes_and_the_total_come_last() -> None:
    built = table(COUNT, *({"code": code, "count": 1} for code in ("TOTAL", "A", "NY", "B")))
    assert [line.label for line in built.lines] == ["Bertil", "Adam", "NY", "Totalt"]
    assert [line.total for line in built.lines] == [False, False, False, True]


def test_a_zero_is_blank_only_in_a_column_that_asks_for_it() -> None:
    rows = ({"code": "A", "count": 0}, {"code": "B", "count": 7})
    assert texts(table(BLANK, *rows)) == [("Bertil", "7"), ("Adam", "")]
    assert texts(table(COUNT, *rows)) == [("Bertil", "7"), ("Adam", "0")]


def test_a_percent_carries_the_count_it_rests_on() -> None:
    cell = table(PERCENT, {"code": "A", "percent": 21.64, "known": 1097}).lines[0].cells[0]
    assert (cell.text, cell.n) == ("21,6\u00a0%", "1\u00a0097")


def test_the_n_of_a_share_is_the_sum_without_the_total_row() -> None:
    rows = ({"code": "A", "count": 3, "share": 30.0}, {"code": "B", "count": 7, "share": 70.0})
    built = table(SHARE, *rows, {"code": "TOTAL", "count": 10, "share": 100.0})
    assert [line.cells[0].n for line in built.lines] == ["10", "10", "10"]


def test_a_percent_of_nothing_is_a_dash() -> None:
    cell = table(PERCENT, {"code": "A", "percent": None, "known": 0}).lines[0].cells[0]
    assert (cell.text, cell.n, cell.withheld) == ("–", "0", False)


def test_a_withheld_count_stands_as_two_dots_and_its_percent_too() -> None:
    row = {
        "code": "A",
        "count": None,
        "count_status": "withheld",
        "percent": None,
        "known": 30,
        "known_status": "shown",
    }
    for column in (COUNT, PERCENT):
        cell = table(column, row, open_release=True).lines[0].cells[0]
        assert (cell.text, cell.withheld) == ("..", True)


def test_a_column_that_is_not_offered_is_left_out_and_one_that_is_withheld_is_kept() -> None:
    spec = TableSpec(head="Bokstav", rows=ROWS, columns=[COUNT, Column(title="Kvinna", measure="women")])
    row = {"code": "A", "count": None, "count_status": "withheld", "women": None, "women_status": None}
    built = build_table(spec, [row], REFERENCE, open_release=True)
    assert built is not None
    assert [head.title for head in built.columns] == ["Antal"]


def test_a_bar_is_as_long_as_its_share_of_the_longest_and_the_total_has_none() -> None:
    column = Column(title="Fördelning", bars=["new", "old"])
    rows = (
        {"code": "A", "new": 3, "old": 1},
        {"code": "B", "new": 1, "old": 0},
        {"code": "TOTAL", "new": 4, "old": 1},
    )
    bars = {
        line.label: [(bar.series, bar.width) for bar in line.cells[0].bars]
        for line in table(column, *rows).lines
    }
    assert bars == {"Adam": [(1, "75.0"), (2, "25.0")], "Bertil": [(1, "25.0")], "Totalt": []}


def test_a_bar_with_a_withheld_part_is_not_drawn() -> None:
    column = Column(title="Fördelning", bars=["new"])
    rows = (
        {"code": "A", "new": None, "new_status": "withheld"},
        {"code": "B", "new": 9, "new_status": "shown"},
    )
    assert [len(line.cells[0].bars) for line in table(column, *rows).lines] == [1, 0]


def test_a_column_may_take_its_cell_from_another_row_of_the_same_code() -> None:
    spec = TableSpec(
        head="Bokstav",
        rows=ROWS,
        columns=[
            Column(title="6", measure="count", where={"horizon": 6}),
            Column(title="12", measure="count", where={"horizon": 12}),
        ],
    )
    rows = [{"code": "A", "horizon": 6, "count": 1}, {"code": "A", "horizon": 12, "count": 2}]
    built = build_table(spec, rows, REFERENCE)
    assert built is not None
    assert [cell.text for cell in built.lines[0].cells] == ["1", "2"]


def test_groups_stand_in_the_order_of_their_list_with_their_own_rows() -> None:
    spec = TableSpec(
        head="",
        rows=Dimension(key="code", list="letter"),
        group=Dimension(key="g", list="letter"),
        columns=[COUNT],
    )
    rows = [{"g": "A", "code": "B", "count": 1}, {"g": "B", "code": "A", "count": 2}]
    built = build_table(spec, rows, REFERENCE)
    assert built is not None
    assert [(g.label, [line.label for line in g.lines]) for g in built.groups] == [
        ("Bertil", ["Adam"]),
        ("Adam", ["Bertil"]),
    ]


@pytest.mark.parametrize("where", [{}, {"code": "B"}])
def test_no_matching_row_means_no_table(where: dict[str, str | int]) -> None:
    spec = TableSpec(head="", rows=ROWS, columns=[COUNT], where=where)
    rows = [{"code": "A", "count": 1}] if where else []
    assert build_table(spec, rows, REFERENCE) is None


def test_a_share_beside_a_withheld_member_of_its_group_is_withheld() -> None:
    rows = (
        {"code": "A", "count": 9, "count_status": "shown", "share": None},
        {"code": "B", "count": None, "count_status": "withheld", "share": None},
    )
    built = table(SHARE, *rows, open_release=True)
    assert texts(built) == [("Bertil", ".."), ("Adam", "..")]


def test_a_change_from_a_period_that_does_not_exist_is_not_withheld() -> None:
    row = {
        "code": "A",
        "percent": None,
        "known": None,
        "known_status": None,
        "count": 9,
        "count_status": "shown",
    }
    cell = table(PERCENT, row, open_release=True).lines[0].cells[0]
    assert (cell.text, cell.withheld) == ("–", False)
