"""Child processes that do one phase of a run and are killed in it, at a moment or at a file operation."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.faults.phases"])
_OPERATIONS = {
    "open",
    "os.chmod",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.symlink",
    "shutil.rmtree",
}
_PATIENCE = 900


@dataclass(frozen=True)
class Kill:
    """When a child is killed: after so many seconds of work, or before its n-th file operation."""

    seconds: float | None = None
    operation: int | None = None

    def earlier(self) -> Kill:
        """The kill to try when this one came late, since the machine was quicker than when it was measured."""
        return Kill(seconds=None if self.seconds is None else self.seconds * 2 / 3, operation=self.operation)

    def __str__(self) -> str:
        return f"at {self.seconds:.2f} s" if self.operation is None else f"before operation {self.operation}"


NEVER = Kill()


@dataclass(frozen=True)
class Ended:
    """How a child ended: killed, failed with a sentence, or completed; its time and file operations.

    `renames` are the numbers of the operations that renamed something.
    """

    killed: bool
    error: str
    seconds: float
    operations: int
    renames: tuple[int, ...]


def perform(work: Callable[..., None], *arguments: object, kill: Kill = NEVER) -> Ended:
    """Do `work(*arguments)` in a process group of its own, and kill the whole group when `kill` says."""
    ours, theirs = _FORKS.Pipe()
    home = next((str(a.home) for a in arguments if hasattr(a, "home")), "")
    child = _FORKS.Process(target=_child, args=(theirs, kill.operation, home, work, arguments))
    child.start()
    theirs.close()
    try:
        ours.recv()  # it has its own group and is about to begin
        started = time.monotonic()
        told = ours.poll(_PATIENCE if kill.seconds is None else kill.seconds)
        if not told:
            kill_group(child.pid)
        error, operations, renames = _told(ours)
        child.join(_PATIENCE)
        seconds = time.monotonic() - started
        return Ended(child.exitcode == -signal.SIGKILL, error, seconds, operations, tuple(renames))
    finally:
        if child.is_alive():
            kill_group(child.pid)
        child.join(10)
        ours.close()


def _told(ours: Connection) -> tuple[str, int, list[int]]:
    try:
        return ours.recv()
    except EOFError:
        return "", 0, []


def kill_group(pid: int | None) -> None:
    """Kill a process and all that it started."""
    if pid is not None:
        try:
            os.killpg(pid, signal.SIGKILL)
        except ProcessLookupError:
            return


def _child(
    pipe: Connection,
    operation: int | None,
    home: str,
    work: Callable[..., None],
    arguments: tuple[object, ...],
) -> None:
    os.setsid()
    counted, renames = _count_operations(operation, home)
    error = ""
    pipe.send("begun")
    try:
        work(*arguments)
    except Exception as raised:
        error = f"{type(raised).__name__}: {raised}"
    pipe.send((error, counted[0], renames))
    pipe.close()
    sys.stdout.flush()


def _count_operations(fatal: int | None, home: str) -> tuple[list[int], list[int]]:
    """Count what this process does to files of the home, and which were renames; die before the fatal one."""
    counted: list[int] = [0]
    renames: list[int] = []

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event not in _OPERATIONS or not _concerns(arguments[0], home):
            return
        counted[0] += 1
        if event == "os.rename":
            renames.append(counted[0])
        if counted[0] == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    return counted, renames


def _concerns(path: object, home: str) -> bool:
    if not isinstance(path, str | bytes | Path):
        return False
    text = os.fsdecode(path)
    # A folder is removed entry by entry, by names relative to it.
    return text.startswith(home) or not text.startswith("/")
