"""What was measured, as values and as JSON files in `results/`: one file per size of inbox."""

from __future__ import annotations

import os
import platform
import statistics
from importlib.metadata import version
from pathlib import Path

from pydantic import BaseModel, ConfigDict

RESULTS = Path(__file__).parent / "results"
PACKAGES = ("duckdb", "dbt-core", "dbt-duckdb", "dagster", "great-expectations", "pandas")
# What changes how long a run takes. Settings that are secret or paths are not among them.
SETTINGS = ("TRISAM_MEMORY_LIMIT", "TRISAM_DISCLOSURE_THRESHOLD", "TRISAM_DBT_THREADS")


class Run(BaseModel):
    """One measured run of one contender. `inner_seconds` leave the start of Python and imports aside."""

    model_config = ConfigDict(frozen=True)

    contender: str
    repetition: int
    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int
    inner_seconds: float
    steps: dict[str, float] = {}

    @property
    def peak_gigabytes(self) -> float:
        """Peak memory in units of a thousand million bytes."""
        return self.peak_bytes / 1e9


class Comparison(BaseModel):
    """A release beside another computation of the same inbox: tables and rows compared, rows that differ."""

    model_config = ConfigDict(frozen=True)

    what: str
    tables: int
    rows: int
    differing_rows: int


class Machine(BaseModel):
    """What it was measured on."""

    model_config = ConfigDict(frozen=True)

    cores: int
    memory_bytes: int
    python: str
    packages: dict[str, str]
    settings: dict[str, str]
    # Of all processes of the machine, when measuring began: above the number of cores, others were at work.
    load_before: float


class Result(BaseModel):
    """Everything that was measured on one inbox."""

    model_config = ConfigDict(frozen=True)

    cases: int
    # Tells results of one size apart that were measured under other settings.
    label: str = ""
    municipalities: int
    files: int
    inbox_bytes: int
    inbox_seconds: float
    measured_on: str
    machine: Machine
    runs: list[Run]
    comparisons: list[Comparison]

    def median(self, contender: str, measure: str) -> float | None:
        """The median of a measure over a contender's repetitions, None where it was not run."""
        values = [float(getattr(run, measure)) for run in self.runs if run.contender == contender]
        return statistics.median(values) if values else None

    def repetitions(self, contender: str) -> int:
        """How often a contender was measured."""
        return sum(run.contender == contender for run in self.runs)

    def median_steps(self, contender: str) -> dict[str, float]:
        """Median seconds per step, in the order of the first repetition."""
        runs = [run.steps for run in self.runs if run.contender == contender and run.steps]
        return {
            step: statistics.median(run.get(step, 0.0) for run in runs) for step in (runs[0] if runs else {})
        }


def this_machine() -> Machine:
    """The machine, the packages and the settings of this process."""
    return Machine(
        cores=len(os.sched_getaffinity(0)),
        memory_bytes=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        python=platform.python_version(),
        packages={name: version(name) for name in PACKAGES},
        settings={name: os.environ[name] for name in SETTINGS if name in os.environ},
        load_before=round(os.getloadavg()[0], 2),
    )


def write(result: Result, folder: Path = RESULTS) -> Path:
    """Keep a result, in place of an earlier one of the same size and label; returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{result.cases:09d}{'-' * bool(result.label)}{result.label}.json"
    path.write_text(result.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return path


def read_all(folder: Path = RESULTS) -> list[Result]:
    """All results that are kept, smallest inbox first."""
    return [
        Result.model_validate_json(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))
    ]
