"""Names of releases: they sort by time, and the newest is always last, whatever the clock does."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

_FORM = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")
_STAMP = "%Y%m%dT%H%M%SZ"


def is_version(name: str) -> bool:
    """Whether a folder name is the name of a release."""
    return _FORM.fullmatch(name) is not None


def next_version(existing: Iterable[str], fingerprint: str, now: datetime) -> str:
    """The name of the next release: UTC time and the first eight digits of its fingerprint.

    A clock that went backwards does not reorder releases: the name is at least one second after the last.
    """
    stamps = [version_time(name) for name in existing if is_version(name)]
    moment = now.astimezone(UTC).replace(microsecond=0)
    if stamps:
        moment = max(moment, max(stamps) + timedelta(seconds=1))
    return f"{moment.strftime(_STAMP)}-{fingerprint[:8]}"


def version_time(name: str) -> datetime:
    """The moment, UTC, that a version bears in its name."""
    return datetime.strptime(name.split("-", maxsplit=1)[0], _STAMP).replace(tzinfo=UTC)


def releases(folder: Path) -> list[str]:
    """The versions that lie in a folder of releases, oldest first."""
    if not folder.is_dir():
        return []
    return sorted(p.name for p in folder.iterdir() if p.is_dir() and is_version(p.name))
