"""`python -m tests.years`: years of deliveries by calendar and planted faults, and what the checks said of them.

Exit code 1 where an ordinary run is refused, fewer than nine in ten faults are refused or warned of, or a table differs
from bare DuckDB's.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import product
from pathlib import Path

from tests.years import report
from tests.years.asked import Asked
from tests.years.calendar_plan import calendar_plan
from tests.years.calendar_steps import Cadence
from tests.years.judged_years import judge_years
from tests.years.results import YearsResult
from tests.years.sample_faults import judge_sample
from tests.years.whole import run_years

_STARTED = time.monotonic()
FOLDER = Path(__file__).parents[2] / "data" / "years"
Task = Callable[[], YearsResult]


def main() -> int:
    """Let the years pass, write the tables, print those that are short."""
    asked = _arguments()
    results = _done(_tasks(asked), asked.processes)
    report.write(results, asked.output)
    print(report.summary(results))
    print(f"All of it: {asked.output / 'years.md'}")
    return 0 if report.totals(results).reached else 1


def _arguments() -> argparse.Namespace:
    known = [c for name in calendar_plan().cadences for c in (name, f"{name}-cumulative")]
    parser = argparse.ArgumentParser(prog="python -m tests.years", description=__doc__)
    parser.add_argument("--cases", type=int, nargs="+", default=[250, 4000], help="new cases a year")
    parser.add_argument(
        "--cadences", nargs="+", choices=known, default=known, metavar="CADENCE", help=f"of {known}"
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument(
        "--way",
        choices=("judged", "whole"),
        default="judged",
        help="take in and judge, or whole runs that publish",
    )
    parser.add_argument("--without-faults", action="store_true", help="ordinary runs only")
    parser.add_argument("--processes", type=int, default=2, help="inboxes at a time")
    parser.add_argument("--output", type=Path, default=FOLDER, help="folder of years.md and years.json")
    asked = parser.parse_args()
    asked.cadences = [
        Cadence(c.removesuffix("-cumulative"), c.endswith("-cumulative")) for c in asked.cadences
    ]
    return asked


def _tasks(asked: argparse.Namespace) -> list[Task]:
    worlds = [
        Asked(cases, cadence, seed, not asked.without_faults)
        for cases, cadence, seed in product(asked.cases, asked.cadences, asked.seeds)
    ]
    if asked.way == "whole":
        return [partial(_whole, world) for world in worlds]
    judged: list[Task] = [partial(_judged, world) for world in worlds]
    return judged if asked.without_faults else [partial(judge_sample, _say), *judged]


def _done(tasks: Sequence[Task], processes: int) -> list[YearsResult]:
    if processes == 1:
        return [task() for task in tasks]
    with ProcessPoolExecutor(processes) as pool:
        return [one.result() for one in [pool.submit(task) for task in tasks]]


def _judged(asked: Asked) -> YearsResult:
    return judge_years(asked, lambda line: _say(f"{asked.label}: {line}"))


def _whole(asked: Asked) -> YearsResult:
    return run_years(asked, lambda line: _say(f"{asked.label}: {line}"))


def _say(line: str) -> None:
    print(f"[{time.monotonic() - _STARTED:6.0f} s] {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
