"""Which counts are withheld: the primary rule, then whatever keeps every withheld count from being told.

A withheld count is safe when k different whole numbers are proven possible for it by moves among withheld
counts. Where moves among them do not suffice, the cheapest move decides what more is withheld; at the end every
count that was withheld for another one is shown again if all of them stay safe without it.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np

from dagster_project.disclosure.evidence import Evidence
from dagster_project.disclosure.figures import Figures, Relation
from dagster_project.disclosure.moves import MoveFinder
from dagster_project.disclosure.primary import primary
from dagster_project.disclosure.spec import Offer
from dagster_project.disclosure.system import Bools, Move, System, build_system, connected

FREE_COST = 0.01
REACH = 8


@dataclass(frozen=True)
class Withholding:
    """The system of one county, what of it is withheld, and how many unknowns are for themselves."""

    system: System
    withheld: Bools
    primary_count: int


def withhold(figures: Figures, relations: list[Relation], offer: Offer, threshold: int) -> Withholding:
    """Decide what is withheld so that every withheld count keeps at least `threshold` possible values."""
    system = build_system(figures, relations)
    first = primary(figures, system, offer, threshold)
    if not first.any():
        return Withholding(system, first, 0)
    search = _Search(system, first.copy(), threshold)
    search.protect_all()
    search.show_again(first)
    return Withholding(system, search.withheld, int(first.sum()))


class _Search:
    """The state of one search: what is withheld so far, and what proves it safe."""

    def __init__(self, system: System, withheld: Bools, threshold: int) -> None:
        self.system, self.withheld, self.threshold = system, withheld, threshold
        self.finder = MoveFinder(system, reach=REACH * threshold)
        self.evidence = Evidence(system, width=2 * threshold)
        self.costs = np.where(withheld, FREE_COST, system.costs)
        self.finder.set_costs(self.costs)

    def protect_all(self) -> None:
        """Make every withheld count safe, those that are withheld on the way among them."""
        order = np.flatnonzero(self.withheld)
        waiting = deque(int(u) for u in order[np.argsort(self.system.values[order], kind="stable")])
        while waiting:
            unknown = waiting.popleft()
            waiting.extend(sorted(self._protect(unknown)))
            if not self._safe(unknown):
                waiting.extend(sorted(self._accept(connected(self.system, unknown))))

    def show_again(self, first: Bools) -> None:
        """Show again every count, the dearest first, without which all withheld ones stay safe."""
        self.finder.allow_only(self.withheld)
        candidates = [int(u) for u in np.flatnonzero(self.withheld & ~first)]
        for unknown in sorted(candidates, key=lambda u: (-self.system.costs[u], -self.system.values[u], u)):
            lines = self.evidence.take_out(unknown)
            self.withheld[unknown] = False
            self.finder.allow(unknown, free=False)
            touched = {u for line in lines.values() for u in line.steps if self.withheld[u]}
            if not all(
                self._still_safe(u) for u in sorted(touched, key=lambda u: (self.system.values[u], u))
            ):
                self.evidence.put_back(lines)
                self.withheld[unknown] = True
                self.finder.allow(unknown, free=True)

    def _safe(self, unknown: int) -> bool:
        return len(self.evidence.offsets(unknown)) >= self.threshold

    def _still_safe(self, unknown: int) -> bool:
        """Tell whether moves among the withheld counts alone keep this one safe."""
        if not self._safe(unknown):
            self._protect(unknown)
        return self._safe(unknown)

    def _accept(self, move: Move) -> set[int]:
        moved = self.evidence.add(move)
        new = {u for u in moved if not self.withheld[u]}
        if new:
            for unknown in new:
                self.withheld[unknown] = True
                self.costs[unknown] = FREE_COST
            self.finder.set_costs(self.costs)
        return new

    def _protect(self, unknown: int) -> set[int]:
        """Widen one count, then fill in whole numbers between; return what had to be withheld for it."""
        new: set[int] = set()
        offsets = self.evidence.offsets(unknown)
        if max(offsets) - min(offsets) < self.threshold - 1:
            move = self._widest(unknown, min(offsets), max(offsets))
            if move is not None:
                new |= self._accept(move)
        by_distance = sorted(range(-self.threshold - 2, self.threshold + 3), key=lambda o: (abs(o), -o))
        for offset in by_distance:
            offsets = self.evidence.offsets(unknown)
            if len(offsets) >= self.threshold:
                break
            if offset in offsets:
                continue
            filling = self.finder.cheapest(unknown, offset)
            if filling is not None:
                new |= self._accept(filling)
        return new

    def _widest(self, unknown: int, lowest: int, highest: int) -> Move | None:
        """Return the move to k values up or down, whichever withholds less."""
        up = self.finder.cheapest(unknown, lowest + self.threshold - 1)
        if up is not None and not self._price(up):
            return up
        down = self.finder.cheapest(unknown, highest - self.threshold + 1)
        found = [move for move in (up, down) if move is not None]
        return min(found, key=self._price, default=None)

    def _price(self, move: Move) -> float:
        return float(self.system.costs[move.unknowns][~self.withheld[move.unknowns]].sum())
