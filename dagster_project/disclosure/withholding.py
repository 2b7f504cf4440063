"""Which counts are withheld: the primary rule, then whatever keeps every withheld count from being told.

A withheld count is safe when k different whole numbers are proven possible for it by moves among withheld
counts. Where moves among them do not suffice, the cheapest move decides what more is withheld; at the end every
count that was withheld for another one is shown again if all of them stay safe without it.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from dagster_project.disclosure.evidence import Evidence
from dagster_project.disclosure.figures import Figures, Pattern, Relation
from dagster_project.disclosure.moves import MoveFinder
from dagster_project.disclosure.primary import primary
from dagster_project.disclosure.spec import Offer
from dagster_project.disclosure.system import Move, System, build_system, connected
from dagster_project.disclosure.terms import Bools, Ints

FREE_COST = 0.01
REACH = 8


@dataclass(frozen=True)
class Withholding:
    """The system of one county, what of it is withheld, and how many unknowns are for themselves."""

    system: System
    withheld: Bools
    primary_count: int


def withhold(
    figures: Figures, relations: Iterable[Relation | Pattern], offer: Offer, threshold: int
) -> Withholding:
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
        self.evidence = Evidence(system, width=2 * threshold)
        self.costs = np.where(withheld, FREE_COST, system.costs)
        self.all = self._finder(np.arange(len(system.values), dtype=np.int64))
        self.few = self.all

    def _finder(self, unknowns: Ints) -> MoveFinder:
        finder = MoveFinder(self.system, unknowns, reach=REACH * self.threshold)
        finder.set_costs(self.costs)
        return finder

    def protect_all(self) -> None:
        """Make every withheld count safe, those that are withheld on the way among them."""
        waiting = self._smallest_first(self.withheld)
        while waiting:
            withheld = self.withheld.copy()
            self._widen_all(waiting)
            # Moves among withheld counts suffice from here, nearly always, and are found much faster.
            self.few = self._finder(np.flatnonzero(self.withheld))
            for unknown in self._smallest_first(self.withheld):
                self._fill(unknown, self.few)
                if not self._safe(unknown):
                    self._fill(unknown, self.all)
                if not self._safe(unknown):
                    self._accept(connected(self.system, unknown))
            waiting = self._smallest_first(self.withheld & ~withheld)

    def show_again(self, first: Bools) -> None:
        """Show again every count, the dearest first, without which all withheld ones stay safe."""
        self.few.patient = False
        candidates = [int(u) for u in np.flatnonzero(self.withheld & ~first)]
        for unknown in sorted(candidates, key=lambda u: (-self.system.costs[u], -self.system.values[u], u)):
            lines = self.evidence.take_out(unknown)
            self.withheld[unknown] = False
            self.few.allow(unknown, free=False)
            touched = {u for line in lines.values() for u in line.steps if self.withheld[u]}
            if not all(
                self._still_safe(u) for u in sorted(touched, key=lambda u: (self.system.values[u], u))
            ):
                self.evidence.put_back(lines)
                self.withheld[unknown] = True
                self.few.allow(unknown, free=True)

    def _smallest_first(self, chosen: Bools) -> deque[int]:
        unknowns = np.flatnonzero(chosen)
        return deque(int(u) for u in unknowns[np.argsort(self.system.values[unknowns], kind="stable")])

    def _safe(self, unknown: int) -> bool:
        return len(self.evidence.offsets(unknown)) >= self.threshold

    def _still_safe(self, unknown: int) -> bool:
        """Tell whether moves among the withheld counts alone keep this one safe."""
        if not self._safe(unknown):
            for move in self._widest(unknown, self.few):
                self._accept(move)
            if not self._wide(unknown):
                return False
            self._fill(unknown, self.few)
        return self._safe(unknown)

    def _accept(self, move: Move) -> list[int]:
        """Keep what a move proves, and withhold what it moves; return what that adds."""
        new = sorted(u for u in self.evidence.add(move) if not self.withheld[u])
        if new:
            self.withheld[new] = True
            self.costs[new] = FREE_COST
            self.all.set_costs(self.costs)
        return new

    def _widen_all(self, waiting: deque[int]) -> None:
        while waiting:
            for move in self._widest(waiting.popleft(), self.all):
                waiting.extend(self._accept(move))

    def _wide(self, unknown: int) -> bool:
        offsets = self.evidence.offsets(unknown)
        return max(offsets) - min(offsets) >= self.threshold - 1

    def _widest(self, unknown: int, finder: MoveFinder) -> list[Move]:
        """Return the moves that give a count k values in a row's length and withhold least; none if it has them.

        They may lie above the true value, below it, or on both sides.
        """
        offsets = self.evidence.offsets(unknown)
        if self._wide(unknown):
            return []
        length, lowest, highest = self.threshold - 1, min(offsets), max(offsets)
        best: list[Move] = []
        price = float("inf")
        for end in range(lowest + length, highest - 1, -1):
            wanted = [step for step in (end - length, end) if not lowest <= step <= highest]
            moves = self._cheaper(unknown, wanted, finder, price)
            if moves:
                best, price = moves, self._price(moves)
            if not price:
                break
        return best

    def _cheaper(self, unknown: int, steps: list[int], finder: MoveFinder, price: float) -> list[Move]:
        """Return moves that change a count by each of the steps and cost less in all; none if there are none."""
        moves: list[Move] = []
        for step in steps:
            move = finder.cheapest(unknown, step)
            if move is None or self._price([*moves, move]) >= price:
                return []
            moves.append(move)
        return moves

    def _price(self, moves: list[Move]) -> float:
        """Return what withholding the shown counts that these moves need costs."""
        unknowns = np.unique(np.concatenate([move.unknowns for move in moves]))
        return float(self.system.costs[unknowns][~self.withheld[unknowns]].sum())

    def _fill(self, unknown: int, finder: MoveFinder) -> None:
        """Look for the whole numbers between, the nearest first, until the count is safe."""
        by_distance = sorted(range(-self.threshold - 2, self.threshold + 3), key=lambda o: (abs(o), -o))
        for offset in by_distance:
            offsets = self.evidence.offsets(unknown)
            if len(offsets) >= self.threshold:
                break
            move = None if offset in offsets else finder.cheapest(unknown, offset)
            if move is not None:
                self._accept(move)
