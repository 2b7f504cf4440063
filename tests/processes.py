"""The processes that a test has started, with all that these have started, whatever group or parent they have now."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

import pytest

needs_proc = pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="processes are found in /proc"
)
PATIENCE = 120


def marked(mark: str) -> dict[int, str]:
    """Command line by id of every living process that has `mark` in its environment."""
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            is_zombie = (folder / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
            if mark.encode() in (folder / "environ").read_bytes().split(b"\0") and not is_zombie:
                found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
    return found


def waited(reached: Callable[[], object], seconds: float = PATIENCE) -> bool:
    """Whether something comes true in time."""
    deadline = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True
