"""What moves prove: the whole-number values that each withheld count may have for all that is shown.

Exact integer arithmetic only; nothing here searches.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from dagster_project.disclosure.system import Move, System


class Line(NamedTuple):
    """True values plus t × step are possible for every whole t from `first` to `last`."""

    steps: dict[int, int]
    first: int
    last: int

    def offsets(self, unknown: int) -> set[int]:
        """Return by how much the count may differ from its true value along the line."""
        return {t * self.steps[unknown] for t in range(self.first, self.last + 1)}


@dataclass
class Evidence:
    """Lines through the true values, found by which unknown they move."""

    system: System
    width: int
    lines: dict[int, Line] = field(default_factory=dict)
    _of: dict[int, list[int]] = field(default_factory=dict)
    _next: int = 0

    def offsets(self, unknown: int) -> set[int]:
        """Return every offset from the true value that some line proves possible, 0 among them."""
        found = {0}
        for number in self._of.get(unknown, ()):
            if number in self.lines:
                found |= self.lines[number].offsets(unknown)
        return found

    def add(self, move: Move) -> set[int]:
        """Keep the line through a move; return the unknowns it moves. ArithmeticError when it breaks a row."""
        line = self._line(move)
        if line.last < 1:
            raise ArithmeticError("a move leaves the relations that it was found under")
        self.lines[self._next] = line
        for unknown in line.steps:
            self._of.setdefault(unknown, []).append(self._next)
        self._next += 1
        return set(line.steps)

    def take_out(self, unknown: int) -> dict[int, Line]:
        """Remove and return the lines that move an unknown."""
        return {n: self.lines.pop(n) for n in self._of.get(unknown, ()) if n in self.lines}

    def put_back(self, lines: dict[int, Line]) -> None:
        """Undo take_out."""
        self.lines.update(lines)

    def _line(self, move: Move) -> Line:
        """Return how far a move can be repeated, forward and backward, in its smallest whole step."""
        divisor = int(np.gcd.reduce(move.steps))
        steps = {int(u): int(s) // divisor for u, s in zip(move.unknowns, move.steps, strict=True)}
        first, last = -self.width, self.width
        for unknown, step in steps.items():
            room = int(self.system.values[unknown]) - 1
            first, last = _within(first, last, step, room)
        for number in {n for u in steps for n in self.system.rows_of[u]}:
            row = self.system.rows[number]
            change = sum(f * steps.get(u, 0) for u, f in zip(row.unknowns, row.factors, strict=True))
            if change and row.equal:
                return Line(steps, 0, 0)
            first, last = _within(first, last, change, int(self.system.slacks[number]))
        return Line(steps, first, last)


def _within(first: int, last: int, change: int, room: int) -> tuple[int, int]:
    """Narrow t so that room + t × change stays at least 0."""
    if change > 0:
        return max(first, -(room // change)), last
    if change < 0:
        return first, min(last, room // -change)
    return first, last
