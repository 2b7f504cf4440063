"""Parquet as text in batches, typed or text columns alike."""

from collections.abc import Callable, Iterator
from typing import IO, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyarrow.types as pt

from dagster_project.contract import Column, Dataset
from dagster_project.ingestion.limits import ReadingLimits
from dagster_project.ingestion.reading.canonical import cell_text
from dagster_project.ingestion.reading.headers import match_header
from dagster_project.ingestion.reading.table import TextTable, WrongRows, numbered, table_schema
from dagster_project.ingestion.reading.unreadable import UnreadableError

_BATCH_ROWS = 8_192
_T = TypeVar("_T")


def _is_text(kind: pa.DataType) -> bool:
    return bool(pt.is_string(kind) or pt.is_large_string(kind) or pt.is_string_view(kind))


def _text(values: pa.Array, column: Column | None, limits: ReadingLimits) -> pa.Array:
    """A column of any plain type as text."""
    if pt.is_dictionary(values.type):
        _guard_length(values.dictionary, limits)
        values = values.dictionary_decode()
    if pt.is_binary(values.type) or pt.is_large_binary(values.type):
        values = values.cast(pa.string())
    if _is_text(values.type):
        _guard_length(values, limits)
        return values.cast(pa.string())
    if pt.is_nested(values.type):
        # Known only to be not blank; text of a structure could hold anything.
        return pc.if_else(pc.is_valid(values), pa.scalar("(nested)"), pa.scalar(None, pa.string()))
    # Distinct values of typed columns are few; each is turned into text once.
    encoded = values.dictionary_encode()
    texts = pa.array([cell_text(value, column) for value in encoded.dictionary.to_pylist()], pa.string())
    return pa.DictionaryArray.from_arrays(encoded.indices, texts).dictionary_decode()


def _guard_length(values: pa.Array, limits: ReadingLimits) -> None:
    longest = pc.max(pc.binary_length(values)).as_py() if len(values) else 0
    if longest and longest > limits.max_row_bytes:
        raise UnreadableError(f"a value is longer than {limits.max_row_bytes} bytes")


def _batches(
    file: pq.ParquetFile, columns: list[Column | None], limits: ReadingLimits
) -> Iterator[pa.RecordBatch]:
    unfolded = 0
    for batch in file.iter_batches(batch_size=_BATCH_ROWS, use_threads=False):
        texts = [_text(values, column, limits) for values, column in zip(batch.columns, columns, strict=True)]
        unfolded += sum(text.nbytes for text in texts)
        if unfolded > limits.max_unfolded_bytes:
            raise UnreadableError(f"the content exceeds {limits.max_unfolded_bytes} bytes when unfolded")
        yield pa.record_batch(texts, names=[str(position) for position in range(len(texts))])


def _plainly(step: Callable[[], _T]) -> _T:
    """Run a step of the library; whatever it complains of makes the file unreadable."""
    try:
        return step()
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise UnreadableError(f"the file is no sound Parquet file ({type(error).__name__})") from None


def read_parquet(file: IO[bytes], dataset: Dataset, limits: ReadingLimits) -> TextTable:
    """Open a Parquet file as a table of text; the header counts as row 1, so that rows start at 2.

    Raises UnreadableError and MissingColumnsError, from here or while `reader` is read.
    """
    metadata = _plainly(lambda: pq.read_metadata(file))
    width = metadata.num_columns
    if width > limits.max_columns:
        raise UnreadableError(f"the file has {width} columns, more than {limits.max_columns}")
    groups = [metadata.row_group(index) for index in range(metadata.num_row_groups)]
    if sum(group.total_byte_size for group in groups) > limits.max_unfolded_bytes:
        raise UnreadableError(f"the content exceeds {limits.max_unfolded_bytes} bytes when unfolded")
    file.seek(0)
    opened = _plainly(lambda: pq.ParquetFile(file))
    header = [field.name for field in opened.schema_arrow]
    texts = [field.name for field in opened.schema_arrow if _is_text(field.type)]
    # Read as a dictionary, a long text that is repeated in every row takes memory once.
    file.seek(0)
    opened = _plainly(lambda: pq.ParquetFile(file, read_dictionary=texts))
    match = match_header(header, dataset)
    columns: list[Column | None] = [None] * len(header)
    for name, position in match.positions.items():
        columns[position] = dataset.column(name)

    def batches() -> Iterator[pa.RecordBatch]:
        source = _batches(opened, columns, limits)
        while True:
            batch = _plainly(lambda: next(source, None))
            if batch is None:
                return
            yield batch

    wrong = WrongRows()
    rows = numbered(batches(), len(header), 1, wrong)
    reader = pa.RecordBatchReader.from_batches(table_schema(len(header)), rows)
    return TextTable(match, len(header), reader, wrong)
