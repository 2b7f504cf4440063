"""The rows of a delivery as validation takes them: the contract's columns by name, each row marked with its delivery.

How a file lays out its columns ends here, so that deliveries of one dataset can be validated together.
"""

import functools

import pyarrow as pa
import pyarrow.compute as pc

from dagster_project.contract import Dataset
from dagster_project.ingestion.names import Period
from dagster_project.ingestion.reading.headers import HeaderMatch
from dagster_project.ingestion.reading.table import ROW_NUMBER

DELIVERY = "delivery"
PERIOD_START = "period_start"
PERIOD_END = "period_end"
PERIOD_END_NUMBER = "period_end_number"
"""The last day of the period as the integer YYYYMMDD."""
_PERSONS = pa.dictionary(pa.int32(), pa.string())
MARKS = (DELIVERY, ROW_NUMBER, PERIOD_START, PERIOD_END, PERIOD_END_NUMBER)


def rows_schema(dataset: Dataset) -> pa.Schema:
    """The marks, then the texts of the dataset's columns in the contract's order, null where the file has no such
    column; those of persons as a dictionary, since the same ones come again and again.
    """
    types = (pa.int32(), pa.int64(), pa.date32(), pa.date32(), pa.int32())
    marks = [pa.field(name, kind) for name, kind in zip(MARKS, types, strict=True)]
    texts = [
        pa.field(column.name, _PERSONS if column.type == "pnr" else pa.string()) for column in dataset.columns
    ]
    return pa.schema([*marks, *texts])


def marked_rows(
    table: pa.Table, match: HeaderMatch, dataset: Dataset, delivery: int, period: Period
) -> pa.Table:
    """Rows of a delivery that are not blank in every column of the file.

    `table` has the row number and the file's columns in the file's order; `delivery` is the number under which the
    delivery is known while it is validated.
    """
    rows = _without_blank(table)
    number = int(period.end.strftime("%Y%m%d"))
    constants = (delivery, None, period.start, period.end, number)
    columns = [
        rows.column(ROW_NUMBER) if name == ROW_NUMBER else pa.repeat(pa.scalar(value, kind), rows.num_rows)
        for name, value, kind in zip(MARKS, constants, rows_schema(dataset).types, strict=False)
    ]
    nothing = pa.nulls(rows.num_rows, pa.string())
    for column in dataset.columns:
        position = match.positions.get(column.name)
        texts = nothing if position is None else rows.column(position + 1)
        columns.append(_encoded(texts) if column.type == "pnr" else texts)
    return pa.table(columns, schema=rows_schema(dataset))


def _encoded(texts: pa.ChunkedArray | pa.Array) -> pa.DictionaryArray:
    whole = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    return whole.dictionary_encode()


def _without_blank(table: pa.Table) -> pa.Table:
    texts = table.columns[1:]
    # Blank is the empty text, or nothing at all where the format has types.
    filled = (pc.fill_null(pc.not_equal(column, ""), False) for column in texts)
    first = next(filled)
    # Nearly always: a file whose first column is filled throughout has no blank rows.
    if pc.all(first, min_count=0).as_py():
        return table
    return table.filter(functools.reduce(pc.or_, filled, first))
