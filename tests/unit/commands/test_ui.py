"""`trisam ui` becomes Dagster, so that who stops one stops the other."""

from __future__ import annotations

import os
from pathlib import Path
from unittest.mock import patch

from typer.testing import CliRunner

from dagster_project.cli import app


def test_the_command_is_replaced_by_dagster_on_this_machine_alone(tmp_path, monkeypatch):
    became: list[tuple[str, list[str], dict[str, str]]] = []
    monkeypatch.setattr("os.execve", lambda path, words, env: became.append((path, words, env)))
    where = ["--home", str(tmp_path / "home"), "--inbox", str(tmp_path)]
    with patch.dict(os.environ):  # what Dagster is told stays in its environment
        done = CliRunner().invoke(app, ["ui", "--port", "3457", *where])
    assert done.exit_code == 0, done.output
    ((path, words, environment),) = became
    assert Path(path).name == "dagster"
    assert words[1:6] == ["dev", "-h", "127.0.0.1", "-p", "3457"]
    assert Path(words[-1]).is_file()
    assert environment["TRISAM_HOME"] == str(tmp_path / "home")
    assert environment["DAGSTER_HOME"].startswith(str(tmp_path))
