"""The relations as linear rows over the distinct unknowns: equal cells are one unknown, zeros are known.

Which unknowns are withheld is not decided here.
"""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dagster_project.disclosure.figures import Cell, Figures, Pattern, Relation
from dagster_project.disclosure.terms import Bools, Ints, Listed, Terms, listed, merged

Floats = npt.NDArray[np.float64]

TOTAL_COST = 1000.0
YEAR_COST = 1.5
_TOTAL_CODES = frozenset(
    {"T", "TOTAL", "ALL", "all_public", "goal_list", "income_support", "6", "12", "to_date"}
)


class Row(NamedTuple):
    """Σ factor × unknown = 0 (`equal`) or ≥ 0."""

    unknowns: tuple[int, ...]
    factors: tuple[int, ...]
    equal: bool


class Move(NamedTuple):
    """The unknowns that change at once, and by how much each."""

    unknowns: Ints
    steps: Ints


@dataclass(frozen=True)
class System:
    """Unknowns with their true values, what withholding each costs, and the rows that tie them, with their slack."""

    unknown_of: dict[Cell, int]
    values: Ints
    costs: Floats
    rows: tuple[Row, ...]
    broken: tuple[str, ...]

    @cached_property
    def slacks(self) -> Ints:
        """What each row's sum is above zero."""
        values = self.values.tolist()
        sums = [
            sum([f * values[u] for u, f in zip(row.unknowns, row.factors, strict=True)]) for row in self.rows
        ]
        return np.array(sums, dtype=np.int64)

    @cached_property
    def rows_of(self) -> list[list[int]]:
        """The rows that each unknown is in."""
        found: list[list[int]] = [[] for _ in self.values]
        for number, row in enumerate(self.rows):
            for unknown in row.unknowns:
                found[unknown].append(number)
        return found


def build_system(figures: Figures, relations: Iterable[Relation | Pattern]) -> System:
    """Merge cells that are equal by definition, number them, and keep the relations that bear on them.

    A likely (not certain) relation is kept wherever the numbers bear it out; a certain one that they break is
    left out and named in `broken`.
    """
    cells = [cell for cell, value in figures.values.items() if value]
    of_cells = np.array([figures.values[cell] for cell in cells], dtype=np.int64)
    found = listed(cells, relations)
    sums = found.terms.sums(of_cells, len(found.stated))
    usable = np.where(found.equal, sums == 0, sums >= 0)
    terms = found.terms.of(usable)
    classes = merged(terms, found.equal, len(cells))
    highest, unknowns = np.unique(classes, return_inverse=True)
    values, rows = of_cells[highest], _rows(terms.gathered(unknowns), found.equal)
    costs = np.bincount(unknowns, [_cost(cell) for cell in cells], len(highest)).astype(np.float64)
    # Small counts tend to lie among withheld ones, so withholding them draws less after it.
    costs = costs * np.log(2 + values)
    unknown_of = dict(zip(cells, unknowns.tolist(), strict=True))
    return System(unknown_of, values, costs, rows, _broken(found, usable))


def connected(system: System, unknown: int) -> Move:
    """Return the move that doubles an unknown and all that rows tie to it: it keeps every row, always."""
    found, waiting = {unknown}, [unknown]
    while waiting:
        for number in system.rows_of[waiting.pop()]:
            new = set(system.rows[number].unknowns) - found
            found |= new
            waiting.extend(new)
    unknowns = np.array(sorted(found), dtype=np.int64)
    return Move(unknowns, system.values[unknowns])


def _cost(cell: Cell) -> float:
    """What is lost when a cell is withheld: most for county-by-year totals, which readers need first."""
    if len(cell.period) != 4 or len(cell.area) != 2:
        return 1.0
    total = cell.column not in ("women_count", "men_or_unknown_count") and _TOTAL_CODES.issuperset(cell.keys)
    return TOTAL_COST if total else YEAR_COST


def _broken(found: Listed, usable: Bools) -> tuple[str, ...]:
    """Return the names of the certain relations that the numbers break."""
    broken = (found.stated[i] for i in np.flatnonzero(~usable))
    return tuple(sorted({relation.name for relation in broken if relation.certain}))


def _rows(terms: Terms, equal: Bools) -> tuple[Row, ...]:
    """Return what the relations say of the unknowns, each once, those that bind most first."""
    relations, starts = np.unique(terms.relations, return_index=True)
    unknowns, factors = terms.numbers.tolist(), terms.factors.tolist()
    bounds = itertools.pairwise([*starts.tolist(), len(unknowns)])
    rows = {
        Row(tuple(unknowns[first:end]), tuple(factors[first:end]), is_equal)
        for (first, end), is_equal in zip(bounds, equal[relations].tolist(), strict=True)
    }
    return tuple(sorted(rows, key=_row_order))


def _row_order(row: Row) -> tuple[bool, tuple[int, ...], tuple[int, ...]]:
    return (not row.equal, row.unknowns, row.factors)
