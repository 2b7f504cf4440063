"""From rows of an indicator to a table of texts: order, labels, blanks, withheld cells, n beside percents.

Pure functions: rows in, `Table` out. No HTML (that is `templates`), no data access, and no arithmetic beyond
the width of bars and the sum that a share is a share of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dagster_project.report import formats
from dagster_project.report.layout import Column, Dimension, Share, TableSpec, Where
from dagster_project.report.reference import Reference

Row = Mapping[str, object]


@dataclass(frozen=True)
class Bar:
    """One colour of a bar: its place in the legend and its width in percent of the column."""

    series: int
    width: str


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: text, the n beside a percent, whether it is withheld, bars."""

    text: str = ""
    n: str = ""
    withheld: bool = False
    bars: Sequence[Bar] = ()


@dataclass(frozen=True)
class Line:
    """A row of a table; `total` sets it apart."""

    label: str
    cells: Sequence[Cell]
    total: bool = False


@dataclass(frozen=True)
class Group:
    """Rows under one heading; a table without groups has one with a blank label."""

    label: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class Head:
    """The head of a column; `numeric` columns are set flush right, `bars` hold no text."""

    title: str
    numeric: bool = True
    bars: bool = False
    legend: Sequence[str] = ()


@dataclass(frozen=True)
class Table:
    """A table as readers see it."""

    head: str
    columns: Sequence[Head]
    groups: Sequence[Group]
    caption: str = ""

    @property
    def lines(self) -> list[Line]:
        """The rows of all groups."""
        return [line for group in self.groups for line in group.lines]


class _Placed(NamedTuple):
    """A row with its group (blank where the table has none) and its row code."""

    group: str
    code: str
    row: Row


class _Finder:
    """The rows of a table by what its columns ask for, by group and by place.

    A country has a hundred thousand tables, so each row is looked at once for each set of keys.
    """

    def __init__(self, rows: Sequence[Row], spec: TableSpec) -> None:
        self.spec = spec
        self.rows = rows
        self.groups: dict[str, list[_Placed]] = defaultdict(list)
        self._placed = [_Placed(*self._place(row), row) for row in rows]
        for placed in self._placed:
            self.groups[placed.group].append(placed)
        self._parts: dict[tuple[str, ...], dict[tuple[str, ...], list[_Placed]]] = {}
        self._by_place: dict[tuple[object, ...], dict[tuple[str, str], Row]] = {}

    def matching(self, where: Where) -> Sequence[_Placed]:
        """The rows that have these values, as the function of that name."""
        if not where:
            return self._placed
        keys = tuple(where)
        if keys not in self._parts:
            parts: dict[tuple[str, ...], list[_Placed]] = defaultdict(list)
            for placed in self._placed:
                parts[tuple(str(placed.row.get(key)) for key in keys)].append(placed)
            self._parts[keys] = parts
        return self._parts[keys].get(tuple(map(str, where.values())), ())

    def by_place(self, where: Where) -> dict[tuple[str, str], Row]:
        """The one row for a group and a row code among those that have these values."""
        key = tuple(where.items())
        if key not in self._by_place:
            self._by_place[key] = {(group, code): row for group, code, row in self.matching(where)}
        return self._by_place[key]

    def _place(self, row: Row) -> tuple[str, str]:
        group = str(row.get(self.spec.group.key)) if self.spec.group else ""
        return group, str(row.get(self.spec.rows.key))


def matching(rows: Iterable[Row], where: Where) -> list[Row]:
    """The rows that have these values; numbers and texts are compared as texts."""
    if not where:
        return list(rows)
    wanted = [(key, str(value)) for key, value in where.items()]
    return [row for row in rows if all(str(row.get(key)) == value for key, value in wanted)]


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
    groups = _order(spec.group, finder.groups, reference) if spec.group else [""]
    widest = {index: _widest(column, finder) for index, column in enumerate(columns) if column.bars}
    shown = [_group(code, finder, columns, widest, reference) for code in groups]
    return Table(
        spec.head,
        [_head(column) for column in columns],
        [group for group in shown if group.lines],
        caption,
    )


def _head(column: Column) -> Head:
    numeric = column.kind not in ("text", "date") and not column.bars
    return Head(column.title, numeric, bool(column.bars), column.legend)


def _is_offered(column: Column, rows: Sequence[Row]) -> bool:
    return any(is_offered(row, measure) for measure in column.bars or [column.measure] for row in rows)


