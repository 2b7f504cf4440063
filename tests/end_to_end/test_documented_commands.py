"""Every command of the docs is run: here, word for word in a shell, or where `ELSEWHERE` says, and why."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from tests.documented import PROJECT, Shown, blocks, commands, named_inline

from .conftest import WITHHOLD_NOTHING

# What the docs call by a made-up name: the folders of a server, two releases.
SERVER_INBOX, SERVER_HOME, SERVER_OPEN = "/srv/trisam/inbox", "/srv/trisam/home", "/srv/open/kolada"
OLDER, NEWER = "20260101T060000Z-0a1b2c3d", "20260401T060000Z-4e5f6a7b"

# Command, and what its answer holds. They are run in this order, in one home with two releases.
HERE = {
    "trisam status --json": '"deliveries"',
    "trisam deliveries": "rg/arenden",
    "trisam quarantine rg/arenden --csv": "",
    "trisam releases": "version",
    f"trisam diff {OLDER} {NEWER} --json": '"cells"',
    "trisam verify": "Every file is as the manifest says",
    f"trisam run --inbox {SERVER_INBOX} --home {SERVER_HOME}": "Nothing new",
    'trisam run --accept delivered_rows_stay=rg/arenden_2021Q1 --why "Two teams were merged, see the minutes of 3 May"': "Nothing new",
    'trisam run --accept amounts_hold=kommun-2180/forsorjningsstod_2021-03 --why "Paid for a quarter at once, see mail of 3 May"': "Nothing new",
    "trisam export kolada --format csv": "kpi;municipality;period",
    f"trisam export kolada --output {SERVER_OPEN}": "data.json",
    ".venv/bin/python -c": "Grundplanering",
    "trisam --install-completion": "completion",
    "trisam rollback": OLDER,
}


@dataclass(frozen=True)
class Elsewhere:
    """Why a command is not run here, and which file runs it, in which words."""

    reason: str
    file: str = ""
    words: str = ""


A_WHOLE_RUN = "builds and publishes anew, which another test does already"
A_SERVER = "stays until it is stopped; a browser looks at it there"
POSTGRES = "needs a PostgreSQL server"
SPARK = "needs a Spark cluster; the harness of `make spark-test` starts one"
METRICS = "takes ten seconds to start; a test asks the same metrics through the same client"
BY_HAND = "is for root on a server; docs/deploy.md says what was tried there"

ELSEWHERE = {
    r"make run|trisam run --reconcile enforce --json": Elsewhere(
        A_WHOLE_RUN, "tests/end_to_end/test_sample.py", '"--reconcile", "enforce"'
    ),
    r"make years( .*)?": Elsewhere(
        "takes hours; its short form is a test",
        "tests/end_to_end/test_years.py",
        "the short form of `make years`",
    ),
    r"make test": Elsewhere("is what runs this test", "Makefile", "test: $(READY)"),
    r"trisam run --without .*": Elsewhere(A_WHOLE_RUN, "tests/end_to_end/test_left_out.py", '"--without"'),
    r"trisam rebuild": Elsewhere(A_WHOLE_RUN, "tests/end_to_end/test_run.py", 'trisam("rebuild"'),
    r"trisam run --again": Elsewhere(A_WHOLE_RUN, "tests/end_to_end/test_rollback.py", '"run", "--again"'),
    r"trisam forget < .*": Elsewhere(
        A_WHOLE_RUN, "tests/end_to_end/test_personal_numbers.py", 'trisam("forget"'
    ),
    r"trisam ui --port \d+": Elsewhere(A_SERVER, "tests/browser/ui.mjs", '"ui"'),
    r"trisam publish-postgres|export TRISAM_POSTGRES_HOST=.*": Elsewhere(
        POSTGRES, "tests/integration/postgres/test_command.py", "publish-postgres"
    ),
    r"make spark-setup": Elsewhere(SPARK, "Makefile", "spark-test: spark-setup"),
    r"trisam run --engine spark|export TRISAM_SPARK_.*": Elsewhere(
        SPARK, "tests/spark/__main__.py", '"--engine", engine'
    ),
    r"cd dbt_project|export (DBT_TARGET|TRISAM_RELEASE_DB)=.*|../.venv/bin/dbt parse .*": Elsewhere(
        METRICS, "tests/integration/semantic/conftest.py", '"parse"'
    ),
    r"../.venv/bin/mf query .*": Elsewhere(METRICS, "tests/integration/semantic/test_guide.py", "mf query"),
    r"../.venv/bin/mf list .*": Elsewhere(
        METRICS, "tests/integration/semantic/conftest.py", "list_group_bys"
    ),
    r"(useradd|install|createuser|createdb|systemctl|sudo) .*": Elsewhere(
        BY_HAND, "docs/deploy.md", "What was tried"
    ),
}
SQL = {
    "docs/analyst-guide.md": "tests/integration/dbt/test_analyst_guide.py",
    "docs/bi.md": "tests/integration/postgres/test_guide.py",
}
LANGUAGES = {"sh", "sql", "python", "yaml", "text"}


def key_of(command: str) -> str | None:
    """The entry of `HERE` that a command is; a long piece of Python is named by its beginning."""
    own = command.partition("  #")[0].strip()
    return next((key for key in HERE if own == key or (key.endswith(" -c") and own.startswith(key))), None)


def elsewhere(command: str) -> list[Elsewhere]:
    """The entries of `ELSEWHERE` that a command falls under."""
    own = command.partition("  #")[0].strip()
    return [place for pattern, place in ELSEWHERE.items() if re.fullmatch(pattern, own)]


class Shell:
    """Runs commands of the docs as a reader does who stands in the project's folder with a release published.

    `root` holds the inbox, the home as `data`, and `.venv/bin` with the programs that the docs name.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        older, newer = sorted(path.name for path in (root / "data" / "releases").iterdir())
        self._real = {
            SERVER_INBOX: root / "inbox",
            SERVER_HOME: root / "data",
            SERVER_OPEN: root / "kolada",
            OLDER: older,
            NEWER: newer,
        }
        tools = root / ".venv" / "bin"
        tools.mkdir(parents=True)
        python = shlex.quote(sys.executable)
        for name, words in (("python", ""), ("trisam", "-c 'from dagster_project.cli import main; main()'")):
            (tools / name).write_text(f'#!/bin/sh\nexec {python} {words} "$@"\n')
            (tools / name).chmod(0o755)
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("TRISAM_", "DAGSTER_", "DBT_"))}
        self._environment = {
            **kept,
            **WITHHOLD_NOTHING,
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(PROJECT),
            "HOME": str(root),
            "TRISAM_INBOX": str(root / "inbox"),
            "TRISAM_HOME": str(root / "data"),
            "GX_ANALYTICS_ENABLED": "false",
        }

    def named(self, text: str) -> str:
        """The text with the names of this home in the place of made-up ones."""
        for made_up, own in self._real.items():
            text = text.replace(made_up, str(own))
        return text

    def run(self, command: str) -> tuple[int, str]:
        """Exit code of a command, and all that it said."""
        # The shell stays behind the command, so that completion finds which one it is in.
        done = subprocess.run(
            ["bash", "-c", f"{self.named(command)}\nexit $?"],
            cwd=self.root,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def shell(two_releases, tmp_path_factory):
    """A shell beside a copy of the home with two releases."""
    root = tmp_path_factory.mktemp("reader")
    for part, name in (("inbox", "inbox"), ("home", "data")):
        shutil.copytree(two_releases / part, root / name, symlinks=True)
    (root / "data" / "work").chmod(0o700)
    return Shell(root)


def test_every_block_says_its_language():
    assert {(b.page, b.language) for b in blocks() if b.language not in LANGUAGES} == set()


@pytest.mark.parametrize("shown", commands(), ids=lambda shown: f"{shown.page}: {shown.text[:50]}")
def test_every_command_is_run_here_or_in_one_place_that_is_named(shown: Shown):
    assert (key_of(shown.text) is not None) + len(elsewhere(shown.text)) == 1, shown.text


def test_no_entry_speaks_of_a_command_that_the_docs_do_not_have():
    shown = [command.text for command in commands()]
    assert {key for key in HERE if key not in map(key_of, shown)} == set()
    places = [place for text in shown for place in elsewhere(text)]
    assert {pattern for pattern, place in ELSEWHERE.items() if place not in places} == set()


@pytest.mark.parametrize("place", ELSEWHERE.values(), ids=ELSEWHERE)
def test_the_place_that_is_named_has_the_words(place: Elsewhere):
    assert place.words in (PROJECT / place.file).read_text("utf-8")


@pytest.mark.parametrize("key", HERE)
def test_a_command_of_the_docs_does_what_it_is_shown_for(key: str, shell):
    command = next(shown.text for shown in commands() if key_of(shown.text) == key)
    code, said = shell.run(command)
    assert code == 0, said
    assert shell.named(HERE[key]) in said


def test_the_python_of_the_docs_runs(shell):
    (shown,) = (block for block in blocks() if block.language == "python")
    place = shell.root / "shown.py"
    place.write_text(shown.text, encoding="utf-8")
    code, said = shell.run(".venv/bin/python shown.py")
    assert code == 0, said
    assert "question" in said


@pytest.mark.parametrize("page", sorted({block.page for block in blocks() if block.language == "sql"}))
def test_every_page_with_sql_has_a_test_that_runs_it(page: str):
    assert Path(page).name in (PROJECT / SQL[page]).read_text("utf-8")


def test_every_statement_in_sql_is_one_that_a_database_can_read():
    for block in (
        block for block in blocks() if block.language == "sql" and block.page == "docs/analyst-guide.md"
    ):
        assert duckdb.extract_statements(block.text)


@pytest.mark.parametrize("command", sorted(named_inline("make") | {"make run", "make test"}))
def test_a_target_that_the_docs_name_can_be_made(command: str):
    words = [word for word in shlex.split(command)[1:] if word not in ("-C", "/opt/trisam")]
    done = subprocess.run(
        ["make", "--dry-run", *words], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", sorted(named_inline("python")))
def test_a_module_that_the_docs_name_exists(command: str):
    module = PROJECT / shlex.split(command)[2].replace(".", "/")
    assert module.with_suffix(".py").exists() or (module / "__main__.py").exists()


@pytest.mark.parametrize(
    "shown", [c for c in commands() if "deploy/" in c.text], ids=lambda shown: shown.text[:60]
)
def test_a_file_of_the_project_that_a_server_is_given_exists(shown: Shown):
    own = [word for word in shlex.split(shown.text) if word.startswith("deploy/")]
    assert own
    assert all(list(PROJECT.glob(word)) for word in own)
