"""SIGKILL, at points spread over the phases of a run and over whole runs; and the judgement after each."""

from __future__ import annotations

import os
import random
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dagster_project.dbt_artifacts import ensure_manifest
from dagster_project.release.versions import releases
from dagster_project.settings import Settings
from tests.faults import phases, verdict
from tests.faults.killing import Ended, Kill, perform
from tests.faults.scene import Scene, start_run, trisam

# How many of a hundred points each phase gets: file operations are few and quick in all but the last.
SHARES = {"ingestion": 34, "dbt": 6, "copy": 22, "open and report": 4, "gate and switch": 34}
_SWITCHING = 12  # operations
_WORK: dict[str, Callable[[Settings], None]] = {
    "ingestion": phases.take_in,
    "dbt": phases.transform,
    "copy": phases.copy,
    "open and report": phases.pages,
    "gate and switch": phases.switch,
}


@dataclass(frozen=True)
class Tried:
    """One fault: where, what, what was lost by it (nothing, when it was survived), how it went on afterwards."""

    place: str
    fault: str
    lost: list[str] = field(default_factory=list)
    afterwards: str = ""
    note: str = ""


class PhasePoints:
    """Kill points in single phases, each on a home prepared for its phase."""

    def __init__(self, scene: Scene, folder: Path, dice: random.Random) -> None:
        self.scene, self.folder, self.dice = scene, folder, dice
        self.raw = {
            age: verdict.raw_content(scene.home(age) / "work" / "warehouse.duckdb") for age in ("old", "new")
        }
        self._measured: dict[str, Ended] = {}
        self._candidate = folder / "candidate"

    def home(self, phase: str, target: Path, keep: int) -> Settings:
        """A home on which the phase comes next."""
        if phase in {"ingestion", "dbt"}:
            work = "old" if phase == "ingestion" else "new"
            return self.scene.copy(target, release="old", work=work, keep_releases=keep)
        settings = self.scene.copy(target, release="old", work="new", keep_releases=keep)
        if phase == "copy":
            return settings
        self._prepare_candidate()
        for part in ("releases", "work/candidate.json"):
            source, goal = self._candidate / part, target / part
            if source.is_dir():
                shutil.rmtree(goal, ignore_errors=True)
                shutil.copytree(source, goal)
            else:
                shutil.copy2(source, goal)
        if phase == "gate and switch":
            phases.lay_beside(settings, self.scene.made)
        return settings

    def _prepare_candidate(self) -> None:
        if not self._candidate.exists():
            phases.copy(self.scene.copy(self._candidate, release="old", work="new"))

    def measured(self, phase: str) -> Ended:
        """How long the phase takes when nobody disturbs it, and how many files it touches."""
        if phase not in self._measured:
            settings = self.home(phase, self.folder / "measured", keep=1)
            ended = perform(_WORK[phase], settings)
            assert not ended.error, f"{phase} fails without any fault: {ended.error}"
            self._measured[phase] = ended
            shutil.rmtree(settings.home)
        return self._measured[phase]

    def kills(self, phase: str, number: int) -> Iterator[Kill]:
        """Points spread evenly, each at a random place of its stretch; the switch by file operations."""
        whole = self.measured(phase)
        by_operation = {"gate and switch": 0.8, "copy": 0.4}.get(phase, 0.0)
        operations = round(number * by_operation)
        # Every second one where it matters most: from the candidate's renaming over the link to what is removed.
        late = operations // 2 if phase == "gate and switch" else 0
        yield from (Kill(operation=whole.renames[0] + i % _SWITCHING) for i in range(late))
        even = operations - late
        for i in range(even):
            yield Kill(operation=1 + int((i + self.dice.random()) / even * whole.operations))
        for i in range(number - operations):
            yield Kill(seconds=(i + self.dice.random()) / (number - operations) * whole.seconds)

    def try_point(self, phase: str, kill: Kill, number: int, *, whole_run_after: bool) -> Tried:
        """Kill once, look, go on, look again."""
        # Most homes keep one release only: the old one goes while a reader holds it.
        keep = 5 if number % 4 == 3 else 1
        settings = self.home(phase, self.folder / f"point-{number}", keep)
        with verdict.Readers(settings) as readers:
            ended = perform(_WORK[phase], settings, kill=kill)
            lost = [ended.error] if ended.error else []
            lost += verdict.published_is_one_of(settings, self.scene.old, self.scene.new)
            lost += verdict.every_release_is_whole(settings)
            lost += verdict.work_is_one_of(settings, self.raw["old"], self.raw["new"])
            if whole_run_after:
                afterwards = "whole run"
                lost += self.whole_run(settings)
            else:
                afterwards, found = self._go_on(phase, settings)
                lost += found
        lost += readers.faults
        shutil.rmtree(settings.home)
        return Tried(
            phase, f"SIGKILL {kill}", lost, afterwards, "" if ended.killed else "it had ended before"
        )

    def _go_on(self, phase: str, settings: Settings) -> tuple[str, list[str]]:
        if phase == "ingestion":
            again = perform(phases.take_in, settings)
            lost = [again.error] if again.error else []
            return "the phase again", [*lost, *verdict.work_is_one_of(settings, self.raw["new"])]
        if phase == "dbt":
            # dbt builds everything anew from the raw tables, which were compared, and its manifest.
            ensure_manifest(settings)
            return "work file compared", []
        again = perform(phases.finish, settings, self.scene.made)
        lost = [again.error] if again.error else []
        lost += verdict.published_is_one_of(settings, self.scene.new)
        left = [p.name for p in settings.releases_dir.iterdir() if p.name.startswith(".")]
        lost += [f"{name} is left over" for name in left]
        if len(releases(settings.releases_dir)) > settings.keep_releases:
            lost.append("more releases are kept than asked for")
        return "copy to switch again", lost

    def whole_run(self, settings: Settings) -> list[str]:
        """The next whole run completes by itself and publishes what the newer inbox says."""
        code, said = trisam(settings)
        lost = [] if code == 0 else [f"the next run ended with {code}: {said[-600:]}"]
        return lost + verdict.published_is_one_of(settings, self.scene.new)


def whole_run_point(scene: Scene, target: Path, moment: float, points: PhasePoints) -> Tried:
    """Kill a whole `trisam run` with everything it started; the moment is second of the measured run."""
    step, offset = _place(scene.timeline, moment)
    settings = scene.copy(target, release="old", work="old")
    with verdict.Readers(settings) as readers:
        process = start_run(settings)
        reached = threading.Event()
        threading.Thread(target=_await_step, args=(process.stdout, step, reached), daemon=True).start()
        if step != "start":
            reached.wait(1800)
        time.sleep(offset)
        ended_before = process.poll() is not None
        if not ended_before:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        lost = verdict.published_is_one_of(settings, scene.old, scene.new)
        lost += verdict.every_release_is_whole(settings)
        lost += points.whole_run(settings)
    shutil.rmtree(target)
    note = "it had ended before" if ended_before else ""
    return Tried("whole run", f"SIGKILL in {step} + {offset:.1f} s", lost + readers.faults, "whole run", note)


def _place(timeline: Sequence[tuple[str, float, float]], moment: float) -> tuple[str, float]:
    for step, start, seconds in reversed(timeline):
        if moment >= start:
            return step, min(moment - start, seconds)
    return "start", moment


def _await_step(stream: Iterator[str], step: str, reached: threading.Event) -> None:
    for line in stream:
        if f"{step}: start" in line:
            reached.set()
    reached.set()
