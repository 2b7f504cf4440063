"""`python -m tests.years_dagster`: deliveries by calendar through Dagster, and what came of each day.

Exit code 1 where a day did not end as it must.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from datetime import time as hour
from itertools import islice

from dagster_project.settings import PROJECT_ROOT
from tests.years_dagster.driver import Outcome
from tests.years_dagster.home import driven_home
from tests.years_dagster.steps import Step, by_day, by_year, days_after_due, with_broken

_STARTED = time.monotonic()
FOLDER = PROJECT_ROOT / "data" / "years-dagster"
_SAMPLE_FROM = 2020


def main() -> int:
    """Let the days pass, and print a table of them."""
    asked = _arguments()
    steps = with_broken(islice(by_day(_steps(asked)), asked.deliveries), set(asked.broken))
    listed = list(steps)
    if asked.looks:
        listed = by_day([*listed, *days_after_due(listed[0].day, listed[-1].day)])
    shutil.rmtree(FOLDER, ignore_errors=True)
    start = datetime.combine(listed[0].day - timedelta(days=1), hour(12))
    outcomes = []
    with driven_home(FOLDER, start, _say) as driver:
        for step in listed:
            outcomes.append(driver.pass_day(step))
            _say(_row(outcomes[-1]))
    table = "\n".join([_HEADER, *(_row(outcome) for outcome in outcomes)])
    (FOLDER / "years.md").write_text(f"{table}\n", encoding="utf-8")
    print(table)
    return 1 if any(outcome.faults for outcome in outcomes) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.years_dagster", description=__doc__)
    parser.add_argument("--of", choices=("sample", "county"), default="county", help="whose deliveries")
    parser.add_argument("--cases", type=int, default=250, help="new cases a year of the county")
    parser.add_argument("--cadence", default="quarter", help="of the county: month, quarter or half_year")
    parser.add_argument("--seed", type=int, default=1, help="of the county")
    parser.add_argument("--deliveries", type=int, help="only so many delivery days")
    parser.add_argument(
        "--broken",
        type=int,
        nargs="*",
        default=[2],
        metavar="N",
        help="delivery days (from 0) with a broken file",
    )
    parser.add_argument(
        "--looks", action="store_true", help="look on every day after deliveries are due, too"
    )
    return parser.parse_args()


def _steps(asked: argparse.Namespace) -> Iterable[Step]:
    if asked.of == "sample":
        return by_year(PROJECT_ROOT / "seeds" / "extracts", _SAMPLE_FROM)
    from tests.years_dagster.county import county_steps

    return county_steps(asked.cases, asked.cadence, asked.seed)


_HEADER = (
    "| day | files | must end | published | runs (failed) | told late | seconds | faults |\n"
    + "| --- " * 8
    + "|"
)


def _row(outcome: Outcome) -> str:
    step, failed = outcome.step, sum(not run.succeeded for run in outcome.runs)
    runs = f"{len(outcome.runs)} ({failed})"
    faults = "; ".join(outcome.faults)
    cells = (step.day, len(step.files), step.ending, outcome.published, runs, len(outcome.told_late), f"{outcome.seconds:.0f}", faults)  # fmt: skip
    return "| " + " | ".join(map(str, cells)) + " |"


def _say(line: str) -> None:
    print(f"[{time.monotonic() - _STARTED:6.0f} s] {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
