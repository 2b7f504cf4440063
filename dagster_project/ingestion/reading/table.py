"""What reading hands over: columns of text with row numbers, in batches. Formats differ before, not after this."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dagster_project.ingestion.reading.headers import HeaderMatch

ROW_NUMBER = "row_number"


def text_column(position: int) -> str:
    """The name of the file's column at a position, as the validating SQL knows it."""
    return f"c{position}"


@dataclass
class WrongRows:
    """Rows whose number of fields is not the header's, in the order of the file.

    Blank ones among them have a field count of 0: they keep their number, but are no fault.
    """

    row_numbers: "array[int]" = field(default_factory=lambda: array("q"))
    field_counts: "array[int]" = field(default_factory=lambda: array("q"))

    def add(self, row_number: int, field_count: int) -> None:
        """Remember a row."""
        self.row_numbers.append(row_number)
        self.field_counts.append(field_count)

    def faults(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Row numbers and field counts of those that are not blank."""
        numbers = np.array(self.row_numbers, dtype=np.int64)
        counts = np.array(self.field_counts, dtype=np.int64)
        return numbers[counts > 0], counts[counts > 0]


@dataclass
class TextTable:
    """A delivery as text.

    `reader` yields batches of `row_number` (as a person counts, the header is row 1 unless blank rows come
    before it) and c0, c1, … of string. Rows that are blank in every column are still in it. `wrong_rows` is
    complete only when `reader` has been read to its end.
    """

    match: HeaderMatch
    width: int
    reader: pa.RecordBatchReader
    wrong_rows: WrongRows


def table_schema(width: int) -> pa.Schema:
    """The schema of `TextTable.reader`."""
    texts = [pa.field(text_column(position), pa.string()) for position in range(width)]
    return pa.schema([pa.field(ROW_NUMBER, pa.int64()), *texts])


def numbered(
    batches: Iterator[pa.RecordBatch], width: int, header_row: int, wrong: WrongRows
) -> Iterator[pa.RecordBatch]:
    """Add row numbers to batches whose columns are the texts. Skipped wrong rows keep their numbers."""
    schema = table_schema(width)
    count = passed = 0
    for batch in batches:
        ordinals = np.arange(count + 1, count + 1 + batch.num_rows, dtype=np.int64)
        count += batch.num_rows
        # Only wrong rows after the last good row of the batch before can still shift numbers.
        taken = np.asarray(wrong.row_numbers[passed:], dtype=np.int64) - header_row - passed
        numbers = _without(ordinals, taken) + header_row + passed
        passed = int(numbers[-1]) - header_row - count if batch.num_rows else passed
        yield pa.record_batch([pa.array(numbers), *batch.columns], schema=schema)


def _without(ordinals: npt.NDArray[np.int64], taken: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The k-th positive integer that is not taken, for each k; `taken` is ascending."""
    gaps = taken - np.arange(1, len(taken) + 1, dtype=np.int64)
    return ordinals + np.searchsorted(gaps, ordinals, side="left").astype(np.int64)
