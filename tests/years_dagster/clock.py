"""The clock of the harness: a file with an offset, which libfaketime adds to the time of every process that has it."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from dagster_project.automation.calendar import TIMEZONE
from dagster_project.errors import TrisamError

STARTUP = Path(__file__).with_name("startup")
_LIBRARY = "*/faketime/libfaketimeMT.so.1"


def library() -> Path:
    """The library that turns the clock. Raises TrisamError where it is not installed."""
    found = sorted(Path("/usr/lib").glob(_LIBRARY))
    if not found:
        raise TrisamError("libfaketime is not installed.", "Install it: apt-get install libfaketime.")
    return found[0]


class Clock:
    """A clock that only goes forward; it runs between two settings of it."""

    def __init__(self, file: Path, start: datetime) -> None:
        self._file = file
        self._offset = 0
        self._write(start)

    def now(self) -> datetime:
        """The time that the processes see."""
        return datetime.fromtimestamp(time.time() + self._offset, ZoneInfo(TIMEZONE))

    def set(self, moment: datetime) -> None:
        """Turn to a moment of Swedish time that is still to come; does nothing where it has passed."""
        if self._aware(moment) > self.now():
            self._write(moment)

    def advance(self, **span: float) -> None:
        """Turn forward by a span, as of `timedelta`."""
        self.set(self.now() + timedelta(**span))

    def environment(self, root: Path) -> dict[str, str]:
        """What makes a process see this clock; `root` is the folder of the project."""
        return {
            "LD_PRELOAD": str(library()),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": "1",
            # Locks and conditions wait by this clock; times of files are the real ones, as the harness writes them.
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
            "PYTHONPATH": f"{STARTUP}:{root}",
            "TZ": TIMEZONE,
        }

    def _aware(self, moment: datetime) -> datetime:
        return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(TIMEZONE))

    def _write(self, moment: datetime) -> None:
        self._offset = round(self._aware(moment).timestamp() - time.time())
        temporary = self._file.with_suffix(".next")
        temporary.write_text(f"{self._offset:+d}\n", encoding="utf-8")
        temporary.replace(self._file)
