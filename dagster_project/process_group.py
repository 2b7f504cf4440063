"""A program whose processes all end with the one that started it, within seconds, whichever way that one ends.

Dagster's UI is five processes: each waits for others when it is told to end, and some outlive a parent that was killed.
They are put into a process group of their own under a supervisor (this module, run as a program). The starting process
holds the write end of a pipe; when it closes, by a signal, a return or a kill, the supervisor ends the group. When the
supervisor is gone, the starting process kills what is left of the group.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

_GRACE_SECONDS = 5.0
"""From the request to end until everything left is killed; with start and reaping it stays below ten seconds."""
_POLL_SECONDS = 0.1
_ASKED_TO_END = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def run_in_group(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a program until it ends or this process is asked to; returns its exit code, 0 when it was asked to end.

    No process of the program is left when this returns.
    """
    supervisor = subprocess.Popen(  # noqa: S603  words of our own command line
        [sys.executable, "-m", "dagster_project.process_group", *command],
        env=dict(environment),
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    assert supervisor.stdin is not None  # noqa: S101  it is a pipe, as asked for
    asked = []

    def end(number: int, _: object) -> None:
        asked.append(number)
        supervisor.stdin.close()  # type: ignore[union-attr]

    with _handled(end):
        code = supervisor.wait()
    _kill_group(supervisor.pid)
    return 0 if asked else code


@contextmanager
def _handled(handler: signal._HANDLER) -> Iterator[None]:
    before = {number: signal.signal(number, handler) for number in _ASKED_TO_END}
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)


def supervise(command: Sequence[str]) -> int:
    """Run a program in the group of this process until it ends, or standard input does; returns its exit code.

    At the end of standard input the program is asked to end; what is left of the group after the grace period is
    killed, this process with it.
    """
    # Handlers, since the program would inherit that a signal is ignored.
    for number in _ASKED_TO_END:
        signal.signal(number, lambda *_: None)
    program = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603  words of our own command line
    while program.poll() is None:
        readable, _, _ = select.select([sys.stdin], [], [], _POLL_SECONDS)
        if readable:
            _end(program)
    return program.returncode


def _end(program: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _GRACE_SECONDS
    program.terminate()
    while program.poll() is None and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
    _kill_group(os.getpgrp())


def _kill_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(supervise(sys.argv[1:]))
