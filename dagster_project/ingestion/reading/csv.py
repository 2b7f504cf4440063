"""CSV as text in batches: delimiter, header, quoting, rows with a wrong number of fields."""

import csv
import io
import secrets
import threading
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.csv

from dagster_project.contract import Dataset
from dagster_project.ingestion.limits import ReadingLimits
from dagster_project.ingestion.reading.bytestream import TextBytes
from dagster_project.ingestion.reading.headers import BLANKS, count_known, match_header
from dagster_project.ingestion.reading.table import TextTable, WrongRows, numbered, table_schema, text_column
from dagster_project.ingestion.reading.unreadable import MissingColumnsError, UnreadableError

DELIMITERS = (";", ",", "\t")
_BLOCKS_AHEAD = 8


class _Feed(io.RawIOBase):
    """The stream after the header, with the sentinel at its end.

    Errors of the stream are kept for later, since Arrow would wrap them. Arrow reads ahead in a thread of its own
    without bound; it is made to wait while more than a few blocks lie unused and nobody asks for a batch.
    """

    def __init__(self, rest: bytes, chunks: Iterator[bytes], sentinel: bytes) -> None:
        self._chunks = self._with_sentinel(rest, chunks, sentinel)
        self._left = b""
        self.error: Exception | None = None
        self._turn = threading.Condition()
        self._ahead = 0
        self._asked = True

    def ask(self) -> None:
        """Somebody waits for a batch: reading may go on however much was read."""
        with self._turn:
            self._asked = True
            self._turn.notify_all()

    def took(self) -> None:
        """A batch was used."""
        with self._turn:
            self._asked = False
            self._ahead -= 1

    def _wait_for_turn(self) -> None:
        with self._turn:
            while not self._asked and self._ahead > _BLOCKS_AHEAD:
                self._turn.wait()
            self._ahead += 1

    @staticmethod
    def _with_sentinel(rest: bytes, chunks: Iterator[bytes], sentinel: bytes) -> Iterator[bytes]:
        last = b"\n"
        if rest:
            last = rest[-1:]
            yield rest
        for chunk in chunks:
            if chunk:
                last = chunk[-1:]
                yield chunk
        yield sentinel if last in (b"\n", b"\r") else b"\n" + sentinel

    def readable(self) -> bool:
        return True

    def read(self, count: int = -1) -> bytes:
        """At most `count` bytes, fewer only at the end."""
        self._wait_for_turn()
        parts, wanted = [], count
        try:
            while wanted > 0:
                if not self._left:
                    self._left = next(self._chunks, b"")
                    if not self._left:
                        break
                parts.append(self._left[:wanted])
                self._left = self._left[wanted:]
                wanted -= len(parts[-1])
        except Exception as error:
            self.error = error
            raise
        return b"".join(parts)


class _Skipped:
    """Takes the rows with a wrong number of fields out of the way and remembers them."""

    def __init__(self, header_row: int, sentinel: str) -> None:
        self.wrong = WrongRows()
        self._header_row = header_row
        self._sentinel = sentinel
        self.ended = False

    def __call__(self, row: pa.csv.InvalidRow) -> str:
        if row.text == self._sentinel:
            self.ended = True
        else:
            # A row of nothing but delimiters, quotes and blanks is blank, however many fields it has.
            blank = not row.text.strip('";,' + BLANKS)
            self.wrong.add(row.number + self._header_row, 0 if blank else row.actual_columns)
        return "skip"


def _take_header(chunks: Iterator[bytes], limits: ReadingLimits) -> tuple[str, int, bytes]:
    """The first record that is not blank as text, its row number, and the bytes after it.

    A line break inside quotes does not end a record. Every byte is looked at once.
    """
    buffer, start, seen, row, quoted = bytearray(), 0, 0, 1, False
    for chunk in chunks:
        buffer += chunk
        while (newline := buffer.find(b"\n", seen)) >= 0:
            quoted ^= bool(buffer.count(b'"', seen, newline) % 2)
            seen = newline + 1
            if quoted:
                continue
            if buffer[start:seen].strip():
                return buffer[start:seen].decode("utf-8"), row, bytes(buffer[seen:])
            start, row = seen, row + 1
        quoted ^= bool(buffer.count(b'"', seen) % 2)
        seen = len(buffer)
        if seen - start > limits.max_row_bytes:
            raise UnreadableError(f"the header is longer than {limits.max_row_bytes} bytes")
    return buffer[start:].decode("utf-8"), row, b""