def is_offered(row: Row, measure: str) -> bool:
    """Whether the row has the measure at all: in the open release, a null status says that it has not."""
    return measure in row and row.get(f"{measure}_status", "no status") is not None


def is_withheld(row: Row, measure: str) -> bool:
    """Whether disclosure control keeps the count back."""
    return row.get(f"{measure}_status") == "withheld"


def _order(dimension: Dimension, found: Iterable[str], reference: Reference) -> list[str]:
    codes = reference.order(dimension.list, found)
    total = dimension.total
    return [code for code in codes if code != total] + [code for code in codes if code == total]


def _group(
    code: str,
    finder: _Finder,
    columns: Sequence[Column],
    widest: Mapping[int, float],
    reference: Reference,
) -> Group:
    spec = finder.spec
    sums = [_sum(column, code, finder) for column in columns]
    placed = [finder.by_place(column.where) for column in columns]
    lines = []
    for row_code in _order(spec.rows, {row.code for row in finder.groups[code]}, reference):
        cells = []
        for index, column in enumerate(columns):
            row = placed[index].get((code, row_code))
            total = row_code == spec.rows.total
            if column.bars:
                cells.append(_bars(column, {} if total else row or {}, widest[index]))
            else:
                cells.append(_cell(column, row, sums[index], reference))
        lines.append(Line(reference.label(spec.rows.list, row_code), cells, row_code == spec.rows.total))
    label = reference.label(spec.group.list, code) if spec.group else ""
    return Group(label, lines)


def _cell(column: Column, row: Row | None, total: float | None, reference: Reference) -> Cell:
    if row is None:
        return Cell()
    value = row.get(column.measure)
    if column.labels and value is not None:
        return Cell(reference.label(column.labels, str(value)))
    n = count_behind(column.n, row, total)
    if is_withheld(row, column.measure):
        return Cell(formats.WITHHELD, withheld=True)
    if value is None and column.kind not in {"text", "date"}:
        return _missing(column, row, n)
    if value == 0 and column.zero == "blank":
        return Cell()
    text = formats.value_text(value, column.kind, column.decimals)
    return Cell(text, formats.value_text(n) if column.n else "")


def _missing(column: Column, row: Row, n: object) -> Cell:
    if null_is_withheld(row, column.n, n):
        return Cell(formats.WITHHELD, withheld=True)
    if column.kind == "count":
        return Cell()
    return Cell(formats.NOT_COMPUTABLE, formats.value_text(n) if column.n and n is not None else "")


def null_is_withheld(row: Row, share: Share | None, n: object) -> bool:
    """Whether a null of the open release is kept back, and not merely impossible to compute.

    It is where a count of its row is withheld, where it shares a group with a withheld count (the sum is
    unknown), and where there is something to divide by.
    """
    if not any(key.endswith("_status") for key in row):
        return False
    if any(key.endswith("_status") and value == "withheld" for key, value in row.items()):
        return True
    return share is not None and ((share.total and n is None) or (n is not None and n != 0))


def count_behind(share: Share | None, row: Row, total: float | None = None) -> object:
    """The count that a percent is a percent of; None where it is unknown or withheld."""
    if share is None:
        return None
    return total if share.total else row.get(share.measure)


def _sum(column: Column, group: str, finder: _Finder) -> int | None:
    if column.n is None or not column.n.total:
        return None
    parts = [
        placed.row.get(column.n.measure)
        for placed in finder.matching(column.where)
        if placed.group == group and placed.code != finder.spec.rows.total
    ]
    return sum(part for part in parts if isinstance(part, int)) if None not in parts else None


def _widest(column: Column, finder: _Finder) -> float:
    lengths = [
        sum(_length(placed.row, measure) for measure in column.bars)
        for placed in finder.matching(column.where)
        if placed.code != finder.spec.rows.total
    ]
    return max(lengths, default=0)


def _length(row: Row, measure: str) -> float:
    value = row.get(measure)
    return float(value) if isinstance(value, int | float) else 0.0


def _bars(column: Column, row: Row, widest: float) -> Cell:
    if not widest or any(is_withheld(row, measure) for measure in column.bars):
        return Cell()
    lengths = [(number, _length(row, measure)) for number, measure in enumerate(column.bars)]
    return Cell(bars=[Bar(n + 1, f"{100 * length / widest:.1f}") for n, length in lengths if length])
