"""The runs of one size: the pipeline's three, bare DuckDB and pandas, by turns, each in a process of its own."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.compare import compare
from benchmarks.inbox import Inbox, one_changed_delivery
from benchmarks.measure import Measurement, measure
from benchmarks.results import Comparison, Result, Run, this_machine

ROOT = Path(__file__).resolve().parents[1]
TRISAM = "from dagster_project.cli import main; main()"
INNER = re.compile(r"^all +(?P<seconds>[\d.]+) s$", re.MULTILINE)
MOST_CASES_IN_PANDAS = 100_000
SAMPLE_INBOX = ROOT / "seeds" / "extracts"
RELEASED = "trisam.duckdb"

BARE, FIRST, NOTHING_NEW, CHANGED = "bare", "first", "nothing_new", "changed"
PANDAS, SAMPLE = "pandas", "sample"
CONTENDERS = (BARE, FIRST, NOTHING_NEW, CHANGED, PANDAS, SAMPLE)
# What is measured beside the smallest inboxes only.
FOR_SMALL = {PANDAS, SAMPLE}

Say = Callable[[str], None]


@dataclass(frozen=True)
class Place:
    """Where the contenders write. The first run's home is that of the runs after it."""

    folder: Path

    @property
    def home(self) -> Path:
        """Home of the pipeline."""
        return self.folder / "home"

    @property
    def bare(self) -> Path:
        """Bare DuckDB's tables of the inbox as it is."""
        return self.folder / "bare.duckdb"

    @property
    def changed(self) -> Path:
        """Bare DuckDB's tables of the inbox with the changed delivery."""
        return self.folder / "changed.duckdb"

    @property
    def pandas(self) -> Path:
        """The folder of pandas' tables."""
        return self.folder / "pandas"


def run_size(
    inbox: Inbox, folder: Path, repeat: int, *, left_out: Set[str], label: str, compared: bool, say: Say
) -> Result:
    """Measure the contenders `repeat` times on an inbox, by turns, in a folder that is emptied before and after.

    Tables are compared in the first repetition. Raises CommandFailedError where a contender fails.
    """
    machine = this_machine()
    wanted = [one for one in CONTENDERS if one not in left_out and _fits(one, inbox)]
    runs: list[Run] = []
    comparisons: list[Comparison] = []
    for repetition in range(1, repeat + 1):
        _cleared(folder)
        for contender in wanted:
            measured = _measured(contender, inbox, Place(folder))
            runs.append(_run(contender, repetition, measured))
            say(_told(inbox, contender, measured))
        if compared and repetition == 1:
            comparisons = list(_comparisons(inbox, Place(folder), wanted))
    _cleared(folder)
    return Result(
        cases=inbox.cases,
        label=label,
        municipalities=inbox.municipalities,
        files=inbox.files,
        inbox_bytes=inbox.size_bytes,
        inbox_seconds=inbox.made_seconds,
        measured_on=datetime.now(UTC).date().isoformat(),
        machine=machine,
        runs=runs,
        comparisons=comparisons,
    )


def _fits(contender: str, inbox: Inbox) -> bool:
    return contender not in FOR_SMALL or inbox.cases <= MOST_CASES_IN_PANDAS


def _measured(contender: str, inbox: Inbox, place: Place) -> Measurement:
    if contender == BARE:
        return _module("benchmarks.bare", inbox.path, place.bare)
    if contender == PANDAS:
        return _module("benchmarks.pandas_tables", inbox.path, place.pandas)
    if contender == SAMPLE:
        return _pipeline(SAMPLE_INBOX, place.folder / "sample", "--reconcile", "enforce")
    if contender == CHANGED:
        with one_changed_delivery(inbox.path):
            return _pipeline(inbox.path, place.home)
    return _pipeline(inbox.path, place.home)


def _comparisons(inbox: Inbox, place: Place, wanted: Sequence[str]) -> Iterator[Comparison]:
    """The releases of the first repetition, the latest and the one before it, beside the other computations."""
    if FIRST not in wanted or BARE not in wanted:
        return
    *_, latest = releases = sorted((place.home / "releases").glob("[0-9]*"))
    yield _comparison("first run, bare DuckDB", releases[0] / RELEASED, place.bare)
    if CHANGED in wanted:
        # What was only partly built anew has to be what building everything gives.
        with one_changed_delivery(inbox.path):
            _module("benchmarks.bare", inbox.path, place.changed)
        yield _comparison("one changed delivery, bare DuckDB", latest / RELEASED, place.changed)
    if PANDAS in wanted:
        yield _comparison("first run, pandas", releases[0] / RELEASED, place.pandas)


def _pipeline(inbox: Path, home: Path, *words: str) -> Measurement:
    command = [sys.executable, "-c", TRISAM, "run", "--inbox", str(inbox), "--home", str(home), *words]
    return measure(command, _environment(), ROOT)


def _module(name: str, inbox: Path, output: Path) -> Measurement:
    return measure([sys.executable, "-m", name, str(inbox), str(output)], _environment(), ROOT)


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)}


def _run(contender: str, repetition: int, measured: Measurement) -> Run:
    inner = INNER.search(measured.output)
    return Run(
        contender=contender,
        repetition=repetition,
        wall_seconds=round(measured.wall_seconds, 2),
        cpu_seconds=round(measured.cpu_seconds, 2),
        peak_bytes=measured.peak_bytes,
        inner_seconds=float(inner["seconds"]) if inner else _without_start(measured),
        steps={name: round(seconds, 2) for name, seconds in measured.steps.items()},
    )


def _without_start(measured: Measurement) -> float:
    return round(measured.wall_seconds - measured.steps.get("start-up", 0.0), 2)


def _told(inbox: Inbox, contender: str, measured: Measurement) -> str:
    cost = f"{measured.wall_seconds:9.1f} s {measured.cpu_seconds:9.1f} s cpu {measured.peak_bytes / 1e9:7.2f} GB"
    return f"{inbox.cases:>12,} cases  {contender:12}{cost}"


def _comparison(what: str, release: Path, other: Path) -> Comparison:
    found = compare(release, other, examples=0)
    differing = sum(table.only_release + table.only_other for table in found)
    return Comparison(
        what=what, tables=len(found), rows=sum(table.rows for table in found), differing_rows=differing
    )


def _cleared(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
