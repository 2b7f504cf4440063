"""`python -m tests.faults`: try the faults, print what was tried, survived and lost; exit code 1 if anything was."""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.faults import disks
from tests.faults.killing import Kill
from tests.faults.points import SHARES, PhasePoints, Tried, whole_run_point
from tests.faults.scene import Scene, make_scene
from tests.faults.situations import CHEAP, Situation
from tests.faults.whole import WHOLE, WHOLE_MOUNTED


def main() -> int:
    """Try everything, print the table."""
    asked = _arguments()
    dice = random.Random(asked.seed)
    with tempfile.TemporaryDirectory(prefix="trisam-faults-") as temporary:
        root = Path(temporary)
        _say("making the scene: two whole runs")
        scene = make_scene(asked.scene or root / "scene")
        _say(f"seed {asked.seed}; scene in {scene.root}")
        tried: list[Tried] = []
        for one in _all(scene, root / "faults", dice, asked):
            tried.append(one)
            word = "LOST" if one.lost else "survived"
            _say(
                f"{len(tried):>4}  {word:<9} {one.place}: {one.fault}  [{one.afterwards}] {one.note}".rstrip()
            )
            for sentence in one.lost:
                _say(f"          {sentence}")
    print_table(tried)
    return 1 if any(one.lost for one in tried) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--points", type=int, default=200, help="SIGKILL points, whole runs included")
    parser.add_argument(
        "--whole-runs", type=int, default=None, help="how many of them hit whole runs (a tenth)"
    )
    parser.add_argument(
        "--full-checks", type=int, default=None, help="phase points after which a whole run follows"
    )
    parser.add_argument("--seed", type=int, default=1, help="the same seed tries the same stretches")
    parser.add_argument(
        "--scene", type=Path, default=None, help="folder of the two published homes, to use again"
    )
    parser.add_argument("--part", choices=("all", "phases", "whole"), default="all", help="leave out a part")
    parser.add_argument("--only", default="", help="only faults whose name contains this")
    return parser.parse_args()


def _all(scene: Scene, folder: Path, dice: random.Random, asked: argparse.Namespace) -> Iterator[Tried]:
    folder.mkdir(parents=True)
    mounts = disks.can_mount(folder / "mount")
    if not mounts:
        _say("nothing can be mounted here: full and read-only disks are NOT tried (run it as root)")
    whole = asked.points // 10 if asked.whole_runs is None else asked.whole_runs
    points = PhasePoints(scene, folder, dice)
    if asked.part != "whole":
        cheap = [*CHEAP, *(disks.MOUNTED if mounts else ())]
        yield from _situations(scene, folder, cheap, asked.only, "next run or phase")
        if not asked.only:
            yield from _phase_points(points, asked.points - whole, dice, asked.full_checks)
    if asked.part != "phases":
        slow = [*WHOLE, *(WHOLE_MOUNTED if mounts else ())]
        yield from _situations(scene, folder, slow, asked.only, "whole run")
        seconds = sum(took for _, _, took in scene.timeline)
        for i in range(0 if asked.only else whole):
            yield whole_run_point(scene, folder / "whole", (i + dice.random()) / whole * seconds, points)


def _situations(
    scene: Scene, folder: Path, situations: Sequence[Situation], only: str, afterwards: str
) -> Iterator[Tried]:
    for situation in situations:
        name = situation.__name__.replace("_", " ")
        if only not in name:
            continue
        place = folder / "situation"
        lost = situation(scene, place)
        shutil.rmtree(place, ignore_errors=True)
        yield Tried("situations", name, lost, afterwards)


def _phase_points(
    points: PhasePoints, number: int, dice: random.Random, full_checks: int | None
) -> Iterator[Tried]:
    plan = [(p, k) for p, n in _split(number).items() for k in (points.kills(p, n) if n else ())]
    wanted = number // 20 if full_checks is None else full_checks
    full = set(dice.sample(range(len(plan)), min(wanted, len(plan))))
    for i, (phase, kill) in enumerate(plan):
        yield from _until_it_hits(points, phase, kill, i, i in full)


def _until_it_hits(
    points: PhasePoints, phase: str, kill: Kill, number: int, whole_run_after: bool
) -> Iterator[Tried]:
    """One point; a kill that found its process ended has shown nothing: it is told, and tried again earlier."""
    for _ in range(_ATTEMPTS):
        tried = points.try_point(phase, kill, number, whole_run_after=whole_run_after)
        yield tried
        if not tried.note or kill.operation is not None:
            return
        kill = kill.earlier()


def _split(number: int) -> dict[str, int]:
    split = {phase: number * share // 100 for phase, share in SHARES.items()}
    split["gate and switch"] += number - sum(split.values())
    return split


def print_table(tried: Sequence[Tried]) -> None:
    """Faults tried, survived, lost, by place and by what was done afterwards to see that it goes on."""
    rows: dict[tuple[str, str], list[Tried]] = defaultdict(list)
    for one in tried:
        rows[one.place, one.afterwards].append(one)
    form = "{:<18} {:<22} {:>6} {:>8} {:>5} {:>10}"
    print(form.format("fault in", "seen to go on by", "tried", "survived", "lost", "came late"))
    for (place, afterwards), ones in rows.items():
        print(form.format(place, afterwards, *_counts(ones)))
    print(form.format("all", "", *_counts(tried)))
    print(
        "\nPhase points: a child process does one phase of the run on a prepared home; the gate is given the stored\n"
        "results of a whole run's expectations. After each point the published release is opened, its files and\n"
        "tables hashed. Only where the second column says 'whole run' did a whole `trisam run` follow. A fault that\n"
        "'came late' found its process ended."
    )


def _counts(ones: Sequence[Tried]) -> tuple[int, int, int, int]:
    lost = sum(bool(one.lost) for one in ones)
    return len(ones), len(ones) - lost, lost, sum(bool(one.note) for one in ones)


_ATTEMPTS = 9
_STARTED = time.monotonic()


def _say(line: str) -> None:
    print(f"[{time.monotonic() - _STARTED:6.0f} s] {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
