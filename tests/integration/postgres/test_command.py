"""`trisam publish-postgres` as a person or a machine starts it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest

from .comparing import differences

COMMAND = [sys.executable, "-c", "from dagster_project.cli import main; main()", "publish-postgres"]


@pytest.fixture
def trisam(server, homes, tmp_path):
    """Return a function that publishes a home of its own through the command line."""
    home = tmp_path / "home"
    shutil.copytree(homes[0], home, symlinks=True)

    def run(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("TRISAM_")}
        environment |= server.environment(**variables)
        return subprocess.run(
            [*COMMAND, "--home", str(home), *words],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    run.home = home
    return run


def test_it_says_what_the_server_holds_now(server, homes, trisam):
    done = trisam()
    assert done.returncode == 0, done.stderr
    assert "now holds 20260101T000000Z-00000001" in done.stdout
    assert differences(server, homes[0]) == {}
    assert "Nothing new" in trisam().stdout


def test_machines_are_answered_in_json_and_in_nothing_else(server, trisam):
    done = trisam("--json")
    told = json.loads(done.stdout)
    assert (told["version"], told["loaded"], told["previous_version"]) == (
        "20260101T000000Z-00000001",
        True,
        None,
    )
    assert done.stderr == ""


def test_a_wrong_password_is_told_and_not_repeated(server, trisam):
    done = trisam(TRISAM_POSTGRES_PASSWORD="entirely wrong")
    assert done.returncode == 2
    assert "cannot be reached" in done.stderr
    assert "entirely wrong" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_server_the_setting_is_named(trisam):
    done = trisam(TRISAM_POSTGRES_HOST="")
    assert done.returncode == 2
    assert "TRISAM_POSTGRES_HOST" in done.stderr


def test_while_a_run_holds_the_warehouse_it_is_refused(server, trisam):
    from dagster_project.run_lock import run_lock

    work = trisam.home / "work"
    work.mkdir(mode=0o700)
    with run_lock(work, wait=False):
        assert trisam().returncode == 3
    assert server.rows("select count(*) from pg_namespace where nspname = 'marts'") == [(0,)]
