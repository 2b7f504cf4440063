"""Whole runs through the command line, as a person starts them; one published home serves many tests."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.scene import QUICK
from tests.shared import made_once

PROJECT = Path(__file__).resolve().parents[2]
GOLDEN = PROJECT / "tests" / "golden"
PARTS = (
    "dagster_project",
    "dbt_project",
    "seeds/reference",
    "expectations",
    "deploy",
    "workspace.yaml",
    "pyproject.toml",
)

# Disclosure control has tests of its own, and the sample's run has it on; here it would take most of the time.
WITHHOLD_NOTHING = {"TRISAM_DISCLOSURE_THRESHOLD": str(QUICK)}


def trisam(*arguments: str, project: Path = PROJECT, stdin: str | None = None, **variables: str):
    """Run the command line of a project folder; returns the finished process."""
    program = "from dagster_project.cli import main; main()"
    return python(program, *arguments, project=project, stdin=stdin, **variables)


def python(
    program: str, *arguments: str, project: Path = PROJECT, stdin: str | None = None, **variables: str
):
    """Run a program with the code of a project folder; returns the finished process."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("TRISAM_", "DAGSTER_", "DBT_"))}
    environment |= {
        "PYTHONPATH": str(project),
        "GX_ANALYTICS_ENABLED": "false",
        **WITHHOLD_NOTHING,
        **variables,
    }
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(
        command, cwd=project, env=environment, input=stdin, capture_output=True, text=True, check=False
    )


def digest(folder: Path) -> str:
    """One hash over names and bytes of everything in a folder."""
    total = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        total.update(str(path.relative_to(folder)).encode())
        total.update(path.read_bytes())
    return total.hexdigest()


@pytest.fixture(scope="session")
def clean_home(tmp_path_factory):
    """A home in which golden/clean is published, and the inbox it came from."""

    def publish(root: Path) -> None:
        shutil.copytree(GOLDEN / "clean" / "inbox", root / "inbox")
        done = trisam("run", "--inbox", str(root / "inbox"), "--home", str(root / "home"))
        assert done.returncode == 0, done.stdout + done.stderr

    return made_once(tmp_path_factory, "published_clean", publish)


@pytest.fixture
def own_home(clean_home, tmp_path):
    """A copy of the published home and its inbox, to do with as a test likes."""
    for part in ("inbox", "home"):
        shutil.copytree(clean_home / part, tmp_path / part, symlinks=True)
    (tmp_path / "home" / "work").chmod(0o700)
    return tmp_path


@pytest.fixture
def own_project(tmp_path):
    """A copy of the project, in which a test may plant a fault."""
    root = tmp_path / "project"
    for part in PARTS:
        source = PROJECT / part
        if source.is_dir():
            shutil.copytree(
                source, root / part, ignore=shutil.ignore_patterns("__pycache__", "target", "logs")
            )
        else:
            root.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, root / part)
    return root


@pytest.fixture(scope="session")
def two_releases(clean_home, tmp_path_factory):
    """A home with a second release: one delivery of meetings was revised, another withdrawn, and that accepted."""

    def publish(root: Path) -> None:
        for part in ("inbox", "home"):
            shutil.copytree(clean_home / part, root / part, symlinks=True)
        (root / "home" / "work").chmod(0o700)
        source = root / "inbox" / "rg" / "moten_2021.csv"
        lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
        source.with_name("moten_2021_r2.csv").write_text("".join(lines[:-1]), encoding="utf-8")
        source.with_name("moten_2022.csv").unlink()
        where = ("--inbox", str(root / "inbox"), "--home", str(root / "home"))
        done = trisam("run", *where, "--withdraw", "--json")
        assert done.returncode == 0, done.stdout + done.stderr

    return made_once(tmp_path_factory, "published_twice", publish)
