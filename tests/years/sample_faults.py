"""Faults in single deliveries of the sample inbox, which is judged as a first run."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from dagster_project.contract import load_contract
from dagster_project.ingestion.names import parse_period
from dagster_project.sample.inbox import InboxFile, read_inbox
from dagster_project.settings import PROJECT_ROOT
from tests.years import deliveries
from tests.years.deliveries import Delivery
from tests.years.fault_plan import SampleFault, fault_plan
from tests.years.faults import Planting, Rows, Target, faults_called
from tests.years.judged import World, take_in_and_judge, tried_of
from tests.years.judging import Finding
from tests.years.periods import Period
from tests.years.results import OrdinaryRun, Tried, YearsResult, new_findings, verdict_of

EXTRACTS = PROJECT_ROOT / "seeds" / "extracts"
PLACE = "first run of the sample"
# Above every revision of the sample.
REVISION = 9


class SampleRows(Rows):
    """The rows of the sample's deliveries in force."""

    seed = 1

    def __init__(self, files: list[InboxFile]) -> None:
        self.contract = load_contract()
        self._files = {(f.party, f.dataset, Period(f.start, f.end)): f for f in files}

    def rows(self, delivery: Delivery) -> pd.DataFrame:
        """The rows of a delivery as the generated county states its own."""
        dataset = self.contract.datasets[delivery.dataset]
        found = pd.DataFrame(
            self._files[delivery.party, delivery.dataset, delivery.period].rows,
            columns=[column.name for column in dataset.columns],
        )
        for column in dataset.columns:
            if column.type in ("date", "month"):
                found[column.name] = pd.to_datetime(found[column.name])
            if column.type == "flag":
                found[column.name] = found[column.name].map({True: "J", False: "N"}, na_action="ignore")
        return found


def judge_sample(say: Callable[[str], None]) -> YearsResult:
    """Judge the sample as it is, and with each fault in it."""
    stated = SampleRows(read_inbox(EXTRACTS, load_contract()))
    started = time.monotonic()
    ordinary = _judged(lambda inbox: None)
    files = sum(path.is_file() for path in EXTRACTS.glob("*/*"))
    run = OrdinaryRun(None, files, ordinary, time.monotonic() - started)
    result = YearsResult("the sample", [run])
    say(f"the sample, {files} files: {verdict_of(ordinary, 'passed')}")
    for planned in fault_plan().sample:
        result.tried.append(_tried(planned, stated, run))
        say(f"{planned.fault} in {result.tried[-1].delivery}: {verdict_of(result.tried[-1].new, 'missed')}")
    return result


def _tried(planned: SampleFault, stated: SampleRows, ordinary: OrdinaryRun) -> Tried:
    (fault,) = faults_called([planned.fault])
    planted = [_planting(name, stated) for name in planned.deliveries]

    def write(inbox: Path) -> None:
        for planting in planted:
            deliveries.write(fault.plant(planting), inbox / planting.delivery.path)

    return tried_of(fault, planted[0], new_findings(_judged(write), ordinary.findings))


def _planting(name: str, stated: SampleRows) -> Planting:
    party, _, rest = name.partition("/")
    dataset, _, text = rest.partition("_")
    period = parse_period(text)
    if period is None:
        raise ValueError(f"{name} has no period")
    delivery = Delivery(party, dataset, Period(period.start, period.end), period.end, REVISION)
    return Planting(Target(PLACE, delivery, None), stated.rows(delivery), stated)


def _judged(change: Callable[[Path], None]) -> list[Finding]:
    with tempfile.TemporaryDirectory(prefix="trisam-years-sample-") as folder:
        world = World(Path(folder))
        shutil.copytree(EXTRACTS, world.inbox, dirs_exist_ok=True)
        change(world.inbox)
        return take_in_and_judge(world.settings, world.published)
