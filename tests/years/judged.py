"""The quick way: each step is taken in and judged at the extracts boundary; nothing is built or published."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
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
from tests.years.results import OrdinaryRun, Tried, new_findings, verdict_of

_KEY = SecretStr("the key of an invented county's persons")
# The name under which a run counts that stops with a sentence before anything is judged.
STOPPED = "run_stopped"


class World:
    """An inbox and a home in a folder, and the published release's schema `quality` beside them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.inbox, self.home = root / "inbox", root / "home"
        self.published = root / "published.duckdb"
        self.inbox.mkdir(parents=True, exist_ok=True)

    @property
    def settings(self) -> Settings:
        """The settings of the home."""
        return settings_of(self.inbox, self.home)


def settings_of(inbox: Path, home: Path) -> Settings:
    """The settings of a judged home, whatever the environment says."""
    settings = load_settings(inbox, home, pseudonym_key=_KEY)
    prepare_work(settings)
    return settings


def take_in_and_judge(settings: Settings, published: Path) -> list[Finding]:
    """Take in what is new and judge it; a run that stops with a sentence for people is refused with that sentence."""
    try:
        ingest(settings.inbox, settings.work_db, pseudonym_key(settings))
        return judging.judge(settings, published)
    except TrisamError as error:
        return [Finding(STOPPED, judging.BLOCKS, str(error))]


def run_step(world: World, deliverer: Deliverer, step: Step) -> OrdinaryRun:
    """Let the files of a step arrive, or erase its persons, judge, and accept whatever was said."""
    started = time.monotonic()
    settings = world.settings
    if step.erased:
        forget(settings.work_db, pseudonym_key(settings), step.erased)
    for delivery in step.deliveries:
        deliveries.write(deliverer.rows(delivery), world.inbox / delivery.path)
    findings = take_in_and_judge(settings, world.published)
    judging.keep_as_published(settings, world.published)
    return OrdinaryRun(step.day, len(step.deliveries), findings, time.monotonic() - started)


def try_faults(
    world: World, deliverer: Deliverer, step: Step, chosen: Sequence[Target], say: Callable[[str], None]
) -> tuple[OrdinaryRun, list[Tried]]:
    """Run a step, and beside it the same step with each fault in its targets, from a copy of the home as it was."""
    before = World(world.root / "before")
    copy_home(world.home, before.home)
    if world.published.exists():
        shutil.copy2(world.published, before.published)
    ordinary = run_step(world, deliverer, step)
    tried = []
    for fault, planting in plantings(deliverer, chosen, all_faults()):
        found = _try_one(world, before, fault, planting)
        tried.append(tried_of(fault, planting, new_findings(found, ordinary.findings)))
        say(
            f"{fault.name} in {tried[-1].delivery} ({len(planting.rows)} rows): {verdict_of(tried[-1].new, 'missed')}"
        )
    shutil.rmtree(before.root)
    return ordinary, tried


def _try_one(world: World, before: World, fault: Fault, planting: Planting) -> list[Finding]:
    """Judge the step with the faulty file in the place of the right one, on a copy of the home."""
    path = world.inbox / planting.delivery.path
    right = path.read_bytes()
    faulty = before.root / "faulty"
    copy_home(before.home, faulty)
    try:
        deliveries.write(fault.plant(planting), path)
        return take_in_and_judge(settings_of(world.inbox, faulty), before.published)
    finally:
        path.write_bytes(right)


def tried_of(fault: Fault, planting: Planting, new: list[Finding]) -> Tried:
    """What came of a planted fault."""
    delivery = planting.delivery
    return Tried(
        fault.name,
        planting.target.place,
        delivery.party,
        delivery.dataset,
        delivery.period.name,
        len(planting.rows),
        new,
    )


def copy_home(source: Path, target: Path) -> None:
    """Copy a home, in the place of what is there; a home that does not exist yet is none."""
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.exists():
        subprocess.run(["cp", "-a", "--reflink=auto", str(source), str(target)], check=True)
