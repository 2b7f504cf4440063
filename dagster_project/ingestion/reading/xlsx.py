"""The first sheet of an xlsx workbook as text in batches; what a workbook may cost is the guard's business."""

from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import Any

import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from dagster_project.contract import Column, Dataset
from dagster_project.ingestion.limits import ReadingLimits
from dagster_project.ingestion.reading.canonical import cell_text
from dagster_project.ingestion.reading.headers import HeaderMatch, match_header
from dagster_project.ingestion.reading.table import TextTable, WrongRows, table_schema
from dagster_project.ingestion.reading.unreadable import MissingColumnsError, UnreadableError
from dagster_project.ingestion.reading.workbook_guard import guard_workbook

_BATCH_ROWS = 10_000
_Row = list[Any]


def _first_sheet(content: bytes) -> CalamineSheet:
    try:
        return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the library is no Exception
        name = type(error).__name__ if isinstance(error, CalamineError) else "unexpected content"
        raise UnreadableError(f"the workbook cannot be read ({name})") from None


def _rows(sheet: CalamineSheet) -> Iterator[tuple[int, _Row]]:
    """Row numbers as the sheet shows them, and cells from column A on."""
    start = sheet.start
    if start is None:
        return
    first_row, first_column = start
    for number, row in enumerate(sheet.to_python(skip_empty_area=True), start=first_row + 1):
        yield number, [""] * first_column + row


def _positions(match: HeaderMatch, dataset: Dataset, width: int) -> list[Column | None]:
    columns: list[Column | None] = [None] * width
    for name, position in match.positions.items():
        columns[position] = dataset.column(name)
    return columns


def _batches(
    rows: Iterator[tuple[int, _Row]], columns: list[Column | None], limits: ReadingLimits
) -> Iterator[pa.RecordBatch]:
    schema = table_schema(len(columns))
    while chunk := list(islice(rows, _BATCH_ROWS)):
        texts = [
            [cell_text(row[position], column) for _, row in chunk] for position, column in enumerate(columns)
        ]
        if any(len(text) > limits.max_row_bytes for column in texts for text in column):
            raise UnreadableError(f"a cell is longer than {limits.max_row_bytes} bytes")
        numbers = pa.array([number for number, _ in chunk], pa.int64())
        yield pa.record_batch([numbers, *(pa.array(column, pa.string()) for column in texts)], schema=schema)


def read_xlsx(content: bytes, dataset: Dataset, limits: ReadingLimits) -> TextTable:
    """Open a workbook as a table of text. Raises UnreadableError and MissingColumnsError."""
    guard_workbook(content, limits)
    rows = _rows(_first_sheet(content))
    header: list[str] = next(
        (texts for _, row in rows if "".join(texts := [cell_text(c, None) for c in row]).strip()),
        [],
    )
    if not header:
        raise MissingColumnsError("the first sheet is empty")
    if len(header) > limits.max_columns:
        raise UnreadableError(f"the sheet has {len(header)} columns, more than {limits.max_columns}")
    match = match_header(header, dataset)
    batches = _batches(rows, _positions(match, dataset, len(header)), limits)
    reader = pa.RecordBatchReader.from_batches(table_schema(len(header)), batches)
    return TextTable(match, len(header), reader, WrongRows())
