"""The quick way: each step is taken in and judged at the extracts boundary; nothing is built or published."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr

from dagster_project.errors import TrisamError
from dagster_project.ingestion import forget, ingest
from dagster_project.keys import prepare_work, pseudonym_key
from dagster_project.settings import Settings, load_settings
from tests.years import deliveries, judging
from tests.years.calendar_steps import Step
from tests.years.deliveries import Deliverer
from tests.years.faults import Fault, Planting, Target, plantings
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
    world: World,
    deliverer: Deliverer,
    step: Step,
    chosen: Sequence[Target],
    faults: Sequence[Fault],
    say: Callable[[str], None],
) -> tuple[OrdinaryRun, list[Tried]]:
    """Run a step, and beside it the same step with each fault in its targets, from a copy of the home as it was."""
    before = World(world.root / "before")
    copy_home(world.home, before.home)
    if world.published.exists():
        shutil.copy2(world.published, before.published)
    ordinary = run_step(world, deliverer, step)
    tried: list[Tried] = []
    for target in chosen:
        found = list(plantings(deliverer, target, faults))
        if not found:
            continue
        with _awaited(world, before, target) as home:
            for fault, planting in found:
                said = _try_one(world, home, before.published, fault, planting)
                tried.append(tried_of(fault, planting, new_findings(said, ordinary.findings)))
                say(f"{fault.name} in {tried[-1].delivery}: {verdict_of(tried[-1].new, 'missed')}")
    shutil.rmtree(before.root)
    return ordinary, tried


@contextmanager
def _awaited(world: World, before: World, target: Target) -> Iterator[Path]:
    """While it lasts, the target's file is not in the inbox; yields a home that has taken in all else of the step."""
    path = world.inbox / target.delivery.path
    right = path.read_bytes()
    path.unlink()
    home = before.root / "all-else"
    copy_home(before.home, home)
    try:
        settings = settings_of(world.inbox, home)
        ingest(settings.inbox, settings.work_db, pseudonym_key(settings))
        yield home
    finally:
        path.write_bytes(right)


def _try_one(world: World, home: Path, published: Path, fault: Fault, planting: Planting) -> list[Finding]:
    """Let the faulty file arrive, on a copy of the home, and judge the step."""
    path = world.inbox / planting.delivery.path
    faulty = home.with_name("faulty")
    copy_home(home, faulty)
    try:
        deliveries.write(fault.plant(planting), path)
        return take_in_and_judge(settings_of(world.inbox, faulty), published)
    finally:
        path.unlink(missing_ok=True)


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
