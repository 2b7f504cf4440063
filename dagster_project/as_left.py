"""Both files of the work folder as a run that published has left them: where nothing has changed, no row need be read.

A note is good for one run, which takes it away before anything is written. Without it, or where a file is another, the
rows are read (`work_file.mend`): after a run that failed or was killed, an erasure, a run of the UI, a restored backup.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from dagster_project.settings import Settings

_NOTE = "as_left.json"
_PIECE = 64 << 20


class _Left(BaseModel):
    """Size, and the CRC-32 of each piece of a file: told from damage, not from malice, at half of SHA-256's cost."""

    model_config = ConfigDict(frozen=True)

    size_bytes: int
    pieces: list[int]


class _Note(BaseModel):
    model_config = ConfigDict(frozen=True)

    files: Mapping[str, _Left]


def note(settings: Settings) -> None:
    """Keep what the files are now: to be called when a run has published, and nothing writes them any more.

    Where it cannot be kept, the next run reads the rows.
    """
    with suppress(OSError):
        files = {path.name: _left(path) for path in _files(settings) if path.exists()}
        path = settings.work_dir / _NOTE
        temporary = path.with_suffix(".next")
        temporary.write_text(_Note(files=files).model_dump_json(), encoding="utf-8")
        temporary.replace(path)


def take(settings: Settings) -> frozenset[Path]:
    """The files that are what the note says, which is gone afterwards."""
    path = settings.work_dir / _NOTE
    try:
        noted = _Note.model_validate_json(path.read_bytes()).files
    except (FileNotFoundError, ValueError):
        noted = {}
    path.unlink(missing_ok=True)
    return frozenset(
        file
        for file in _files(settings)
        if file.name in noted and file.exists() and _is_as(file, noted[file.name])
    )


def _files(settings: Settings) -> tuple[Path, Path]:
    return settings.work_db, settings.outgoing_db


def _is_as(file: Path, left: _Left) -> bool:
    with suppress(OSError):  # a block that the disk cannot give: whoever reads the rows tells
        return file.stat().st_size == left.size_bytes and _left(file) == left
    return False


def _left(file: Path) -> _Left:
    size = file.stat().st_size
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as threads:
        pieces = threads.map(lambda start: _checksum(file, start), range(0, size, _PIECE))
        return _Left(size_bytes=size, pieces=list(pieces))


def _checksum(file: Path, start: int) -> int:
    found, left = 0, _PIECE
    with file.open("rb", buffering=0) as handle:
        handle.seek(start)
        while left and (block := handle.read(min(left, 1 << 20))):
            found, left = zlib.crc32(block, found), left - len(block)
    return found
