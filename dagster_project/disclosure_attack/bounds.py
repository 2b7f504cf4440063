"""Bounds every withheld count by linear programs over the rules, and looks for whole numbers between.

The only use of HiGHS in the attack.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import highspy
import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from dagster_project.disclosure_attack.notation import Rule
from dagster_project.disclosure_attack.reading import Count

CLOSE = 1e-6
FAR = 1e6
# Searches in whole numbers end after so many nodes, and a part has so many of them: not after some time, which
# would let the same release pass on one machine and fail on another.
MOST_NODES = 50
MOST_SEARCHES = 40
OPTIONS = (("output_flag", False), ("threads", 1), ("presolve", "off"), ("mip_max_nodes", MOST_NODES))
Floats = npt.NDArray[np.float64]


@dataclass
class Interval:
    """What a withheld count may be: its bounds and the whole numbers that a solution was found for.

    `undecided` numbers within the bounds were neither found possible nor ruled out.
    """

    low: int
    high: int
    seen: set[int] = field(default_factory=set)
    undecided: int = 0

    @property
    def width(self) -> int:
        """Whole numbers between the bounds."""
        return self.high - self.low + 1


@dataclass(frozen=True)
class Linear:
    """Σ factor × unknown = constant, or ≥ constant."""

    text: str
    factors: tuple[tuple[int, float], ...]
    constant: float
    equal: bool


@dataclass(frozen=True)
class Problem:
    """The rules as rows over the unknowns of one county; equal counts share an unknown."""

    unknown_of: dict[Count, int]
    rows: list[Linear]
    contradictions: list[Rule]


def state(rules: Iterable[Rule], shown: dict[Count, int], withheld: set[Count]) -> Problem:
    """State the rules with the shown counts filled in; a count that is neither reads as zero."""
    listed = [(rule, _gathered(rule, shown, withheld)) for rule in rules]
    name = {count: count for count in withheld}

    def known_as(count: Count) -> Count:
        while name[count] != count:
            name[count] = name[name[count]]
            count = name[count]
        return count

    for rule, (factors, constant) in listed:
        if rule.equal and not constant and sorted(factors.values()) == [-1.0, 1.0]:
            first, second = factors
            name[known_as(first)] = known_as(second)
    numbers: dict[Count, int] = {}
    unknown_of = {count: numbers.setdefault(known_as(count), len(numbers)) for count in sorted(withheld)}
    rows: dict[tuple[object, ...], Linear] = {}
    contradictions = []
    for rule, (factors, constant) in listed:
        row = _row(rule, factors, constant, unknown_of)
        if row.factors:
            rows[(row.factors, row.constant, row.equal)] = row
        elif abs(constant) > CLOSE if rule.equal else constant > CLOSE:
            contradictions.append(rule)
    return Problem(unknown_of, list(rows.values()), contradictions)


def _gathered(rule: Rule, shown: dict[Count, int], withheld: set[Count]) -> tuple[dict[Count, float], float]:
    factors: dict[Count, float] = {}
    constant = 0.0
    for factor, count in rule.terms:
        if count in withheld:
            factors[count] = factors.get(count, 0.0) + factor
        else:
            constant -= factor * shown.get(count, 0)
    return factors, constant


def _row(rule: Rule, factors: dict[Count, float], constant: float, unknown_of: dict[Count, int]) -> Linear:
    sums: dict[int, float] = {}
    for count, factor in factors.items():
        sums[unknown_of[count]] = sums.get(unknown_of[count], 0.0) + factor
    kept = tuple(sorted((unknown, factor) for unknown, factor in sums.items() if factor))
    return Linear(rule.text, kept, constant, rule.equal)


def components(problem: Problem) -> list[tuple[list[int], list[Linear]]]:
    """Split the problem into parts that no rule ties together."""
    size = len(set(problem.unknown_of.values()))
    pairs = [(row.factors[0][0], unknown) for row in problem.rows for unknown, _ in row.factors]
    left, right = zip(*pairs, strict=True) if pairs else ((), ())
    graph = coo_matrix((np.ones(len(pairs)), (left, right)), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    parts: dict[int, tuple[list[int], list[Linear]]] = {}
    for unknown in range(size):
        parts.setdefault(int(label[unknown]), ([], []))[0].append(unknown)
    for row in problem.rows:
        parts[int(label[row.factors[0][0]])][1].append(row)
    return list(parts.values())


class Part:
    """One part of a problem in HiGHS."""

    def __init__(self, unknowns: list[int], rows: list[Linear]) -> None:
        self.unknowns = unknowns
        self._place = {unknown: i for i, unknown in enumerate(unknowns)}
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in OPTIONS:
            self._solver.setOptionValue(option, value)
        for _ in unknowns:
            self._solver.addVar(1.0, FAR)
        for row in rows:
            places = np.array([self._place[u] for u, _ in row.factors], dtype=np.int32)
            factors = np.array([f for _, f in row.factors])
            upper = row.constant if row.equal else highspy.kHighsInf
            self._solver.addRow(row.constant, upper, len(places), places, factors)
        self._seen: list[set[int]] = [set() for _ in unknowns]
        self._searches = MOST_SEARCHES

    def intervals(self, enough: int) -> dict[int, Interval] | None:
        """Return what each unknown may be, None where the shown counts contradict each other."""
        found = {}
        for unknown in self.unknowns:
            low, high = self._extreme(unknown, 1.0), self._extreme(unknown, -1.0)
            if low is None or high is None:
                return None
            found[unknown] = Interval(int(np.ceil(low - CLOSE)), int(np.floor(high + CLOSE)))
        for unknown, interval in found.items():
            interval.seen = self._seen[self._place[unknown]]
            if interval.width >= enough:
                self._fill(unknown, interval, enough)
        return found

    def _extreme(self, unknown: int, sign: float) -> float | None:
        place = self._place[unknown]
        self._solver.changeColCost(place, sign)
        point = self._solution()
        self._solver.changeColCost(place, 0.0)  # forgets the status and the solution, not the basis
        return None if point is None else float(point[place])

    def _solution(self) -> Floats | None:
        """Return what the solver finds, keeping every solution in whole numbers; None where there is none."""
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        point = np.array(self._solver.getSolution().col_value)
        whole = np.rint(point)
        if np.abs(point - whole).max() < CLOSE:
            for seen, value in zip(self._seen, whole, strict=True):
                seen.add(int(value))
        return point

    def _fill(self, unknown: int, interval: Interval, enough: int) -> None:
        """Look for solutions in whole numbers until the count has enough values, or all are tried."""
        place = self._place[unknown]
        for value in range(interval.low, interval.high + 1):
            if len(interval.seen) >= enough or value > interval.low + 4 * enough:
                break
            if value in interval.seen:
                continue
            self._solver.changeColBounds(place, float(value), float(value))
            if self._solution() is not None and value not in interval.seen:
                interval.undecided += not self._decided_in_whole_numbers()
            self._solver.changeColBounds(place, 1.0, FAR)
        interval.undecided += interval.high > interval.low + 4 * enough

    def _decided_in_whole_numbers(self) -> bool:
        """Search in whole numbers; tell whether the search found a solution or that there is none."""
        if not self._searches:
            return False
        self._searches -= 1
        size = len(self.unknowns)
        columns = np.arange(size, dtype=np.int32)
        self._solver.setOptionValue("presolve", "on")
        self._solver.changeColsIntegrality(size, columns, np.full(size, highspy.HighsVarType.kInteger))
        self._solution()
        status = self._solver.getModelStatus()
        self._solver.changeColsIntegrality(size, columns, np.full(size, highspy.HighsVarType.kContinuous))
        self._solver.setOptionValue("presolve", "off")
        return bool(status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible))
