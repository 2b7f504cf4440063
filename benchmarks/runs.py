"""The runs of one size: the pipeline's three, bare DuckDB and pandas, by turns, each in a process of its own."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable
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

FIRST, NOTHING_NEW, CHANGED, BARE, PANDAS = "first", "nothing_new", "changed", "bare", "pandas"

Say = Callable[[str], None]


def run_size(inbox: Inbox, folder: Path, repeat: int, *, compared: bool, say: Say) -> Result:
    """Measure every contender `repeat` times on an inbox, under a folder for what they write.

    Raises CommandFailedError where one of them fails.
    """
    machine = this_machine()
    runs: list[Run] = []
    comparisons: list[Comparison] = []
    for repetition in range(1, repeat + 1):
        home = folder / "home"
        _cleared(folder)
        for contender, measured in _repetition(inbox, folder, home, comparisons, compared and repetition == 1):
            runs.append(_run(contender, repetition, measured))
            say(f"{inbox.cases:>12,} cases  {contender:12} {measured.wall_seconds:9.1f} s wall "
                f"{measured.cpu_seconds:9.1f} s cpu {measured.peak_bytes / 1e9:7.2f} GB")  # fmt: skip
    _cleared(folder)
    return Result(
        cases=inbox.cases,
        municipalities=inbox.municipalities,
        files=inbox.files,
        inbox_bytes=inbox.size_bytes,
        inbox_seconds=inbox.made_seconds,
        measured_on=datetime.now(UTC).date().isoformat(),
        machine=machine,
        runs=runs,
        comparisons=comparisons,
    )


def _repetition(inbox: Inbox, folder: Path, home: Path, comparisons: list[Comparison], compared: bool):
    yield BARE, _bare(inbox, folder / "bare.duckdb")
    yield FIRST, _pipeline(inbox, home)
    if compared:
        comparisons.append(_comparison("first run, bare DuckDB", home, folder / "bare.duckdb"))
    yield NOTHING_NEW, _pipeline(inbox, home)
    with one_changed_delivery(inbox.path):
        yield CHANGED, _pipeline(inbox, home)
        if compared:
            # What was only partly built anew has to be what building everything gives.
            _bare(inbox, folder / "changed.duckdb")
            comparisons.append(_comparison("one changed delivery, bare DuckDB", home, folder / "changed.duckdb"))
    if inbox.cases <= MOST_CASES_IN_PANDAS:
        yield PANDAS, _module("benchmarks.pandas_tables", inbox, folder / "pandas")
        if compared:
            comparisons.append(_comparison("first run, pandas", folder / "bare.duckdb", folder / "pandas"))


def _pipeline(inbox: Inbox, home: Path) -> Measurement:
    words = ["-c", TRISAM, "run", "--inbox", inbox.folder, "--home", str(home)]
    return measure([sys.executable, *words], _environment(), ROOT)


def _bare(inbox: Inbox, database: Path) -> Measurement:
    return _module("benchmarks.bare", inbox, database)


def _module(name: str, inbox: Inbox, output: Path) -> Measurement:
    return measure([sys.executable, "-m", name, inbox.folder, str(output)], _environment(), ROOT)


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


def _comparison(what: str, release: Path, other: Path) -> Comparison:
    published = release / "published" / "trisam.duckdb" if release.is_dir() else release
    found = compare(published, other, examples=0)
    differing = sum(table.only_release + table.only_other for table in found)
    return Comparison(what=what, tables=len(found), rows=sum(table.rows for table in found), differing_rows=differing)


def _cleared(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
