"""From a row of an indicator to the cell of a column: what is blank, withheld or not computable, n, bars.

Pure functions: a country's report has seven million cells of few kinds, so equal ones are one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from dagster_project.report import formats
from dagster_project.report.layout import Column, Share
from dagster_project.report.reference import Reference

Row = Mapping[str, object]
_KEPT = 1 << 14


class Bar(NamedTuple):
    """One colour of a bar: its place in the legend and its width in percent of the column."""

    series: int
    width: str


class Cell(NamedTuple):
    """What stands in a cell: text, the n beside a percent, whether it is withheld, bars."""

    text: str = ""
    n: str = ""
    withheld: bool = False
    bars: tuple[Bar, ...] = ()


BLANK = Cell()
WITHHELD = Cell(formats.WITHHELD, withheld=True)


def cells_of(
    column: Column, rows: Sequence[Row | None], total: int | None, reference: Reference
) -> list[Cell]:
    """The cells of a column that holds no bars, one for each row; `total` is what its shares are shares of."""
    measure, status, share = column.measure, column.status, column.n
    behind = share.measure if share and not share.total else None
    kind, decimals, zero = column.kind, column.decimals, column.zero
    cells = []
    for row in rows:
        value = row.get(measure) if row else None
        if row is None:
            cells.append(BLANK)
        elif value is None or column.labels or status in row:
            cells.append(_worded(column, row, total, reference))
        else:
            cells.append(_shown(value, row.get(behind) if behind else total, kind, decimals, zero))
    return cells


def _worded(column: Column, row: Row, total: int | None, reference: Reference) -> Cell:
    """The cell of a column of codes, of a null, or of a row that says whether its measures are shown."""
    value = row.get(column.measure)
    if column.labels and value is not None:
        return Cell(reference.label(column.labels, str(value)))
    if is_withheld(row, column.measure):
        return WITHHELD
    n = count_behind(column.n, row, total)
    if value is None and column.kind not in {"text", "date"}:
        return _missing(column, row, n)
    return _shown(value, n, column.kind, column.decimals, column.zero)


@lru_cache(maxsize=_KEPT, typed=True)
def _shown(value: object, n: object, kind: formats.Kind, decimals: int | None, zero: str) -> Cell:
    if value == 0 and zero == "blank":
        return BLANK
    return Cell(formats.value_text(value, kind, decimals), formats.value_text(n))


def _missing(column: Column, row: Row, n: object) -> Cell:
    if null_is_withheld(row, column.n, n):
        return WITHHELD
    return BLANK if column.kind == "count" else Cell(formats.NOT_COMPUTABLE, formats.value_text(n))


def bar_cell(column: Column, row: Row | None, widest: float) -> Cell:
    """The cell of a column that holds bars; the longest of all its rows is as wide as the column."""
    if row is None or not widest or "withheld" in map(row.get, column.statuses):
        return BLANK
    return _bars(lengths(row, column.bars), widest)


@lru_cache(maxsize=_KEPT)
def _bars(lengths: tuple[float, ...], widest: float) -> Cell:
    widths = [(number, f"{100 * one / widest:.1f}") for number, one in enumerate(lengths, start=1) if one]
    return Cell(bars=tuple(Bar(number, width) for number, width in widths))


def lengths(row: Row, measures: Sequence[str]) -> tuple[float, ...]:
    """How long the bar of each measure is; nothing where it is unknown."""
    values = map(row.get, measures)
    return tuple([float(value) if isinstance(value, (int, float)) else 0.0 for value in values])


def is_offered(row: Row, measure: str) -> bool:
    """Whether the row has the measure at all: in the open release, a null status says that it has not."""
    return measure in row and row.get(f"{measure}_status", "no status") is not None


def is_withheld(row: Row, measure: str) -> bool:
    """Whether disclosure control keeps the count back."""
    return row.get(f"{measure}_status") == "withheld"


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


def total_of(column: Column, rows: Sequence[Row]) -> int | None:
    """The sum that the shares of these rows are shares of; None where they are of none, or one part is unknown."""
    if column.n is None or not column.n.total:
        return None
    parts = [row.get(column.n.measure) for row in rows]
    return sum(part for part in parts if isinstance(part, int)) if None not in parts else None
