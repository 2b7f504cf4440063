"""The homes on which faults are tried: one published from an older inbox, one from a newer, and what each holds.

Both are made by whole runs of the command line. Every fault gets a copy of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dagster_project.release.candidate import DATABASE, OPEN_DATABASE
from dagster_project.release.database import describe_tables
from dagster_project.settings import Settings, load_settings

PROJECT = Path(__file__).resolve().parents[2]
CLEAN = PROJECT / "tests" / "golden" / "clean" / "inbox"
REVISED, REVISION = "rg/moten_2021.csv", "rg/moten_2021_r2.csv"
# At a threshold of one nothing is withheld: withholding and its proof take long and write nothing until they end.
QUICK = 1
Content = dict[str, tuple[int, str]]


@dataclass(frozen=True)
class Scene:
    """Two published homes under `root` (`home-old`, `home-new`) and the inboxes that they came from.

    `old` and `new` are the tables of their releases by name: rows and content hash. `timeline` are the steps of
    the whole run from old to new: name, second of its start, seconds it took.
    """

    root: Path
    old: Content
    new: Content
    timeline: tuple[tuple[str, float, float], ...] = ()

    def inbox(self, age: str) -> Path:
        """The older or the newer inbox."""
        return self.root / f"inbox-{age}"

    def home(self, age: str) -> Path:
        """The home published from it."""
        return self.root / f"home-{age}"

    @property
    def made(self) -> Path:
        """The newer release."""
        return (self.home("new") / "published").resolve()

    def copy(
        self, target: Path, *, release: str, work: str, inbox: str = "new", **settings: object
    ) -> Settings:
        """A home that publishes the release of one age and has the work file of another."""
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        _cp(self.home(work) / "work", target / "work")
        for part in ("releases", "published", "pseudonym.key", "dagster"):
            _cp(self.home(release) / part, target / part)
        return load_settings(self.inbox(inbox), target, disclosure_threshold=QUICK, **settings)


def _cp(source: Path, target: Path) -> None:
    if source.exists():
        subprocess.run(["cp", "-a", str(source), str(target)], check=True)


def make_short_scene(root: Path, home: Path, inbox: Path, take_in: Callable[[Settings], None]) -> Scene:
    """A scene from one published home: the newer home has taken in the newer inbox and has not published it.

    The home must have been published at the threshold of `QUICK`, else no run of the scene finds it unchanged.
    """
    make_inboxes(root)
    shutil.rmtree(root / "inbox-old")
    # The very inbox, since a copy has other inodes and would have to be looked through again.
    (root / "inbox-old").symlink_to(inbox)
    for age in ("old", "new"):
        _cp(home, root / f"home-{age}")
    take_in(load_settings(root / "inbox-new", root / "home-new"))
    says = content(home / "published")
    return Scene(root, says, says)


def make_inboxes(root: Path) -> None:
    """The older inbox, and the newer, in which one delivery has a revision that lacks three rows."""
    shutil.copytree(CLEAN, root / "inbox-old")
    shutil.copytree(CLEAN, root / "inbox-new")
    lines = (CLEAN / REVISED).read_text(encoding="utf-8").splitlines(keepends=True)
    (root / "inbox-new" / REVISION).write_text("".join(lines[:-3]), encoding="utf-8")


def make_scene(root: Path) -> Scene:
    """Make both homes by whole runs; one that is there already is used again."""
    if not (root / "home-new" / "published").exists():
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(parents=True)
        make_inboxes(root)
        _must(root, "old", [])
        _cp(root / "home-old", root / "home-new")
        lines: list[str] = []
        _must(root, "new", lines)
        (root / "timeline.txt").write_text("".join(lines), encoding="utf-8")
    timeline = read_timeline((root / "timeline.txt").read_text(encoding="utf-8"))
    old, new = (content(root / f"home-{age}" / "published") for age in ("old", "new"))
    assert old != new, "the newer inbox must make another release"
    return Scene(root, old, new, timeline)


def _must(root: Path, age: str, lines: list[str]) -> None:
    started = time.monotonic()
    process = start_run(
        load_settings(root / f"inbox-{age}", root / f"home-{age}", disclosure_threshold=QUICK)
    )
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(f"{time.monotonic() - started:.2f} {line}")
        print(f"    {line}", end="", flush=True)
    assert process.wait() == 0, lines


def environment(settings: Settings) -> dict[str, str]:
    """The environment of a person who set nothing but the threshold."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TRISAM_", "DAGSTER_", "DBT_"))}
    return (
        kept
        | {"PYTHONPATH": str(PROJECT), "GX_ANALYTICS_ENABLED": "false"}
        | {"TRISAM_DISCLOSURE_THRESHOLD": str(settings.disclosure_threshold)}
    )


def start_run(settings: Settings, *words: str) -> subprocess.Popen[str]:
    """Start `trisam run` in a process group of its own; its lines come in one stream."""
    command = [sys.executable, "-c", "from dagster_project.cli import main; main()", *(words or ("run",))]
    command += ["--inbox", str(settings.inbox), "--home", str(settings.home)]
    return subprocess.Popen(
        command,
        cwd=PROJECT,
        env=environment(settings),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def trisam(settings: Settings, *words: str, said: str = "") -> tuple[int, str]:
    """Do `trisam run` on a home, saying something to it; exit code and everything it answered."""
    process = start_run(settings, *words)
    answered, _ = process.communicate(said)
    return process.returncode, answered


def read_timeline(text: str) -> tuple[tuple[str, float, float], ...]:
    """Steps from progress lines: when each began and how long it took. The first is what comes before them."""
    begun: dict[str, float] = {"start": 0.0}
    steps = []
    for line in text.splitlines():
        second, _, said = line.partition(" ")
        words = said.rpartition("]")[2].strip().split(": ")
        if words[-1] == "start":
            if "start" in begun:
                steps.append(("start", 0.0, float(second)))
                del begun["start"]
            begun[words[0]] = float(second)
        elif words[-1] in {"success", "failure"} and words[0] in begun:
            steps.append((words[0], begun[words[0]], float(second) - begun[words[0]]))
    return tuple(steps)


def content(release: Path) -> Content:
    """What a release says: rows and content hash of every table of marts, indicators and the open release.

    The tables of quality name the release itself, the time of loading and the release before.
    """
    tables = describe_tables(release / DATABASE)
    if (release / OPEN_DATABASE).exists():
        tables |= describe_tables(release / OPEN_DATABASE)
    return {k: (t.rows, t.content_hash) for k, t in tables.items() if not k.startswith("quality.")}
