"""Relations as one list of terms, so that a county's are summed and merged at once; which are withheld is not seen.

A term is a factor and a number: first that of a cell, after merging that of the cell's class.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from dagster_project.disclosure.figures import Cell, Pattern, Relation

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class Terms(NamedTuple):
    """One entry per term: the relation that it belongs to, its factor, and the number that it multiplies."""

    relations: Ints
    factors: Ints
    numbers: Ints

    def of(self, relations: Bools) -> "Terms":
        """Return the terms of some relations, which keep their numbers."""
        chosen = relations[self.relations]
        return Terms(*(part[chosen] for part in self))

    def sums(self, values: Ints, relations: int) -> Ints:
        """Return the sum of factor × value for each of so many relations."""
        return _added(self.relations, self.factors * values[self.numbers], relations)

    def gathered(self, classes: Ints) -> "Terms":
        """Return the terms by class in place of number: one per relation and class, sorted, none of factor 0."""
        keys, place = np.unique(self.relations * len(classes) + classes[self.numbers], return_inverse=True)
        factors = _added(place, self.factors, len(keys))
        relations, numbers = np.divmod(keys[factors != 0], len(classes))
        return Terms(relations, factors[factors != 0], numbers)


@dataclass(frozen=True)
class Listed:
    """Relations, those of patterns at every place of theirs, and the terms of each whose cell is numbered.

    `stated` holds for each of them the relation that it was stated as.
    """

    stated: tuple[Relation, ...]
    equal: Bools
    terms: Terms


def listed(cells: Sequence[Cell], relations: Iterable[Relation | Pattern]) -> Listed:
    """List relations over cells, numbered in this order; other cells are zero and left out."""
    places = _Places(cells)
    stated: list[Relation] = []
    parts: list[Terms] = []
    for at, group in groupby(relations, lambda r: r.places if isinstance(r, Pattern) else None):
        alike = [r.relation if isinstance(r, Pattern) else r for r in group]
        numbers = places.named(alike) if at is None else places.everywhere(alike, at)
        sizes = [len(relation.terms) for relation in alike]
        own = np.repeat(np.arange(len(alike)), sizes)
        factors = np.array([factor for relation in alike for factor, _ in relation.terms], dtype=np.int64)
        times = numbers.shape[1]
        numbered = len(stated) + own[:, None] * times + np.arange(times)
        stated.extend(relation for relation in alike for _ in range(times))
        there = numbers >= 0
        parts.append(
            Terms(numbered[there], np.broadcast_to(factors[:, None], numbers.shape)[there], numbers[there])
        )
    terms = Terms(*(np.concatenate(part) for part in zip(*parts, strict=True))) if parts else _NONE
    return Listed(tuple(stated), np.array([r.equal for r in stated], dtype=np.bool_), terms)


def _added(places: Ints, numbers: Ints, size: int) -> Ints:
    """Return the sums of the numbers by place; in fractions they are exact up to 2^53."""
    return np.bincount(places, numbers, size).astype(np.int64)


_NONE = Terms(*(np.zeros(0, dtype=np.int64) for _ in range(3)))


class _Places:
    """The numbers of cells, by what they count and by where."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self._number = {cell: i for i, cell in enumerate(cells)}
        self._counts: dict[tuple[str, str, tuple[str, ...]], int] = {}
        self._where: dict[tuple[str, str], int] = {}
        counts = [self._counts.setdefault((c.table, c.column, c.keys), len(self._counts)) for c in cells]
        where = [self._where.setdefault((c.period, c.area), len(self._where)) for c in cells]
        # The last row and the last column stand for what no cell has.
        self._grid = np.full((len(self._counts) + 1, len(self._where) + 1), -1, dtype=np.int64)
        self._grid[counts, where] = np.arange(len(cells))

    def named(self, relations: list[Relation]) -> Ints:
        """Return one row per term, of one column: the cell's number, or −1."""
        numbers = [self._number.get(cell, -1) for relation in relations for _, cell in relation.terms]
        return np.array(numbers, dtype=np.int64).reshape(-1, 1)

    def everywhere(self, patterns: list[Relation], places: tuple[tuple[str, str], ...]) -> Ints:
        """Return one row per term and one column per place: the cell's number there, or −1."""
        rows = [
            self._counts.get((cell.table, cell.column, cell.keys), -1)
            for pattern in patterns
            for _, cell in pattern.terms
        ]
        found: Ints = self._grid[np.ix_(rows, [self._where.get(place, -1) for place in places])]
        return found


def merged(terms: Terms, equal: Bools, count: int) -> Ints:
    """Return the class of each of `count` numbers: equal by relations, those become equal by others among them.

    A class bears its highest number.
    """
    classes = np.arange(count)
    while True:
        terms = terms.gathered(classes)
        sizes = np.bincount(terms.relations, minlength=len(equal))
        sums = _added(terms.relations, terms.factors, len(equal))
        spans = _added(terms.relations, np.abs(terms.factors), len(equal))
        pairs = terms.of(equal & (sizes == 2) & (sums == 0) & (spans == 2)).numbers.reshape(-1, 2)
        if not len(pairs):
            return classes
        graph = coo_matrix((np.ones(len(pairs)), pairs.T), shape=(count, count))
        _, label = connected_components(graph, directed=False)
        highest = np.zeros(count, dtype=np.int64)
        np.maximum.at(highest, label, np.arange(count))
        classes = highest[label[classes]]
