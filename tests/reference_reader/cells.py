"""A file as a person sees it: its first row and the rows below it, every cell as the text that stands there."""

import csv
import gzip
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

FOLDED = str.maketrans("åäö", "aao")


class Unreadable(Exception):
    """The bytes are none of the forms that the contract names."""


@dataclass(frozen=True)
class Cell:
    """A text, whether a real number stood there, which has lost its leading zeros, and the real date if it was one."""

    text: str
    number: bool = False
    day: date | None = None


@dataclass(frozen=True)
class Sheet:
    # As they stand there, surrounding blanks apart; `fold` says which column each one names.
    header: list[str]
    # (row number as a person counts, the first being 1; cells), without rows in which nothing stands.
    rows: list[tuple[int, list[Cell]]]


def read(path: Path, known: set[str]) -> Sheet:
    """Header and rows of a file, in CSV under the delimiter that finds most of the known columns. Raises Unreadable."""
    if path.name.endswith(".xlsx"):
        lines = list(_xlsx(path))
    elif path.name.endswith(".parquet"):
        lines = list(_parquet(path))
    else:
        lines = _csv(path, known)
    numbered = enumerate(lines, start=1)
    filled = [(number, cells) for number, cells in numbered if any(cell.text for cell in cells)]
    return Sheet([cell.text for cell in filled[0][1]], filled[1:]) if filled else Sheet([], [])


def fold(header: str) -> str:
    return header.strip().lower().translate(FOLDED)


def _csv(path: Path, known: set[str]) -> list[list[Cell]]:
    content = path.read_bytes()
    if path.name.endswith(".gz"):
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError) as error:
            raise Unreadable from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError as error:
            raise Unreadable from error
    tables = [list(csv.reader(io.StringIO(text, newline=""), delimiter=one)) for one in ";,\t"]
    best = max(tables, key=lambda table: len(known & {fold(name) for name in _first(table)}))
    return [[Cell(field.strip()) for field in record] for record in best]


def _first(table: list[list[str]]) -> list[str]:
    return next((record for record in table if any(field.strip() for field in record)), [])


def _xlsx(path: Path) -> Iterable[list[Cell]]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, data_only=True)
    except Exception as error:
        raise Unreadable from error
    # A sheet is a rectangle: no row has more or fewer cells than its header, some have blank ones.
    for values in book.worksheets[0].iter_rows(values_only=True):
        yield [_cell(value) for value in values]


def _parquet(path: Path) -> Iterable[list[Cell]]:
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(path).read()
    except Exception as error:
        raise Unreadable from error
    yield [Cell(name) for name in table.column_names]
    for values in zip(*(column.to_pylist() for column in table.columns), strict=True):
        yield [_cell(value) for value in values]


def _cell(value: object) -> Cell:
    if value is None:
        return Cell("")
    if isinstance(value, bool):
        return Cell("true" if value else "false")
    if isinstance(value, datetime):
        if any(value.timetuple()[3:6]):
            return Cell(value.isoformat(" "))
        value = value.date()
    if isinstance(value, date):
        return Cell(value.isoformat(), day=value)
    if isinstance(value, int | float | Decimal):
        return Cell(str(int(value)) if value == int(value) else format(Decimal(str(value)), "f"), number=True)
    return Cell(str(value).strip())
