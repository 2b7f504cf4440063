"""Three years of one county, judged: every step ordinary, and the faults beside the steps that they are planted into."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.years.asked import Asked
from tests.years.calendar_steps import steps
from tests.years.county import make_county
from tests.years.deliveries import Deliverer
from tests.years.fault_plan import fault_plan
from tests.years.faults import all_faults, targets
from tests.years.judged import World, run_step, try_faults
from tests.years.results import YearsResult, verdict_of


def judge_years(asked: Asked, say: Callable[[str], None]) -> YearsResult:
    """Let the years pass; a refused step is accepted, so that those after it are judged too."""
    county = make_county(asked.cases, asked.seed)
    found = steps(county, asked.cadence)
    deliverer = Deliverer(county)
    chosen = targets(found, fault_plan().places) if asked.with_faults else {}
    result = YearsResult(asked.label)
    with tempfile.TemporaryDirectory(prefix="trisam-years-") as folder:
        world = World(Path(folder))
        for number, step in enumerate(found):
            if number in chosen:
                run, tried = try_faults(world, deliverer, step, chosen[number], all_faults(), say)
                result.tried.extend(tried)
            else:
                run = run_step(world, deliverer, step)
            result.ordinary.append(run)
            say(f"{step.day}, {len(step.deliveries)} files: {verdict_of(run.findings, 'passed')}")
    return result
