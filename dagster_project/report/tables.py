"""From rows of an indicator to a table of texts: order, labels, heads; what stands in a cell is said in `cells`.

Pure functions: rows in, `Table` out. No HTML (that is `markup`), no data access, and no arithmetic beyond
the width of bars and the sum that a share is a share of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from dagster_project.report.cells import BLANK, Cell, Row, bar_cell, cells_of, is_offered, lengths, total_of
from dagster_project.report.layout import Asked, Column, Dimension, TableSpec, Where
from dagster_project.report.reference import Reference


class Line(NamedTuple):
    """A row of a table; `total` sets it apart."""

    label: str
    cells: Sequence[Cell]
    total: bool = False


class Group(NamedTuple):
    """Rows under one heading; a table without groups has one with a blank label."""

    label: str
    lines: Sequence[Line]


class Head(NamedTuple):
    """The head of a column; `numeric` columns are set flush right, `bars` hold no text."""

    title: str
    numeric: bool = True
    bars: bool = False
    legend: tuple[str, ...] = ()


class Table(NamedTuple):
    """A table as readers see it."""

    head: str
    columns: Sequence[Head]
    groups: Sequence[Group]
    caption: str = ""

    @property
    def lines(self) -> list[Line]:
        """The rows of all groups."""
        return [line for group in self.groups for line in group.lines]


Parts = Mapping[tuple[str, ...], Sequence[Row]]
Coded = list[tuple[str, Row]]
_EVERY: Asked = ()


class _Finder:
    """The rows of a table by what its columns ask for, each with its code.

    A country has a hundred thousand tables, so each row is looked at once for each set of keys.
    """

    def __init__(self, rows: Sequence[Row], spec: TableSpec) -> None:
        self.spec = spec
        self._rows = rows
        self._parts: dict[tuple[str, ...], Parts] = {}
        self._by_group: dict[Asked, Mapping[str, Coded]] = {}
        self._in_order: dict[tuple[Asked, str], Sequence[Row | None]] = {}

    def by_group(self, asked: Asked) -> Mapping[str, Coded]:
        """The rows that have these values by group (a blank one where the table has none)."""
        if asked not in self._by_group:
            rows, group = self._matching(asked), self.spec.group
            codes = zip(_text(rows, self.spec.rows.key), rows, strict=True)
            found: dict[str, Coded] = {}
            if group is None:
                found[""] = list(codes)
            else:
                for of, coded in zip(_text(rows, group.key), codes, strict=True):
                    found.setdefault(of, []).append(coded)
            self._by_group[asked] = found
        return self._by_group[asked]

    def in_order(self, asked: Asked, group: str, codes: Sequence[str]) -> Sequence[Row | None]:
        """The rows of a group that have these values, one for each of the group's codes."""
        if (asked, group) not in self._in_order:
            by_code = dict(self.by_group(asked).get(group, ()))
            self._in_order[asked, group] = [by_code.get(code) for code in codes]
        return self._in_order[asked, group]

    def without_total(self, asked: Asked, group: str) -> list[Row]:
        """The rows of a group that have these values, but for the one that sums them up."""
        total = self.spec.rows.total
        return [row for code, row in self.by_group(asked).get(group, ()) if code != total]

    def _matching(self, asked: Asked) -> Sequence[Row]:
        keys = tuple([key for key, _ in asked])
        if keys not in self._parts:
            self._parts[keys] = _parted(self._rows, keys)
        return self._parts[keys].get(tuple([text for _, text in asked]), ())


def matching(rows: Sequence[Row], where: Where) -> Sequence[Row]:
    """The rows that have these values; numbers and texts are compared as texts."""
    for key, value in where.items():
        text = str(value)
        rows = [row for row in rows if str(row.get(key)) == text]
    return rows


def _parted(rows: Sequence[Row], keys: tuple[str, ...]) -> Parts:
    """The rows by their values of these keys."""
    if not keys:
        return {(): rows}
    parts: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for values, row in zip(zip(*(_text(rows, key) for key in keys), strict=True), rows, strict=True):
        parts[values].append(row)
    return parts


def _text(rows: Sequence[Row], key: str) -> list[str]:
    return [str(row.get(key)) for row in rows]


def build_table(
    spec: TableSpec,
    rows: Sequence[Row],
    reference: Reference,
    caption: str = "",
    *,
    open_release: bool = False,
) -> Table | None:
    """Lay out the rows of an indicator as `spec` says; None where there is nothing to show.

    In the open release a column that is not offered at the level of the rows (null with a null status
    throughout) is left out.
    """
    kept = matching(rows, spec.where)
    if not kept:
        return None
    columns = list(spec.open_columns if open_release and spec.open_columns else spec.columns)
    if open_release:
        columns = [column for column in columns if _is_offered(column, kept)]
    finder = _Finder(kept, spec)
    groups = finder.by_group(_EVERY)
    widest = [_widest(column, finder, groups) for column in columns]
    shown = [
        _group(code, finder, columns, widest, reference)
        for code in (_order(spec.group, groups, reference) if spec.group else groups)
    ]
    return Table(
        spec.head,
        [_head(column) for column in columns],
        [group for group in shown if group.lines],
        caption,
    )


def _head(column: Column) -> Head:
    numeric = column.kind not in ("text", "date") and not column.bars
    return Head(column.title, numeric, bool(column.bars), tuple(column.legend))


def _is_offered(column: Column, rows: Sequence[Row]) -> bool:
    return any(is_offered(row, measure) for measure in column.bars or [column.measure] for row in rows)


def _order(dimension: Dimension, found: Iterable[str], reference: Reference) -> Sequence[str]:
    codes, total = reference.order(dimension.list, found), dimension.total
    return (
        [*(code for code in codes if code != total), total] if total is not None and total in codes else codes
    )


def _widest(column: Column, finder: _Finder, groups: Iterable[str]) -> float:
    """The length of the longest bar of a column."""
    found = [
        sum(lengths(row, column.bars))
        for group in (groups if column.bars else ())
        for row in finder.without_total(column.asked, group)
    ]
    return max(found, default=0)


def _group(
    group: str,
    finder: _Finder,
    columns: Sequence[Column],
    widest: Sequence[float],
    reference: Reference,
) -> Group:
    spec = finder.spec
    codes = _order(spec.rows, {code for code, _ in finder.by_group(_EVERY)[group]}, reference)
    across = [
        _column(column, codes, finder, group, longest, reference)
        for column, longest in zip(columns, widest, strict=True)
    ]
    lines = [
        Line(reference.label(spec.rows.list, code), cells, code == spec.rows.total)
        for code, *cells in zip(codes, *across, strict=True)
    ]
    return Group(reference.label(spec.group.list, group) if spec.group else "", lines)


def _column(
    column: Column, codes: Sequence[str], finder: _Finder, group: str, widest: float, reference: Reference
) -> list[Cell]:
    """The cells of a column for the codes of a group."""
    rows = finder.in_order(column.asked, group, codes)
    if column.bars:
        summed = finder.spec.rows.total or ""
        return [
            BLANK if code == summed else bar_cell(column, row, widest)
            for code, row in zip(codes, rows, strict=True)
        ]
    of_group = column.n and column.n.total
    total = total_of(column, finder.without_total(column.asked, group)) if of_group else None
    return cells_of(column, rows, total, reference)
