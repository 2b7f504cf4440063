"""Making the sample inbox: facts, deliveries, files, and the proof that they give every published figure."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from dagster_project.contract import load_contract
from dagster_project.errors import TrisamError
from dagster_project.sample.deliveries import delivered_rows, read_delivery_plan
from dagster_project.sample.facts import Sources, make_facts
from dagster_project.sample.plan import read_plan
from dagster_project.sample.targets import (
    SampleTargetMissedError,
    read_figures,
    read_reporting_periods,
)
from dagster_project.sample.verify import FigureCheck, check_inbox
from dagster_project.sample.writing import write_delivery


class SampleOutputError(TrisamError):
    """The output folder holds files that are not the sample's: nothing was written."""


@dataclass(frozen=True)
class SampleReport:
    """What was made: where, how many rows by dataset (over all files), and each figure beside its target."""

    output: Path
    seed: int
    files: list[str]
    rows: dict[str, int]
    checks: list[FigureCheck] = field(repr=False)

    @property
    def matched(self) -> int:
        """How many published figures the files give."""
        return sum(check.met for check in self.checks)


def make_sample(output: Path, seed: int = 2021) -> SampleReport:
    """Write the sample inbox to a folder that is empty or holds an earlier sample.

    The same seed gives the same bytes. Raises SampleTargetMissedError, and writes nothing, when a target
    cannot be met or the written files do not give a published figure; SampleOutputError when the folder
    holds anything else.
    """
    with tempfile.TemporaryDirectory(prefix="trisam-sample-") as folder:
        made = Path(folder)
        rows = write_inbox(made, seed)
        proof = check_inbox(made)
        if proof.missed:
            raise SampleTargetMissedError(f"{len(proof.missed)} targets missed: {'; '.join(proof.missed)}")
        files = _files(made)
        _replace(made, output, files)
    return SampleReport(output, seed, files, rows, proof.checks)


def write_inbox(output: Path, seed: int) -> dict[str, int]:
    """Write all deliveries without checking them; number of rows by dataset."""
    sources = Sources(read_plan(), read_figures(), read_reporting_periods(), seed)
    facts = make_facts(sources)
    contract, plan = load_contract(), read_delivery_plan()
    counts: Counter[str] = Counter()
    for delivery in plan.deliveries:
        dataset = contract.datasets[delivery.dataset]
        own = facts.get((delivery.party, delivery.dataset), [])
        rows = delivered_rows(delivery, dataset, own, sources.stream(delivery.path))
        style = plan.styles[delivery.style]
        write_delivery(output / delivery.path, delivery, style, contract, plan.swedish_headers, rows)
        counts[delivery.dataset] += len(rows)
    undelivered = facts.keys() - {(d.party, d.dataset) for d in plan.deliveries}
    if undelivered:
        raise SampleTargetMissedError(f"no delivery for {sorted(undelivered)}")
    return dict(counts)


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _replace(made: Path, output: Path, files: list[str]) -> None:
    foreign = sorted(set(_files(output)) - set(files)) if output.is_dir() else []
    if foreign:
        raise SampleOutputError(
            f"{output} holds {len(foreign)} files that are not the sample's, {foreign[0]} for one.",
            "Give an empty folder, or remove them first.",
        )
    shutil.copytree(made, output, dirs_exist_ok=True)
