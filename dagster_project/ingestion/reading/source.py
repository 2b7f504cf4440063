"""Opens a delivery in any format and keeps account of what was read of it: hash, signature, errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from dagster_project.contract import Dataset
from dagster_project.ingestion.inbox import Signature
from dagster_project.ingestion.limits import MIB, ReadingLimits
from dagster_project.ingestion.reading.bytestream import HashedFile, TextBytes
from dagster_project.ingestion.reading.csv import read_csv
from dagster_project.ingestion.reading.headers import BLANKS
from dagster_project.ingestion.reading.parquet import read_parquet
from dagster_project.ingestion.reading.table import TextTable, table_schema
from dagster_project.ingestion.reading.unreadable import UnreadableError
from dagster_project.ingestion.reading.xlsx import read_xlsx

CHUNK_BYTES = 32 * MIB


class Source:
    """An open delivery: `table` as its format gives it, and its rows in chunks."""

    def __init__(self, table: TextTable, file: HashedFile) -> None:
        self.table = table
        self._file = file

    def chunks(self) -> Iterator[pa.Table]:
        """The rows, surrounding blanks trimmed, in tables of some CHUNK_BYTES; one empty table if there are none.

        Chunks rather than one stream: a database that is handed a stream reads far ahead of what it has worked off.
        Raises UnreadableError, NotUtf8Error.
        """
        schema = table_schema(self.table.width)
        batches: list[pa.RecordBatch] = []
        size, handed_out = 0, False
        for batch in self.table.reader:
            batches.append(_trimmed(batch))
            size += batch.nbytes
            if size >= CHUNK_BYTES:
                yield pa.Table.from_batches(batches, schema)
                batches, size, handed_out = [], 0, True
        if batches or not handed_out:
            yield pa.Table.from_batches(batches, schema)

    def finish(self) -> tuple[str, Signature]:
        """Hash and signature of what was read. Raises ChangedWhileReadError."""
        return self._file.finish()


def _trimmed(batch: pa.RecordBatch) -> pa.RecordBatch:
    # Trimmed here: the vector function looks at both ends of a text only, SQL's at all of it.
    try:
        texts = [pc.utf8_trim(texts, characters=BLANKS) for texts in batch.columns[1:]]
    except pa.ArrowInvalid:
        raise UnreadableError("the text is not UTF-8") from None
    return pa.record_batch([batch.column(0), *texts], schema=batch.schema)


def _open_table(
    file: HashedFile, file_format: str, dataset: Dataset, limits: ReadingLimits, force_cp1252: bool
) -> TextTable:
    if file_format in ("csv", "csv.gz"):
        text = TextBytes(file, file_format == "csv.gz", limits, force_cp1252)
        return read_csv(text, dataset, limits)
    if file_format == "xlsx":
        content = b"".join(_at_most(file, limits.max_workbook_bytes))
        return read_xlsx(content, dataset, limits)
    return read_parquet(file.read_all_then_rewind(), dataset, limits)


def _at_most(file: HashedFile, most: int) -> Iterator[bytes]:
    for chunk in file.chunks():
        if file.size > most:
            raise UnreadableError(f"the workbook is larger than {most} bytes")
        yield chunk


@contextmanager
def open_source(
    path: Path, file_format: str, dataset: Dataset, limits: ReadingLimits, force_cp1252: bool = False
) -> Iterator[Source]:
    """Open a delivery as a table of text.

    Raises UnreadableError, MissingColumnsError, or NotUtf8Error, which asks for `force_cp1252`.
    """
    file = HashedFile(path)
    try:
        yield Source(_open_table(file, file_format, dataset, limits, force_cp1252), file)
    finally:
        file.close()
