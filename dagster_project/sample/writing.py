"""Files of the inbox, byte for byte repeatable: text values after a style, then CSV, xlsx or Parquet."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter  # type: ignore[import-untyped]

from dagster_project.contract import Column, Contract, Dataset
from dagster_project.sample.deliveries import Delivery, Style
from dagster_project.sample.programme import Row, Value

# A workbook holds the time it was made; this one is the same each time.
WORKBOOK_TIME = datetime(2022, 2, 1)
Cells = list[str | float | date | None]


def write_delivery(
    path: Path,
    delivery: Delivery,
    style: Style,
    contract: Contract,
    headers: Mapping[str, str],
    rows: list[Row],
) -> None:
    """Write one delivery; its folder is made where it is missing."""
    dataset = contract.datasets[delivery.dataset]
    columns = [column for column in dataset.columns if column.name not in delivery.omit]
    labels = {column.name: _labels(contract, dataset, column, delivery.party, style) for column in columns}
    typed = delivery.ext in ("xlsx", "parquet")
    table = [
        {
            column.name: _cell(column, row[column.name], style, labels[column.name], typed)
            for column in columns
        }
        for row in rows
    ]
    table = _with_slips(table, delivery)
    header = [_header(column.name, style, headers) for column in columns] + list(delivery.extra)
    cells: list[Cells] = [[*row.values(), *delivery.extra.values()] for row in table]
    path.parent.mkdir(parents=True, exist_ok=True)
    if delivery.ext == "xlsx":
        _write_xlsx(path, header, cells)
    elif delivery.ext == "parquet":
        _write_parquet(path, header, columns, cells)
    else:
        content = _csv_bytes(header, cells, style)
        path.write_bytes(gzip.compress(content, mtime=0) if delivery.ext == "csv.gz" else content)


def _labels(
    contract: Contract, dataset: Dataset, column: Column, folder: str, style: Style
) -> dict[str, str]:
    """Code to what is written for it; empty where codes are written themselves."""
    if column.type != "code" or style.codes == "code":
        return {}
    party = folder.partition("-")[0]
    return {item.code: item.label_sv or item.code for item in contract.codes_of(column, party)}


def _header(name: str, style: Style, headers: Mapping[str, str]) -> str:
    if style.headers == "swedish":
        return headers.get(name, name.capitalize())
    return name.upper() if style.headers == "upper" else name


def _cell(
    column: Column, value: Value, style: Style, labels: Mapping[str, str], typed: bool
) -> str | float | date | None:
    if isinstance(value, bool):
        return style.flags[0] if value else style.flags[1]
    if isinstance(value, date):
        return value if typed and column.type == "date" else _day(column, value, style)
    if isinstance(value, int | float):
        return float(value) if typed else f"{value:.10g}".replace(".", style.decimal)
    if value is not None and column.type == "pnr":
        return _pnr(value, style)
    return value if value is None else labels.get(value, value)


def _day(column: Column, day: date, style: Style) -> str:
    text = day.strftime("%Y-%m" if column.type == "month" else "%Y-%m-%d")
    return text.replace("-", "") if style.dates == "compact" else text


def _pnr(number: str, style: Style) -> str:
    """Twelve digits as a style writes them; two-digit years need nobody of a hundred."""
    if style.pnr == "12":
        return number
    first = number[:8] if style.pnr == "12-" else number[2:8]
    return f"{first}-{number[8:]}"


def _with_slips(
    table: list[dict[str, str | float | date | None]], delivery: Delivery
) -> list[dict[str, str | float | date | None]]:
    """The rows with the delivery's slips: a row written twice, and rows that break a rule."""
    result = list(table)
    if delivery.duplicate_row is not None:
        result.insert(delivery.duplicate_row, table[delivery.duplicate_row])
    for fault in delivery.faults:
        broken = dict(table[fault.row])
        for name, value in fault.values.items():
            number = str(broken[name])
            wrong_digit = (
                f"{number[:-1]}{(int(number[-1]) + 1) % 10}" if value == "bad_check_digit" else value
            )
            broken[name] = wrong_digit
        result.insert(fault.row + 1, broken)
    return result


def _csv_bytes(header: list[str], rows: list[Cells], style: Style) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=style.delimiter, lineterminator=style.newline)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode(style.encoding)


def _write_xlsx(path: Path, header: list[str], rows: list[Cells]) -> None:
    with xlsxwriter.Workbook(path) as workbook:
        workbook.set_properties({"created": WORKBOOK_TIME})
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet = workbook.add_worksheet("Blad1")
        sheet.write_row(0, 0, header)
        for place, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(place, column, datetime(value.year, value.month, value.day), day)
                elif isinstance(value, float):
                    sheet.write_number(place, column, value)
                elif value is not None:
                    sheet.write_string(place, column, value)


def _write_parquet(path: Path, header: list[str], columns: list[Column], rows: list[Cells]) -> None:
    types = {"date": pa.date32(), "number": pa.float64()}
    arrays = [
        pa.array([row[place] for row in rows], type=types.get(column.type, pa.string()))
        for place, column in enumerate(columns)
    ]
    pq.write_table(pa.table(arrays, names=header), path, compression="zstd")
