"""A file as a checked stream of UTF-8: hash, gzip, encoding, NUL and size limits. Rows are not its business."""

import codecs
import gzip
import hashlib
import os
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from dagster_project.ingestion.inbox import Signature
from dagster_project.ingestion.limits import MIB, ReadingLimits
from dagster_project.ingestion.reading.unreadable import ChangedWhileReadError, UnreadableError

CHUNK = 1 << 18
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def open_regular(path: Path) -> IO[bytes]:
    """Open a regular file without following a link at its end. Raises UnreadableError for anything else."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise UnreadableError(f"the file cannot be opened ({error.strerror})") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UnreadableError("not a regular file")
    return os.fdopen(descriptor, "rb", buffering=0)


def signature_of(file: IO[bytes]) -> Signature:
    """The signature of an open file."""
    return Signature.of(os.fstat(file.fileno()))


class HashedFile:
    """A file read once from start to end; knows the SHA-256 of what was read and whether the file held still."""

    def __init__(self, path: Path) -> None:
        self._file = open_regular(path)
        self._before = signature_of(self._file)
        self._digest = hashlib.sha256()
        self._complete = False
        self.size = 0

    def read(self, count: int = -1) -> bytes:
        """The next bytes, at most `count`."""
        data = self._file.read(count if count >= 0 else CHUNK)
        self._digest.update(data)
        self.size += len(data)
        return data

    def chunks(self) -> Iterator[bytes]:
        """The rest of the file."""
        while data := self.read(CHUNK):
            yield data

    def read_all_then_rewind(self) -> IO[bytes]:
        """Hash the whole file first, for formats that jump about in it; returns it for reading from its start."""
        for _ in self.chunks():
            pass
        self._complete = True
        self._file.seek(0)
        return self._file

    def finish(self) -> tuple[str, Signature]:
        """Read the rest and return hash and signature. Raises ChangedWhileReadError."""
        if not self._complete:
            for _ in self.chunks():
                pass
        after = signature_of(self._file)
        if after != self._before or after.size != self.size:
            raise ChangedWhileReadError
        return self._digest.hexdigest(), after

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def hash_file(path: Path) -> tuple[str, Signature]:
    """SHA-256 and signature of a file that is not parsed. Raises UnreadableError, ChangedWhileReadError."""
    file = HashedFile(path)
    try:
        return file.finish()
    finally:
        file.close()


def _unfolded(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Gunzip, several members after each other too. Never more than CHUNK bytes at a time."""
    inflater = zlib.decompressobj(wbits=31)
    started = False
    for chunk in chunks:
        data = chunk
        while data:
            started = True
            yield inflater.decompress(data, CHUNK)
            data = inflater.unconsumed_tail
            if inflater.eof:
                data = inflater.unused_data.lstrip(b"\0")  # padding after the last member is allowed
                inflater, started = zlib.decompressobj(wbits=31), False
    if started:
        raise EOFError("the compressed data ends too early")


class TextBytes:
    """The content of a CSV file as UTF-8, chunk by chunk.

    UTF-8 unless a byte says otherwise, then Windows-1252. Only ASCII may have gone out before the encoding is
    known to be Windows-1252, so a file that turns out so after other UTF-8 is read again (`force_cp1252`).
    """

    def __init__(self, file: HashedFile, gzipped: bool, limits: ReadingLimits, force_cp1252: bool) -> None:
        chunks = file.chunks()
        self._chunks = _unfolded(chunks) if gzipped else chunks
        self._limits = limits
        self._file = file
        self._unfolded_bytes = 0
        self._cp1252 = force_cp1252
        self._marked = False
        self._ascii_so_far = True
        self._decoder = self._new_decoder()

    def _new_decoder(self) -> codecs.IncrementalDecoder:
        return codecs.getincrementaldecoder("cp1252" if self._cp1252 else "utf-8")()

    def __iter__(self) -> Iterator[bytes]:
        first = True
        try:
            for chunk in self._chunks:
                data = self._checked(chunk, first)
                first = first and not chunk
                yield self._decode(data, final=False)
            yield self._decode(b"", final=True)
        except (zlib.error, EOFError, gzip.BadGzipFile) as error:
            raise UnreadableError(f"the file is no sound gzip file ({error})") from None

    def _checked(self, chunk: bytes, first: bool) -> bytes:
        self._unfolded_bytes += len(chunk)
        if self._unfolded_bytes > self._limits.max_unfolded_bytes:
            raise UnreadableError(
                f"the content exceeds {self._limits.max_unfolded_bytes} bytes when unfolded"
            )
        if self._unfolded_bytes > max(64 * MIB, self._file.size * self._limits.max_unfolding_ratio):
            ratio = self._limits.max_unfolding_ratio
            raise UnreadableError(f"the content unfolds to more than {ratio} times the size of the file")
        if first and chunk.startswith(_UTF16_MARKS):
            raise UnreadableError("the file is UTF-16; save it as UTF-8")
        if b"\0" in chunk:
            raise UnreadableError("the file holds NUL bytes, so it is no text file")
        if first and chunk.startswith(codecs.BOM_UTF8):
            self._marked, self._cp1252 = True, False
            self._decoder = self._new_decoder()
            return chunk[len(codecs.BOM_UTF8) :]
        return chunk

    def _decode(self, data: bytes, final: bool) -> bytes:
        pending = b"" if self._cp1252 else self._decoder.getstate()[0]
        try:
            text = self._decoder.decode(data, final)
        except UnicodeDecodeError:
            return self._switch(pending + data, final)
        if self._ascii_so_far and not text.isascii():
            self._ascii_so_far = False
        return text.encode("utf-8")

    def _switch(self, data: bytes, final: bool) -> bytes:
        if self._cp1252 or self._marked:
            raise UnreadableError("the text is neither UTF-8 nor Windows-1252")
        if not self._ascii_so_far:
            raise NotUtf8Error
        self._cp1252 = True
        self._decoder = self._new_decoder()
        return self._decode(data, final)


class NotUtf8Error(Exception):
    """A byte showed that the file is Windows-1252 after some of it had passed as UTF-8: read it again."""
