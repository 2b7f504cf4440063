"""`python -m benchmarks --cases 100000 1000000 --repeat 3`: measures, keeps the results, writes the page anew."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.inbox import prepared
from benchmarks.measure import CommandFailedError
from benchmarks.page import write_page
from benchmarks.results import read_all, write
from benchmarks.runs import CONTENDERS, ROOT, run_size


def main() -> None:
    """Exit status 1 when a run fails, or when its tables differ from the other computations'."""
    wanted = _arguments()
    alike = True
    for cases in wanted.cases:
        _say(f"{cases:>12,} cases  making the inbox")
        inbox = prepared(wanted.folder, cases, wanted.seed)
        result = run_size(
            inbox, wanted.folder / "runs", wanted.repeat, left_out=set(wanted.leave_out), label=wanted.label,
            compared=not wanted.no_compare, say=_say,
        )  # fmt: skip
        for found in result.comparisons:
            _say(f"{cases:>12,} cases  {found.what}: {found.differing_rows} of {found.rows:,} rows differ")
        alike = alike and not any(found.differing_rows for found in result.comparisons)
        write(result)
    if results := read_all():
        _say(f"written: {write_page(results, ROOT / 'docs')}")
    sys.exit(0 if alike else 1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, nargs="*", default=[100_000], help="sizes; none: only the page")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=ROOT / "data" / "bench", help="for inboxes and homes")
    parser.add_argument("--leave-out", nargs="*", choices=CONTENDERS, default=[])
    parser.add_argument(
        "--label", default="", help="keep the result beside others of the size, under this word"
    )
    parser.add_argument("--no-compare", action="store_true", help="do not compare tables row by row")
    return parser.parse_args()


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main()
    except CommandFailedError as failed:
        sys.exit(str(failed))
