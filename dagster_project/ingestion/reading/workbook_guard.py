"""Refuses an xlsx file that would cost too much to open, before a library opens it."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import IO

from dagster_project.ingestion.limits import ReadingLimits
from dagster_project.ingestion.reading.unreadable import UnreadableError

_CHUNK = 1 << 20
_MAX_PARTS = 10_000
_LOCAL_HEADER = 30
# The reference of a cell or the number of a row, in any spelling that XML allows.
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]*)([0-9]+)""")
_LONGEST_REFERENCE = 64


def _inflated(file: IO[bytes], part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content of a part as the deflate stream holds it: the declared size may lie."""
    file.seek(part.header_offset)
    header = file.read(_LOCAL_HEADER)
    file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    left = part.compress_size
    inflater = zlib.decompressobj(-15) if part.compress_type == zipfile.ZIP_DEFLATED else None
    while left > 0:
        data = file.read(min(_CHUNK, left))
        if not data:
            raise UnreadableError("the xlsx file ends too early")
        left -= len(data)
        while data:
            yield inflater.decompress(data, _CHUNK) if inflater else data
            data = inflater.unconsumed_tail if inflater else b""


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters[:8].upper():
        number = number * 26 + letter - 64
    return number


class _Extent:
    """The largest row and column that the references of a sheet name."""

    def __init__(self) -> None:
        self.rows = 1
        self.columns = 1
        self._tail = b""

    def add(self, data: bytes) -> None:
        text = self._tail + data
        found = _REFERENCE.findall(text)
        if found:
            self.columns = max(self.columns, *map(_column_number, {letters for letters, _ in found}))
            self.rows = max(self.rows, *(int(digits[:12]) for _, digits in found))
        self._tail = text[-_LONGEST_REFERENCE:]


def guard_workbook(content: bytes, limits: ReadingLimits) -> None:
    """Raise UnreadableError when the file is no sound workbook or breaks a limit. Memory use is constant."""
    file = BytesIO(content)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
        if not any(part.filename == "xl/workbook.xml" for part in parts):
            raise UnreadableError("the file is no xlsx workbook")
        _guard_parts(file, parts, limits)
    except (zipfile.BadZipFile, zlib.error, ValueError, OverflowError, NotImplementedError) as error:
        raise UnreadableError(f"the file is no sound xlsx workbook ({type(error).__name__})") from None


def _guard_parts(file: IO[bytes], parts: list[zipfile.ZipInfo], limits: ReadingLimits) -> None:
    if len(parts) > _MAX_PARTS:
        raise UnreadableError(f"the workbook has {len(parts)} parts, more than {_MAX_PARTS}")
    total = 0
    for part in parts:
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or part.flag_bits & 1:
            raise UnreadableError("the workbook is encrypted or packed in an unknown way")
        extent = _Extent() if part.filename.startswith("xl/worksheets/") else None
        for data in _inflated(file, part):
            total += len(data)
            if total > limits.max_workbook_unfolded_bytes:
                raise UnreadableError(
                    f"the workbook exceeds {limits.max_workbook_unfolded_bytes} bytes when unfolded"
                )
            if extent is not None:
                extent.add(data)
        if extent is not None and extent.rows * extent.columns > limits.max_workbook_cells:
            raise UnreadableError(
                f"the used cells of a sheet span {extent.rows} rows and {extent.columns} columns, "
                f"more than {limits.max_workbook_cells} cells"
            )
