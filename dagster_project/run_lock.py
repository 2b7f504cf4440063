"""One writer at a time: the lock that every run holds, and the name of who holds it.

The lock is the operating system's, so it dies with its process; a file left behind means nothing. The
owner's file beside it only serves the message.
"""

from __future__ import annotations

import getpass
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from dagster_project.errors import TrisamError

_WAIT_SECONDS = 6 * 3600


class LockHeldError(TrisamError):
    """Another run is writing the warehouse."""


@contextmanager
def run_lock(work_dir: Path, *, wait: bool) -> Iterator[None]:
    """Hold the warehouse's only writing place; may be entered again by the process that holds it.

    Raises LockHeldError at once where `wait` is false, else after six hours.
    """
    lock = FileLock(work_dir / "run.lock", is_singleton=True, thread_local=False, mode=0o600)
    owner = work_dir / "run.owner.json"
    try:
        lock.acquire(timeout=_WAIT_SECONDS if wait else 0)
    except Timeout:
        raise LockHeldError(
            f"Another run holds the warehouse: {_owner(owner)}.", "Wait until it has ended, then run again."
        ) from None
    try:
        owner.write_text(json.dumps(_self()), encoding="utf-8")
        yield
    finally:
        lock.release()


def _self() -> dict[str, str]:
    return {
        "user": getpass.getuser(),
        "host": socket.gethostname(),
        "process": str(os.getpid()),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _owner(path: Path) -> str:
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        return f"{held['user']} on {held['host']}, process {held['process']}, since {held['since']}"
    except (OSError, ValueError, KeyError):
        return "owner unknown"
