"""A program in a group of its own ends with the process that started it, and so does all that it has started."""

import os
import signal
import subprocess
import sys
import textwrap
import uuid

import pytest

from tests.processes import marked, needs_proc, waited

pytestmark = needs_proc

STARTER = textwrap.dedent("""
    import os, sys
    from dagster_project.process_group import run_in_group
    sys.exit(run_in_group([sys.executable, "-c", sys.argv[1]], os.environ))
""")
# A child that does not end when it is told to, and a parent that waits for it when it is told to end itself.
STUBBORN = textwrap.dedent("""
    import signal, subprocess, sys, time
    signal.signal(signal.SIGTERM, lambda *_: child.wait())
    deaf = "signal.signal(signal.SIGTERM, signal.SIG_IGN); print('started', flush=True); time.sleep(600)"
    child = subprocess.Popen([sys.executable, "-c", "import signal, time; " + deaf])
    child.wait()
""")
LEAVES_A_CHILD = textwrap.dedent("""
    import subprocess, sys
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], stdout=subprocess.DEVNULL)
    sys.exit(7)
""")


@pytest.fixture
def start():
    mark = f"TRISAM_TEST_GROUP={uuid.uuid4()}"
    name, _, value = mark.partition("=")
    started = []

    def begin(program):
        process = subprocess.Popen(
            [sys.executable, "-c", STARTER, program],
            env={**os.environ, name: value},
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process, mark

    yield begin
    for pid in marked(mark):
        os.kill(pid, signal.SIGKILL)
    for process in started:
        process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP], ids=lambda n: n.name)
def test_a_signal_ends_all_of_them_also_a_child_that_does_not_listen(start, number):
    process, mark = start(STUBBORN)
    assert process.stdout.readline() == "started\n"
    assert len(marked(mark)) == 4
    process.send_signal(number)
    assert process.wait() == 0
    assert marked(mark) == {}


def test_all_of_them_end_when_their_starter_is_killed(start):
    process, mark = start(STUBBORN)
    assert process.stdout.readline() == "started\n"
    process.kill()
    assert waited(lambda: not marked(mark)), marked(mark)


def test_a_program_that_ends_by_itself_gives_its_exit_code_and_leaves_nobody(start):
    process, mark = start(LEAVES_A_CHILD)
    assert process.wait() == 7
    assert marked(mark) == {}
