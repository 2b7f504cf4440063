"""The relations as linear rows over the distinct unknowns: equal cells are one unknown, zeros are known.

Which unknowns are withheld is not decided here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dagster_project.disclosure.figures import Cell, Figures, Relation

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

TOTAL_COST = 1000.0
YEAR_COST = 1.5
_TOTAL_CODES = frozenset(
    {"T", "TOTAL", "ALL", "all_public", "goal_list", "income_support", "6", "12", "to_date"}
)


@dataclass(frozen=True)
class Row:
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
    slacks: Ints
    rows_of: tuple[tuple[int, ...], ...] = field(repr=False)


def build_system(figures: Figures, relations: Iterable[Relation]) -> System:
    """Merge cells that are equal by definition, number them, and keep the relations that bear on them.

    A likely (not certain) relation is kept wherever the numbers bear it out; a certain one that they break is
    left out and named in `broken`.
    """
    kept, broken = _usable(figures, list(relations))
    unknown_of, rows = _merged(figures, kept)
    count = max(unknown_of.values(), default=-1) + 1
    values, costs = np.zeros(count, dtype=np.int64), np.zeros(count)
    for cell, unknown in unknown_of.items():
        values[unknown] = figures.value(cell)
        costs[unknown] += _cost(cell)
    # Small counts tend to lie among withheld ones, so withholding them draws less after it.
    costs *= np.log(2 + values)
    rows_of: list[list[int]] = [[] for _ in range(count)]
    for number, row in enumerate(rows):
        for unknown in row.unknowns:
            rows_of[unknown].append(number)
    slacks = [sum(f * int(values[u]) for u, f in zip(r.unknowns, r.factors, strict=True)) for r in rows]
    return System(
        unknown_of, values, costs, rows, broken, np.array(slacks, dtype=np.int64), tuple(map(tuple, rows_of))
    )


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


def _usable(figures: Figures, relations: list[Relation]) -> tuple[list[Relation], tuple[str, ...]]:
    """Return the relations that the numbers bear out, and the names of certain ones that they break."""
    kept, broken = [], set()
    for relation in relations:
        residual = figures.residual(relation)
        if not residual or (residual > 0 and not relation.equal):
            kept.append(relation)
        elif relation.certain:
            broken.add(relation.name)
    return kept, tuple(sorted(broken))


def _merged(figures: Figures, relations: list[Relation]) -> tuple[dict[Cell, int], tuple[Row, ...]]:
    cells = [cell for cell, value in figures.values.items() if value]
    parent = list(range(len(cells)))
    number = {cell: i for i, cell in enumerate(cells)}

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    def reduced(terms: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
        sums: dict[int, int] = {}
        for factor, i in terms:
            sums[root(i)] = sums.get(root(i), 0) + factor
        return tuple((f, i) for i, f in sorted(sums.items()) if f)

    open_rows = [
        (tuple((f, number[cell]) for f, cell in r.terms if cell in number), r.equal) for r in relations
    ]
    merging = True
    while merging:
        merging, remaining = False, []
        for terms, is_equal in open_rows:
            small = reduced(terms)
            if is_equal and sorted(f for f, _ in small) == [-1, 1]:
                parent[small[0][1]] = small[1][1]
                merging = True
            elif small:
                remaining.append((small, is_equal))
        open_rows = remaining
    unknowns = {i: n for n, i in enumerate(sorted({root(i) for i in range(len(cells))}))}
    rows = {
        Row(tuple(unknowns[i] for _, i in small), tuple(f for f, _ in small), is_equal)
        for terms, is_equal in open_rows
        if (small := reduced(terms))
    }
    return {cell: unknowns[root(i)] for cell, i in number.items()}, tuple(sorted(rows, key=_row_order))


def _row_order(row: Row) -> tuple[bool, tuple[int, ...], tuple[int, ...]]:
    return (not row.equal, row.unknowns, row.factors)
