"""`python -m tests.years`: three years by calendar and planted faults, and what the checks said of them.

Exit code 1 where an ordinary run is refused, or fewer than nine in ten faults are refused or warned of.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from pathlib import Path

from tests.years import report
from tests.years.calendar_plan import calendar_plan
from tests.years.calendar_steps import Cadence
from tests.years.judged_years import Asked, YearsResult, judge_years

_STARTED = time.monotonic()
FOLDER = Path(__file__).parents[2] / "data" / "years"


def main() -> int:
    """Let the years pass, print and write the tables."""
    asked = _arguments()
    worlds = [
        Asked(cases, cadence, seed, not asked.without_faults)
        for cases, cadence, seed in product(asked.cases, asked.cadences, asked.seeds)
    ]
    results = _judge(worlds, asked.processes)
    report.write(results, asked.output)
    print(report.markdown(results))
    found = report.totals(results)
    _say(
        f"{found.refused} of {found.ordinary} ordinary runs refused, {found.seen} of {found.planted} faults seen"
    )
    return 0 if found.reached else 1


def _arguments() -> argparse.Namespace:
    known = [c for name in calendar_plan().cadences for c in (name, f"{name}-cumulative")]
    parser = argparse.ArgumentParser(prog="python -m tests.years", description=__doc__)
    parser.add_argument("--cases", type=int, nargs="+", default=[250, 4000], help="new cases a year")
    parser.add_argument(
        "--cadences", nargs="+", choices=known, default=known, metavar="CADENCE", help=f"of {known}"
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--way", choices=("judged",), default="judged", help="take in and judge only")
    parser.add_argument("--without-faults", action="store_true", help="ordinary runs only")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--output", type=Path, default=FOLDER, help="folder of years.md and years.json")
    asked = parser.parse_args()
    asked.cadences = [
        Cadence(c.removesuffix("-cumulative"), c.endswith("-cumulative")) for c in asked.cadences
    ]
    return asked


def _judge(worlds: Sequence[Asked], processes: int) -> list[YearsResult]:
    if processes == 1:
        return [_judge_one(world) for world in worlds]
    with ProcessPoolExecutor(processes) as pool:
        return list(pool.map(_judge_one, worlds))


def _judge_one(asked: Asked) -> YearsResult:
    return judge_years(asked, lambda line: _say(f"{asked.label}: {line}"))


def _say(line: str) -> None:
    print(f"[{time.monotonic() - _STARTED:6.0f} s] {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
