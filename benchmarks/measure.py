"""Measures one command: wall and processor seconds, peak memory, and when each line of progress came. Linux only."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

# Not from the start of a line: what another thread says may stand before it.
STEP = re.compile(r"\[ *\d+ s\] (?P<name>\w+): (?P<what>start|success)\b")
SAMPLE_SECONDS = 0.1
LAST_LINES = 30


class CommandFailedError(Exception):
    """A measured command ended with another status than 0; the message ends with what it said last."""


@dataclass(frozen=True)
class Measurement:
    """One run of one command: memory of all its processes together, seconds between lines of progress as steps."""

    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int
    steps: dict[str, float] = field(default_factory=dict)
    output: str = ""


def measure(command: Sequence[str], environment: dict[str, str], folder: Path) -> Measurement:
    """Run a command in a folder to its end. Raises CommandFailedError."""
    said: list[tuple[float, str]] = []
    started = time.perf_counter()
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        memory = _MemoryWatch(process.pid)
        memory.start()
        assert process.stdout is not None
        for line in process.stdout:
            said.append((time.perf_counter() - started, line.rstrip("\n")))
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        memory.stop()
    output = "\n".join(line for _, line in said)
    if process.returncode != 0:
        last = "\n".join(output.splitlines()[-LAST_LINES:])
        raise CommandFailedError(f"{' '.join(command)} ended with status {process.returncode}:\n{last}")
    # A process is charged with the peak of the one that started it, until it has a higher one of its own.
    inherited = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak = max(memory.peak_bytes, usage.ru_maxrss * 1024 if usage.ru_maxrss > inherited else 0)
    return Measurement(wall, usage.ru_utime + usage.ru_stime, peak, steps(said, wall), output)


def steps(said: Sequence[tuple[float, str]], wall: float) -> dict[str, float]:
    """Seconds per step from (second, line): `start-up` before the first step, the steps, `end` after the last one."""
    found: dict[str, float] = {}
    since: dict[str, float] = {}
    last = 0.0
    for second, step in ((second, step) for second, line in said for step in STEP.finditer(line)):
        if not since:
            found["start-up"] = second
        if step["what"] == "start":
            since[step["name"]] = second
        elif step["name"] in since:
            found[step["name"]] = found.get(step["name"], 0.0) + second - since[step["name"]]
            last = second
    if found:
        found["end"] = wall - last
    return found


class _MemoryWatch(threading.Thread):
    """The largest sum of the resident memory of a process and all below it, looked at ten times a second."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.peak_bytes = 0
        self._root = root
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(SAMPLE_SECONDS):
            self.peak_bytes = max(self.peak_bytes, resident_bytes(self._root))

    def stop(self) -> None:
        self._ended.set()
        self.join()


def resident_bytes(root: int) -> int:
    """Resident memory of a process and of all its descendants; 0 for one that has ended meanwhile."""
    total = 0
    waiting = [root]
    while waiting:
        process = Path("/proc") / str(waiting.pop())
        try:
            pages = int((process / "statm").read_text(encoding="ascii").split()[1])
            for task in (process / "task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text(encoding="ascii").split()]
        except (OSError, ValueError, IndexError):
            continue
        total += pages * os.sysconf("SC_PAGE_SIZE")
    return total
