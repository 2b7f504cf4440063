"""A report that several processes write is the report that one writes, and ends with who asked for it."""

import os
import signal
import subprocess
import sys
import time

import pytest

from dagster_project.report import build_open_report, build_report, shares

from .releases import small_open_release, small_release

_WRITES_FOR_EVER = """
import os, pathlib, sys, time
from dagster_project.report.shares import written_in_shares

def write(database, target, share):
    (target / f"{os.getpid()}").touch()
    time.sleep(600)

if __name__ == "__main__":
    written_in_shares(write, pathlib.Path(), pathlib.Path(sys.argv[1]), 2)
"""


@pytest.mark.parametrize("of", [1, 2, 3, 7])
def test_the_shares_are_the_whole_and_nothing_falls_to_two(of):
    parts = [shares.Share(n, of).part(range(5)) for n in range(of)]
    assert sorted(x for part in parts for x in part) == [0, 1, 2, 3, 4]
    assert [shares.Share(n, of).is_first for n in range(of)].count(True) == 1


@pytest.mark.parametrize(
    ("make", "build"), [(small_release, build_report), (small_open_release, build_open_report)]
)
def test_two_processes_write_the_files_that_one_writes(tmp_path, make, build):
    release = make(tmp_path / "release.duckdb")
    alone = build(release, tmp_path / "alone")
    shared = build(release, tmp_path / "shared", processes=2)
    assert _contents(alone, tmp_path / "alone") == _contents(shared, tmp_path / "shared")


def test_an_error_of_one_share_is_the_error_of_the_report(tmp_path):
    with pytest.raises(Exception, match=r"nowhere\.duckdb"):
        build_report(tmp_path / "nowhere.duckdb", tmp_path, processes=2)


def test_writers_end_when_who_asked_for_them_is_killed(tmp_path):
    script = tmp_path / "writes_for_ever.py"
    script.write_text(_WRITES_FOR_EVER)
    target = tmp_path / "target"
    target.mkdir()
    parent = subprocess.Popen([sys.executable, str(script), str(target)])
    _wait_until(lambda: len(list(target.iterdir())) == 2)
    writers = [int(path.name) for path in target.iterdir()]
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    _wait_until(lambda: not any(map(_runs, writers)))


def _contents(files, folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def _runs(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _wait_until(holds, seconds=60):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)
