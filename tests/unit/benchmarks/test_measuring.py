"""What a command cost: seconds, memory of all its processes, and steps from its lines of progress."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.inbox import one_changed_delivery
from benchmarks.measure import CommandFailedError, measure, resident_bytes, steps

SAID = [
    (1.0, "[    1 s] starting"),
    (5.0, "[    5 s] ingest_deliveries: start"),
    (8.0, "[    8 s] ingest_deliveries: success"),
    (8.5, "[    9 s] dbt_build: start"),
    (9.0, "something else"),
    (20.5, "something without an end[   21 s] dbt_build: success[   21 s] report: start"),
    (21.0, "[   21 s] report: success"),
]
HOLD = "held = bytearray(200_000_000); print('ready', flush=True); input()"


def test_a_step_lasts_from_its_start_to_its_success():
    assert steps(SAID, 22.0) == {
        "start-up": 5.0,
        "ingest_deliveries": 3.0,
        "dbt_build": 12.0,
        "report": 0.5,
        "end": 1.0,
    }


def test_a_command_without_lines_of_progress_has_no_steps():
    assert steps([(1.0, "Nothing new.")], 2.0) == {}


def test_memory_is_that_of_a_process_and_of_all_below_it():
    before = resident_bytes(os.getpid())
    with subprocess.Popen(
        [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        with_child = resident_bytes(os.getpid())
        child.communicate("\n")

    assert with_child - before > 200_000_000


def test_a_command_is_measured_with_what_it_said():
    # Held until the next look at it, and some more.
    held = "import time; held = bytearray(200_000_000); print('done'); time.sleep(1)"
    command = [sys.executable, "-c", held]

    found = measure(command, dict(os.environ), Path.cwd())

    assert found.output == "done"
    assert found.peak_bytes > 200_000_000
    assert found.wall_seconds > 0.0 < found.cpu_seconds


def test_a_command_that_fails_tells_what_it_said_last():
    with pytest.raises(CommandFailedError, match=r"status 3:\nno such inbox"):
        measure(
            [sys.executable, "-c", "print('no such inbox'); raise SystemExit(3)"],
            dict(os.environ),
            Path.cwd(),
        )


def test_a_process_that_has_ended_holds_no_memory():
    assert resident_bytes(os.getpid()) > 0
    assert resident_bytes(2**22 + 1) == 0


def test_one_delivery_lacks_its_last_row_and_is_put_back_whatever_happens(tmp_path: Path):
    small, large = (tmp_path / "kommun-2101" / f"forsorjningsstod_{year}.csv" for year in (2020, 2021))
    other = tmp_path / "kommun-2180" / "forsorjningsstod_2021.csv"
    for path, content in ((small, "a\n1\n"), (large, "a\n1\n2\n3\n"), (other, "a\n1\n2\n3\n4\n")):
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)

    with contextlib.suppress(KeyboardInterrupt), one_changed_delivery(tmp_path) as changed:
        assert (changed, changed.read_text()) == (large, "a\n1\n2\n")
        raise KeyboardInterrupt

    assert [path.read_text() for path in (small, large, other)] == [
        "a\n1\n",
        "a\n1\n2\n3\n",
        "a\n1\n2\n3\n4\n",
    ]


def test_a_command_is_not_charged_with_what_the_measuring_process_once_held():
    once = bytearray(300_000_000)
    once[:] = b"x" * len(once)
    del once

    found = measure([sys.executable, "-c", "import time; time.sleep(0.5)"], dict(os.environ), Path.cwd())

    assert found.peak_bytes < 200_000_000
