"""Sharing a report among processes: each takes every nth area, quarter and reporter, and reads the
release anew.

Nothing of the report is known here. Processes of their own, since laying out a country's tables is Python's own work.
"""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
Write = Callable[[Path, Path, "Share"], list[Path]]

# A process takes three seconds to begin, and a county's report not ten to be written.
_WORTH_SHARING = 64 << 20
_MOST = 4
"""Each holds the release's tables of places, so memory grows with them."""


@dataclass(frozen=True)
class Share:
    """One of so many shares, counted from 0."""

    number: int = 0
    of: int = 1

    @property
    def is_first(self) -> bool:
        """Whether what there is only one of falls to this share."""
        return self.number == 0

    def part(self, whole: Sequence[T]) -> Sequence[T]:
        """Every `of`th, so that what is heavy and lies together is spread."""
        return whole[self.number :: self.of]


WHOLE = Share()
"""The one share of a report that a single process writes."""


def worth_sharing(release_db: Path) -> int:
    """By how many processes the report of a release is best written on this machine."""
    return min(len(os.sched_getaffinity(0)), _MOST) if release_db.stat().st_size > _WORTH_SHARING else 1


def written_in_shares(write: Write, database: Path, target: Path, processes: int) -> list[Path]:
    """Call `write` for every share, each in a process of its own, and return the files of all of them.

    Raises what one of them raises.
    """
    if processes == 1:
        return write(database, target, WHOLE)
    # Not forked: the parent runs threads, DuckDB's among them.
    with ProcessPoolExecutor(processes, get_context("spawn"), initializer=_begin) as pool:
        shares = [pool.submit(write, database, target, Share(n, processes)) for n in range(processes)]
        return [path for share in shares for path in share.result()]


def _begin() -> None:
    # Rows, cells and texts hold each other in no circle: looking for some takes an eighth of the time and finds few.
    gc.disable()
    _end_with_the_parent()


def _end_with_the_parent() -> None:
    # A parent that is killed tells nobody, and its candidate must not be written to while the next run removes it.
    threading.Thread(target=_watch, name="end-with-the-parent", daemon=True).start()


def _watch() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
