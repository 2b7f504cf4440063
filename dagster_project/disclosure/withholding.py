"""Which counts are withheld: the primary rule, the local rule, then linear programs until nothing can be told."""

from dataclasses import dataclass

import numpy as np

from dagster_project.disclosure.figures import Figures, Relation
from dagster_project.disclosure.local_rule import apply_local_rule, exposure
from dagster_project.disclosure.polytope import Polytope
from dagster_project.disclosure.primary import primary
from dagster_project.disclosure.spec import Offer
from dagster_project.disclosure.system import Bools, Floats, System, build_system

SAMPLES = 8
NEAR = 1e-6


@dataclass(frozen=True)
class Withholding:
    """The system of one county, what of it is withheld, and how it went."""

    system: System
    withheld: Bools
    primary_count: int
    rounds: int


def withhold(figures: Figures, relations: list[Relation], offer: Offer, threshold: int) -> Withholding:
    """Decide what is withheld so that every withheld count keeps at least `threshold` possible values."""
    system = build_system(figures, relations)
    withheld = primary(figures, system, offer, threshold)
    first = int(withheld.sum())
    apply_local_rule(system, withheld, threshold)
    pending = set(map(int, np.flatnonzero(withheld)))
    rounds = 0
    while pending:
        rounds += 1
        failing = _too_narrow(system, withheld, pending, threshold)
        before = withheld.copy()
        _withhold_for(system, withheld, failing)
        apply_local_rule(system, withheld, threshold)
        pending = set(failing) | set(map(int, np.flatnonzero(withheld & ~before)))
    return Withholding(system, withheld, first, rounds)


def _too_narrow(system: System, withheld: Bools, pending: set[int], threshold: int) -> dict[int, frozenset[int]]:
    """Return the counts with fewer than `threshold` values between their bounds, each with what proves it."""
    polytope = Polytope(system, withheld, reach=8 * threshold)
    lowest, highest = polytope.truth.copy(), polytope.truth.copy()

    def seen(point: Floats) -> None:
        np.minimum(lowest, point, out=lowest)
        np.maximum(highest, point, out=highest)

    def enough(unknown: int) -> bool:
        i = polytope.place[unknown]
        return bool(np.floor(highest[i] + NEAR) - np.ceil(lowest[i] - NEAR) + 1 >= threshold)

    random = np.random.default_rng(len(polytope.free))
    for _ in range(SAMPLES):
        seen(polytope.solve(random.choice([-1.0, 1.0], len(polytope.free))))
    failing = {}
    for unknown in sorted(pending):
        proof: frozenset[int] = frozenset()
        for direction in (1, -1):
            if not enough(unknown):
                bound = polytope.bound(unknown, direction)
                seen(bound.point)
                proof |= bound.proof
        if not enough(unknown):
            failing[unknown] = proof
    return failing


def _withhold_for(system: System, withheld: Bools, failing: dict[int, frozenset[int]]) -> None:
    """Withhold, in place, at least one shown count of every proof: those first that break most for their cost."""
    open_proofs = dict(failing)
    while open_proofs:
        breaks: dict[int, int] = {}
        for proof in open_proofs.values():
            for unknown in proof:
                breaks[unknown] = breaks.get(unknown, 0) + 1
        if not breaks:
            raise ArithmeticError("a withheld count cannot be protected: nothing shown proves its bounds")
        chosen = min(
            breaks,
            key=lambda u: (system.costs[u] * (1 + exposure(system, withheld, u)) / breaks[u], int(system.values[u]), u),
        )
        withheld[chosen] = True
        open_proofs = {u: proof for u, proof in open_proofs.items() if chosen not in proof}
