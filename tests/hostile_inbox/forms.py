"""Rows of cells as a file in one of the contract's forms. A cell is a text, or a real date, number or flag."""

import csv
import gzip
import io
import random
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

Cell = str | date | float | bool | None
Table = Sequence[Sequence[Cell]]


def write_csv(path: Path, table: Table, rng: random.Random) -> None:
    """Text in any delimiter, encoding, line end and quoting; records of any length."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(
        buffer,
        delimiter=rng.choice(";,\t"),
        lineterminator=rng.choice(["\n", "\r\n"]),
        quoting=rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    )
    for cells in table:
        writer.writerow(["" if cell is None else str(cell) for cell in cells])
    text = buffer.getvalue()
    if rng.random() < 0.2:
        text = text.rstrip("\r\n")
    content = _encoded(text, rng)
    path.write_bytes(gzip.compress(content) if path.name.endswith(".gz") else content)


def _encoded(text: str, rng: random.Random) -> bytes:
    encoding = rng.choice(["utf-8", "utf-8-sig", "cp1252"])
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return text.encode("utf-8")


def write_xlsx(path: Path, table: Table, rng: random.Random) -> None:
    """A first sheet with real dates, numbers and flags where the cells are such, and a second one to be left alone."""
    import xlsxwriter

    book = xlsxwriter.Workbook(
        path, {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
    )
    sheet = book.add_worksheet(rng.choice(["Blad1", "Uttag", "å ä ö"]))
    day = book.add_format({"num_format": rng.choice(["yyyy-mm-dd", "d mmmm yyyy", "m/d/yy"])})
    for row, cells in enumerate(table):
        for column, cell in enumerate(cells):
            if isinstance(cell, bool):
                sheet.write_boolean(row, column, cell)
            elif isinstance(cell, date):
                sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), day)
            elif isinstance(cell, int | float):
                sheet.write_number(row, column, cell)
            elif cell is not None:
                sheet.write_string(row, column, cell)
    book.add_worksheet("Annat").write_string(0, 0, "läses inte")
    book.close()


def write_parquet(path: Path, table: Table, rng: random.Random) -> None:
    """Typed columns where all cells of a column are of one type, and text everywhere else."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = [str(cell) for cell in table[0]]
    columns = list(zip(*table[1:], strict=True)) or [()] * len(names)
    arrays = [_array(column, rng) for column in columns]
    pq.write_table(
        pa.Table.from_arrays(arrays, names=names), path, compression=rng.choice(["snappy", "zstd", "none"])
    )


def _array(column: Sequence[Cell], rng: random.Random) -> Any:
    """An Arrow array in one of the types that such cells may be stored in."""
    import pyarrow as pa

    kinds = {type(cell) for cell in column if cell is not None}
    if kinds == {date}:
        kind = rng.choice(
            [pa.date32(), pa.timestamp("us"), pa.timestamp("ns"), pa.date64(), pa.timestamp("ms")]
        )
        return pa.array(column).cast(kind)
    if kinds == {bool}:
        return pa.array(column, pa.bool_())
    if kinds == {int}:
        return pa.array(
            column,
            rng.choice([pa.int64(), pa.int64(), pa.float64(), pa.decimal128(20, 0), pa.decimal128(20, 2)]),
        )
    if kinds and kinds <= {int, float}:
        if rng.random() < 0.3:
            exact = [
                None if cell is None else Decimal(str(cell)).quantize(Decimal("0.0001")) for cell in column
            ]
            return pa.array(exact, pa.decimal128(18, 4))
        return pa.array([None if cell is None else float(cell) for cell in column], pa.float64())
    texts = pa.array([None if cell is None else str(cell) for cell in column], pa.string())
    return texts.dictionary_encode() if rng.random() < 0.2 else texts
