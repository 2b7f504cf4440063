"""The whole way: `trisam run` after every step, and the last release beside an independent computation."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.bare import compute
from benchmarks.compare import compare
from dagster_project.release.candidate import DATABASE
from dagster_project.settings import Settings, load_settings
from tests.faults.scene import PROJECT, QUICK, environment
from tests.years import deliveries, judging
from tests.years.asked import Asked
from tests.years.calendar_steps import Step, steps
from tests.years.county import make_county
from tests.years.deliveries import Deliverer
from tests.years.judging import Finding
from tests.years.results import OrdinaryRun, YearsResult, verdict_of

PROGRAM = "from dagster_project.cli import main; main()"


class WholeYears:
    """An inbox and a home in a folder, on which whole runs are made."""

    def __init__(self, root: Path, deliverer: Deliverer) -> None:
        self.root, self.deliverer = root, deliverer
        self.inbox = root / "inbox"
        self.inbox.mkdir(parents=True, exist_ok=True)
        self.settings: Settings = load_settings(self.inbox, root / "home", disclosure_threshold=QUICK)
        self.erased: list[str] = []

    def run_step(self, step: Step) -> OrdinaryRun:
        """Let the files of a step arrive, or erase its persons, and run; a refusal is accepted by name."""
        for delivery in step.deliveries:
            deliveries.write(self.deliverer.rows(delivery), self.inbox / delivery.path)
        self.erased += step.erased
        started = time.monotonic()
        answer = self._answered("forget" if step.erased else "run", said="\n".join(step.erased))
        findings = judging.findings_of_answer(answer)
        if answer["ending"] == "refused":
            self._publish_accepted(findings)
        return OrdinaryRun(step.day, len(step.deliveries), findings, time.monotonic() - started)

    def _publish_accepted(self, findings: Sequence[Finding]) -> None:
        words = judging.acceptance_words(findings)
        answer = self._answered("run", *words, "--why", "an ordinary delivery of the generated county")
        if answer["ending"] != "published":
            raise RuntimeError(f"Refused although accepted: {answer.get('reasons')}")

    def _answered(self, *words: str, said: str = "") -> dict[str, object]:
        command = [sys.executable, "-c", PROGRAM, *words, "--json"]
        command += ["--inbox", str(self.settings.inbox), "--home", str(self.settings.home)]
        done = subprocess.run(
            command,
            cwd=PROJECT,
            env=environment(self.settings),
            input=said,
            capture_output=True,
            text=True,
            check=False,
        )
        if not done.stdout.startswith("{"):
            raise RuntimeError(f"trisam {words[0]} gave no answer: {done.stderr[-2000:]}")
        answer: dict[str, object] = json.loads(done.stdout)
        return answer

    def differences(self) -> list[str]:
        """The tables of the published release that bare DuckDB makes otherwise of the same files, with a few rows."""
        files = self.root / "inbox-without-erased"
        shutil.rmtree(files, ignore_errors=True)
        _copy_without(self.inbox, files, self.erased)
        bare = self.root / "bare.duckdb"
        bare.unlink(missing_ok=True)
        compute(files, bare)
        found = compare(self.settings.published_link / DATABASE, bare)
        if not found:
            raise RuntimeError("There was no table to compare.")
        return [
            f"{one.table}: {one.only_release} of {one.rows} rows, {one.only_other} of the other's {one.examples}"
            for one in found
            if not one.equal
        ]


def _copy_without(source: Path, target: Path, numbers: Sequence[str]) -> None:
    """The inbox without the rows of erased persons, as if they had never been delivered."""
    for path in source.glob("*/*.csv"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(
            "".join(line for line in lines if not any(n in line for n in numbers)), encoding="utf-8"
        )


def run_steps(years: WholeYears, chosen: Sequence[Step], say: Callable[[str], None]) -> list[OrdinaryRun]:
    """Run after every step."""
    found = []
    for step in chosen:
        found.append(years.run_step(step))
        said = verdict_of(found[-1].findings, "published")
        say(f"{step.day}, {len(step.deliveries)} files: {said} in {found[-1].seconds:.0f} s")
    return found


def run_years(asked: Asked, say: Callable[[str], None]) -> YearsResult:
    """Let the years pass by whole runs, and compare the last release."""
    county = make_county(asked.cases, asked.seed)
    with tempfile.TemporaryDirectory(prefix="trisam-years-whole-") as folder:
        years = WholeYears(Path(folder), Deliverer(county))
        ordinary = run_steps(years, steps(county, asked.cadence), say)
        return YearsResult(asked.label, ordinary, differences=years.differences())
