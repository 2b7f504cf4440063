"""The quick way: each step is taken in and judged at the extracts boundary; nothing is built or published."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from dagster_project.errors import TrisamError
from dagster_project.ingestion import forget, ingest
from dagster_project.keys import prepare_work, pseudonym_key
from dagster_project.settings import Settings, load_settings
from tests.years import deliveries, judging
from tests.years.calendar_steps import Step
from tests.years.deliveries import Deliverer
from tests.years.faults import Fault, Planting, Target, all_faults, plantings
from tests.years.judging import Finding

_KEY = SecretStr("the key of an invented county's persons")
STOPPED = "run_stopped"


@dataclass(frozen=True)
class Judged:
    """What the checks said of a step: of the ordinary one, or of one with a fault in it."""

    findings: list[Finding]
    seconds: float


@dataclass(frozen=True)
class Tried:
    """A fault, planted, and the findings that the ordinary step did not have."""

    fault: str
    delivery: str
    party: str
    dataset: str
    place: str
    rows: int
    new: list[Finding]


@dataclass
class World:
    """An inbox and a home in a folder, and the published release's schema `quality` beside them."""

    root: Path
    settings: Settings = field(init=False)

    def __post_init__(self) -> None:
        self.inbox.mkdir(parents=True, exist_ok=True)
        self.settings = settings_of(self.inbox, self.root / "home")

    @property
    def inbox(self) -> Path:
        """The folder of the parties."""
        return self.root / "inbox"

    @property
    def published(self) -> Path:
        """What the last accepted step recorded."""
        return self.root / "published.duckdb"


def settings_of(inbox: Path, home: Path) -> Settings:
    """The settings of a judged home, whatever the environment says."""
    settings = load_settings(inbox, home, pseudonym_key=_KEY)
    prepare_work(settings)
    return settings


def take_in_and_judge(settings: Settings, published: Path) -> Judged:
    """Take in what is new and judge it. A run that stops with a sentence for people is a refusal with that sentence."""
    started = time.monotonic()
    try:
        ingest(settings.inbox, settings.work_db, pseudonym_key(settings))
        findings = judging.judge(settings, published)
    except TrisamError as error:
        findings = [Finding(STOPPED, judging.BLOCKS, str(error))]
    return Judged(findings, time.monotonic() - started)


def run_step(world: World, deliverer: Deliverer, step: Step) -> Judged:
    """Let the files of a step arrive, judge them, and accept whatever was said."""
    if step.erased:
        forget(world.settings.work_db, pseudonym_key(world.settings), step.erased)
    for delivery in step.deliveries:
        deliveries.write(deliverer.rows(delivery), world.inbox / delivery.path)
    judged = take_in_and_judge(world.settings, world.published)
    judging.keep_as_published(world.settings, world.published)
    return judged


def try_faults(
    world: World, deliverer: Deliverer, step: Step, chosen: Sequence[Target], say: Callable[[str], None]
) -> tuple[Judged, list[Tried]]:
    """Run a step, and beside it the same step with each fault in its targets, from a copy of the home as it was before."""
    before = world.root / "before"
    _copy(world.root / "home", before / "home")
    if world.published.exists():
        shutil.copy2(world.published, before / world.published.name)
    ordinary = run_step(world, deliverer, step)
    tried = []
    for fault, planting in plantings(deliverer, chosen, all_faults()):
        found = _try_one(world, before, fault, planting)
        new = new_findings(found.findings, ordinary.findings)
        tried.append(
            Tried(
                fault.name,
                planting.delivery.label,
                planting.delivery.party,
                planting.delivery.dataset,
                planting.target.place,
                len(planting.rows),
                new,
            )
        )
        say(f"{fault.name} in {planting.delivery.label} ({len(planting.rows)} rows): {verdict_of(new)}")
    shutil.rmtree(before)
    return ordinary, tried


def _try_one(world: World, before: Path, fault: Fault, planting: Planting) -> Judged:
    """Judge the step with the faulty file in the place of the right one, on a copy of the home."""
    path = world.inbox / planting.delivery.path
    right = path.read_bytes()
    faulty = world.root / "faulty"
    _copy(before / "home", faulty)
    try:
        deliveries.write(fault.plant(planting), path)
        settings = settings_of(world.inbox, faulty)
        return take_in_and_judge(settings, before / world.published.name)
    finally:
        path.write_bytes(right)


def new_findings(found: Sequence[Finding], ordinary: Sequence[Finding]) -> list[Finding]:
    """The findings that the ordinary step did not have."""
    return [one for one in found if one not in ordinary]


def verdict_of(findings: Sequence[Finding], otherwise: str = "missed") -> str:
    """`refused` or `warned` and the check that said so first, or else the word given."""
    for level, word in ((judging.BLOCKS, "refused"), (judging.WARNS, "warned")):
        for one in findings:
            if one.level == level:
                return f"{word} by {one.check}"
    return otherwise


def _copy(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", "--reflink=auto", str(source), str(target)], check=True)
