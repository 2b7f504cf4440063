"""`trisam ui` starts Dagster on this machine alone, in a group of processes that end with it."""

from __future__ import annotations

import os
from pathlib import Path
from unittest.mock import patch

import pytest
from typer.testing import CliRunner

from dagster_project import process_group
from dagster_project.cli import app


@pytest.mark.parametrize("code", [0, 1])
def test_dagster_is_started_for_this_home_on_this_machine_alone_and_its_exit_code_told(
    tmp_path, monkeypatch, code
):
    started: list[tuple[list[str], dict[str, str]]] = []
    monkeypatch.setattr(
        process_group, "run_in_group", lambda words, env: started.append((words, env)) or code
    )
    where = ["--home", str(tmp_path / "home"), "--inbox", str(tmp_path)]
    with patch.dict(os.environ):  # what Dagster is told stays in its environment
        done = CliRunner().invoke(app, ["ui", "--port", "3457", *where])
    assert done.exit_code == code, done.output
    ((words, environment),) = started
    assert Path(words[0]).name == "dagster"
    assert words[1:6] == ["dev", "-h", "127.0.0.1", "-p", "3457"]
    assert Path(words[-1]).is_file()
    assert environment["TRISAM_HOME"] == str(tmp_path / "home")
    assert environment["DAGSTER_HOME"].startswith(str(tmp_path))
