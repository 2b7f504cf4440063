"""Three years of one county, judged: every step ordinary, and the faults beside the steps that they are planted into."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from tests.years.calendar_steps import Cadence, steps
from tests.years.county import make_county
from tests.years.deliveries import Deliverer
from tests.years.faults import targets
from tests.years.judged import Judged, Tried, World, run_step, try_faults, verdict_of


@dataclass(frozen=True)
class Asked:
    """One county, delivered in one way."""

    cases: int
    cadence: Cadence
    seed: int
    with_faults: bool = True
    until: date | None = None

    @property
    def label(self) -> str:
        """The county and the way in a few words."""
        return f"{self.cases} cases, {self.cadence.label}, seed {self.seed}"


@dataclass(frozen=True)
class OrdinaryStep:
    """An ordinary step and what was said of it."""

    day: date
    files: int
    judged: Judged


@dataclass(frozen=True)
class YearsResult:
    """Everything that was said of a county's years."""

    asked: Asked
    ordinary: list[OrdinaryStep] = field(default_factory=list)
    tried: list[Tried] = field(default_factory=list)


def judge_years(asked: Asked, say: Callable[[str], None]) -> YearsResult:
    """Let the years pass; a refused step is accepted, so that those after it are judged too."""
    county = make_county(asked.cases, asked.seed)
    found = steps(county, asked.cadence, asked.until)
    deliverer = Deliverer(county)
    chosen = targets(found) if asked.with_faults else {}
    result = YearsResult(asked)
    with tempfile.TemporaryDirectory(prefix="trisam-years-") as folder:
        world = World(Path(folder))
        for number, step in enumerate(found):
            if number in chosen:
                judged, tried = try_faults(world, deliverer, step, chosen[number], say)
                result.tried.extend(tried)
            else:
                judged = run_step(world, deliverer, step)
            result.ordinary.append(OrdinaryStep(step.day, len(step.deliveries), judged))
            say(f"{step.day}, {len(step.deliveries)} files: {verdict_of(judged.findings, 'passed')}")
    return result
