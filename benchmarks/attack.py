"""Attacks the open release of the sample and of generated counties, and prints what came of it.

`python -m benchmarks.attack [--sizes 600 1000 4000] [--years 3] [--no-sample] [--keep FOLDER]`; exit code 1 when
anything is given away.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dagster_project.disclosure import OpenReleaseReport, build_open_release
from dagster_project.disclosure_attack import AttackReport, attack
from dagster_project.sample.county import make_county

ROOT = Path(__file__).resolve().parents[1]
THRESHOLD = 5
HEADER = (
    "inbox",
    "new cases a year",
    "offered",
    "shown",
    "shown %",
    "withheld",
    "narrowest",
    "leaks",
    "build s",
    "attack s",
)


@dataclass(frozen=True)
class Result:
    """One open release, built and attacked."""

    name: str
    per_year: int
    built: OpenReleaseReport
    attacked: AttackReport

    def cells(self) -> tuple[str, ...]:
        """The row to print under HEADER."""
        narrowest = "-" if self.attacked.narrowest is None else str(self.attacked.narrowest)
        return (
            self.name,
            f"{self.per_year:,}",
            f"{self.built.offered:,}",
            f"{self.built.shown:,}",
            f"{100 * self.built.shown / self.built.offered:.1f}",
            f"{self.built.withheld:,}",
            narrowest,
            str(len(self.attacked.findings)),
            f"{self.built.seconds:.1f}",
            f"{self.attacked.seconds:.1f}",
        )


def main() -> int:
    """Run every case and print the table; return the exit code."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="trisam-attack-") as scratch:
        folder = options.keep or Path(scratch)
        results = []
        print(_line(HEADER), flush=True)
        for name, inbox in _inboxes(folder, options):
            results.append(
                _measure(name, _warehouse(inbox, folder / f"home-{name}"), folder / f"open-{name}.duckdb")
            )
            print(_line(results[-1].cells()), flush=True)
    for result in results:
        for finding in result.attacked.findings[:10]:
            print(f"{result.name}: {finding}")
    return int(any(not result.attacked.ok for result in results))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.attack", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="*", default=[600, 1000, 4000], help="new cases a year")
    parser.add_argument("--years", type=int, default=3)
    parser.add_argument("--no-sample", action="store_true", help="generated counties only")
    parser.add_argument("--keep", type=Path, help="an empty folder to keep everything in")
    return parser.parse_args()


def _inboxes(folder: Path, options: argparse.Namespace) -> Iterator[tuple[str, Path]]:
    if not options.no_sample:
        yield "sample", ROOT / "seeds" / "extracts"
    for size in options.sizes:
        inbox = folder / f"inbox-{size}"
        make_county(inbox, cases=size * options.years, seed=size, years=options.years)
        yield f"county-{size}", inbox


def _warehouse(inbox: Path, home: Path) -> Path:
    """Run the warehouse on an inbox in a home of its own; return the published warehouse."""
    places = {"TRISAM_INBOX": str(inbox), "TRISAM_HOME": str(home)}
    command = [str(Path(sys.executable).with_name("trisam")), "run"]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | places, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(
            f"trisam run of {inbox.name} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        )
    return home / "published" / "trisam.duckdb"


def _measure(name: str, warehouse: Path, target: Path) -> Result:
    built = build_open_release(warehouse, target, THRESHOLD)
    return Result(name, _new_cases_a_year(target), built, attack(target, THRESHOLD))


def _new_cases_a_year(target: Path) -> int:
    with duckdb.connect(str(target), read_only=True) as con:
        row = con.execute(
            "select avg(new_count) from (select period, sum(new_count) as new_count from open.case_volume "
            "where period_type = 'year' and area_level = 'county' group by period)"
        ).fetchone()
    return round(row[0] or 0) if row else 0


def _line(cells: tuple[str, ...]) -> str:
    return "  ".join(
        cell.ljust(12) if i == 0 else cell.rjust(max(9, len(HEADER[i]))) for i, cell in enumerate(cells)
    )


if __name__ == "__main__":
    sys.exit(main())
