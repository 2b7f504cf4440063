"""A disk that is full or cannot be written: how systems, DuckDB and SQLite say so, and what people are told."""

from __future__ import annotations

import re
from contextlib import suppress

from dagster_project.errors import TrisamError
from dagster_project.settings import Settings

_LITTLE = 1 << 20
_FULL = re.compile(r"No space left(?: on device)?|disk is full")
_UNWRITABLE = re.compile(f"{_FULL.pattern}|Read-only file system|readonly database|Permission denied")


class DiskError(TrisamError):
    """The home cannot be written."""

    def __init__(self, settings: Settings, said: str) -> None:
        super().__init__(
            f"{settings.home} cannot be written: {said}",
            "Make room, or mend the mount or its rights, then run again. What was published stays in force.",
        )


def says_full(text: str) -> str | None:
    """The words by which a text says that a disk is full; None where it does not."""
    found = _FULL.search(text)
    return found[0] if found else None


def says_unwritable(text: str) -> str | None:
    """The first line of a text that says that something cannot be written; None where none does."""
    return next((line for line in text.splitlines() if _UNWRITABLE.search(line)), None)


def why_not_writable(settings: Settings) -> str | None:
    """What the system says when a little is written under home; None when it can be.

    Not everybody says so by themselves: SQLite calls a full disk an I/O error.
    """
    probe = settings.home / ".probe"
    try:
        probe.write_bytes(b"\0" * _LITTLE)
        probe.unlink()
    except OSError as error:
        return str(error.strerror)
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)
    return None