def _split_header(record: str, dataset: Dataset, limits: ReadingLimits) -> tuple[str, list[str]]:
    """The delimiter under which the header names most columns of the dataset, and its fields."""
    line = record.rstrip("\r\n")
    most = max(line.count(delimiter) for delimiter in DELIMITERS) + 1
    if most > limits.max_columns:
        raise UnreadableError(f"the header has {most} columns, more than {limits.max_columns}")
    try:
        split = [(d, list(csv.reader(io.StringIO(line, newline=""), delimiter=d))) for d in DELIMITERS]
    except csv.Error as error:
        raise UnreadableError(f"the header is no CSV ({error})") from None
    delimiter, records = max(split, key=lambda pair: count_known(pair[1][0] if pair[1] else [], dataset))
    if len(records) > 1:
        # Rows behind a lone carriage return would be taken for a part of the header, and lost.
        raise UnreadableError("a carriage return alone ends the header; save the file with LF or CRLF")
    return delimiter, records[0] if records else []


def _parsed(
    feed: _Feed, skipped: _Skipped, width: int, delimiter: str, limits: ReadingLimits
) -> pa.csv.CSVStreamingReader:
    names = [text_column(position) for position in range(width)]
    return pa.csv.open_csv(
        pa.PythonFile(feed, mode="r"),
        read_options=pa.csv.ReadOptions(
            use_threads=False, block_size=limits.max_row_bytes, column_names=names
        ),
        parse_options=pa.csv.ParseOptions(
            delimiter=delimiter,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=skipped,
        ),
        convert_options=pa.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False
        ),
    )


def read_csv(content: TextBytes, dataset: Dataset, limits: ReadingLimits) -> TextTable:
    """Open a CSV file as a table of text.

    Raises UnreadableError and MissingColumnsError, from here or while `reader` is read.
    """
    chunks = iter(content)
    record, header_row, rest = _take_header(chunks, limits)
    if not record.strip():
        raise MissingColumnsError("the file is empty")
    delimiter, header = _split_header(record, dataset, limits)
    match = match_header(header, dataset)
    # Fed after the last record. When it does not come back as a record of its own, a quote was left open.
    token = secrets.token_hex(16)
    sentinel = token if len(header) > 1 else f"{token}{delimiter}"
    feed = _Feed(rest, chunks, sentinel.encode())
    skipped = _Skipped(header_row, sentinel)

    def batches() -> Iterator[pa.RecordBatch]:
        try:
            rows = iter(_parsed(feed, skipped, len(header), delimiter, limits))
            while (batch := next(rows, None)) is not None:
                feed.took()
                yield batch
                feed.ask()
        except Exception as error:
            if feed.error or not isinstance(error, pa.ArrowInvalid):
                raise feed.error or error from None
            raise UnreadableError(_plain(error, limits)) from None
        finally:
            feed.ask()  # the thread that reads ahead ends only if it need not wait
        if not skipped.ended:
            raise UnreadableError("a quote is opened and never closed")

    rows = numbered(batches(), len(header), header_row, skipped.wrong)
    reader = pa.RecordBatchReader.from_batches(table_schema(len(header)), rows)
    return TextTable(match, len(header), reader, skipped.wrong)


def _plain(error: Exception, limits: ReadingLimits) -> str:
    """Arrow's complaint without the text of rows that it quotes."""
    if "straddl" in str(error):
        return f"a row is longer than {limits.max_row_bytes} bytes, or a quote is never closed"
    return "the rows cannot be told apart"
