"""One writer at a time: the second is told who holds the place; a dead process holds nothing."""

import select
import subprocess
import sys

import pytest

from dagster_project.run_lock import LockHeldError, run_lock

HOLD = """
import sys, time
from pathlib import Path
from dagster_project.run_lock import run_lock
with run_lock(Path(sys.argv[1]), wait=False):
    print("held", flush=True)
    time.sleep(60)
"""


WAIT = HOLD.replace("wait=False", "wait=True").replace("time.sleep(60)", "")


@pytest.fixture
def holder(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline().strip() == "held"
    yield process
    process.kill()
    process.wait()


def test_a_second_run_is_refused_at_once_and_told_who_holds_the_place(holder, tmp_path):
    with pytest.raises(LockHeldError, match=f"process {holder.pid}"), run_lock(tmp_path, wait=False):
        pass


def test_a_run_that_may_wait_starts_when_the_one_before_has_ended(holder, tmp_path):
    second = subprocess.Popen([sys.executable, "-c", WAIT, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    try:
        # Nothing comes however long one looks; a second is enough to see a lock that does not hold.
        early, _, _ = select.select([second.stdout], [], [], 1)
        assert not early
        holder.kill()
        assert second.stdout.readline().strip() == "held"
        assert second.wait() == 0
    finally:
        second.kill()
        second.wait()


def test_a_lock_left_by_a_killed_process_means_nothing(holder, tmp_path):
    holder.kill()
    holder.wait()
    with run_lock(tmp_path, wait=False):
        assert (tmp_path / "run.lock").exists()


def test_the_holder_may_enter_again(tmp_path):
    with run_lock(tmp_path, wait=False), run_lock(tmp_path, wait=False):
        pass
    with run_lock(tmp_path, wait=False):
        pass
