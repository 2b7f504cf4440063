"""Opens a delivery in any format and keeps account of what was read of it: hash, signature, errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from dagster_project.contract import Dataset
from dagster_project.ingestion.inbox import Signature
from dagster_project.ingestion.limits import ReadingLimits
from dagster_project.ingestion.reading.bytestream import HashedFile, TextBytes
from dagster_project.ingestion.reading.csv import read_csv
from dagster_project.ingestion.reading.headers import BLANKS
from dagster_project.ingestion.reading.parquet import read_parquet
from dagster_project.ingestion.reading.table import TextTable, table_schema
from dagster_project.ingestion.reading.unreadable import UnreadableError
from dagster_project.ingestion.reading.xlsx import read_xlsx


class Source:
    """An open delivery.

    `reader` is `table.reader` with surrounding blanks trimmed. It remembers in `error` what went wrong under way,
    since the database that consumes it would only hand on a text of its own.
    """

    def __init__(self, table: TextTable, file: HashedFile) -> None:
        self.table = table
        self.error: Exception | None = None
        self._file = file
        self.reader = pa.RecordBatchReader.from_batches(table_schema(table.width), self._batches())

    def _batches(self) -> Iterator[pa.RecordBatch]:
        try:
            for batch in self.table.reader:
                # Trimmed here: the vector function looks at both ends of a text only, SQL's at all of it.
                texts = [pc.utf8_trim(texts, characters=BLANKS) for texts in batch.columns[1:]]
                yield pa.record_batch([batch.column(0), *texts], schema=batch.schema)
        except pa.ArrowInvalid:
            self.error = UnreadableError("the text is not UTF-8")
            raise self.error from None
        except Exception as error:
            self.error = error
            raise

    def __arrow_c_schema__(self) -> object:
        """The schema, for whoever takes the rows over the Arrow C interface."""
        return self.reader.schema.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The rows, once. Batch for batch on demand: handed a reader, DuckDB would let Arrow read far ahead."""
        return self.reader.__arrow_c_stream__(requested_schema)

    def finish(self) -> tuple[str, Signature]:
        """Hash and signature of what was read. Raises ChangedWhileReadError."""
        return self._file.finish()


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
