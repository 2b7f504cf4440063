"""The Dagster UI ends when it is told to, with webserver, daemon and code servers."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
import uuid

import pytest

from tests.end_to_end.conftest import PROJECT
from tests.processes import marked, needs_proc, waited

pytestmark = needs_proc
# The promise is ten seconds; a machine that runs other tests beside this one is given more.
SLACK = 60


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def answers(port):
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{port}/server_info", timeout=5).status == 200
    except OSError:
        return False


@pytest.fixture
def ui(tmp_path):
    """A UI that answers, and what marks all of its processes."""
    name, value, port = "TRISAM_TEST_UI", str(uuid.uuid4()), free_port()
    mark = f"{name}={value}"
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TRISAM_", "DAGSTER_", "DBT_"))}
    command = [
        sys.executable,
        "-c",
        "from dagster_project.cli import main; main()",
        "ui",
        "--port",
        str(port),
    ]
    (tmp_path / "inbox").mkdir()
    process = subprocess.Popen(
        [*command, "--home", str(tmp_path / "home"), "--inbox", str(tmp_path / "inbox")],
        cwd=PROJECT,
        env={**kept, "PYTHONPATH": str(PROJECT), name: value},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert waited(lambda: answers(port), seconds=600)
        yield process, mark
    finally:
        for pid in marked(mark):
            os.kill(pid, signal.SIGKILL)
        process.wait()


def test_the_ui_ends_with_all_of_its_processes(ui):
    process, mark = ui
    running = " ".join(marked(mark).values())
    for part in ("dagster dev", "dagster_webserver", "dagster._daemon", "code-server start", "api grpc"):
        assert part in running
    process.terminate()
    assert process.wait(SLACK) == 0
    assert marked(mark) == {}
