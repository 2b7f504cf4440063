"""Everything a reader of the shown counts must hold possible, as a linear program over the withheld ones.

Holds the only use of HiGHS in the withholding: bounds of a withheld count and the proof of a bound.
"""

from dataclasses import dataclass

import highspy
import numpy as np

from dagster_project.disclosure.system import Bools, Floats, Ints, System

TINY = 1e-7


@dataclass(frozen=True)
class Bound:
    """An extreme point, and the shown unknowns whose values prove that no point goes further."""

    point: Floats
    proof: frozenset[int]


class Polytope:
    """The points within `reach` of the true values that satisfy every row; withheld counts are at least 1.

    A point of it is possible, so what it finds possible is; what lies beyond the reach is not looked for.
    """

    def __init__(self, system: System, withheld: Bools, reach: int) -> None:
        self._system = system
        self.free: Ints = np.flatnonzero(withheld)
        self.place = {int(u): i for i, u in enumerate(self.free)}
        self.truth = system.values[self.free].astype(np.float64)
        self.low = np.maximum(1.0, self.truth - reach)
        self.high = self.truth + reach
        self._rows = [n for n in sorted({n for u in self.free for n in system.rows_of[u]}) if self._binds(n, reach)]
        self._solver = self._load()
        self._none = np.zeros(len(self.free))
        self._all = np.arange(len(self.free), dtype=np.int32)

    def _binds(self, number: int, reach: int) -> bool:
        row = self._system.rows[number]
        if row.equal:
            return True
        slack = sum(f * int(self._system.values[u]) for u, f in zip(row.unknowns, row.factors, strict=True))
        return slack < sum(abs(f) * reach for u, f in zip(row.unknowns, row.factors, strict=True) if u in self.place)

    def _load(self) -> highspy.Highs:
        starts, columns, factors, lower, upper = [0], [], [], [], []
        for number in self._rows:
            row = self._system.rows[number]
            shown = 0
            for unknown, factor in zip(row.unknowns, row.factors, strict=True):
                if unknown in self.place:
                    columns.append(self.place[unknown])
                    factors.append(float(factor))
                else:
                    shown += factor * int(self._system.values[unknown])
            starts.append(len(columns))
            lower.append(float(-shown))
            upper.append(float(-shown) if row.equal else highspy.kHighsInf)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.free), len(self._rows)
        model.col_cost_, model.col_lower_, model.col_upper_ = np.zeros(len(self.free)), self.low, self.high
        model.row_lower_, model.row_upper_ = np.array(lower), np.array(upper)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.array(starts, dtype=np.int32)
        model.a_matrix_.index_ = np.array(columns, dtype=np.int32)
        model.a_matrix_.value_ = np.array(factors)
        solver = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("presolve", "off")):
            solver.setOptionValue(option, value)
        solver.passModel(model)
        return solver

    def solve(self, objective: Floats) -> Floats:
        """Return a vertex that minimises the objective; ArithmeticError when HiGHS finds none."""
        self._solver.changeColsCost(len(self.free), self._all, objective)
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise ArithmeticError("HiGHS found no optimum of a program that the true counts satisfy")
        return np.array(self._solver.getSolution().col_value)

    def bound(self, unknown: int, direction: int) -> Bound:
        """Return how far a withheld count can go up (direction 1) or down (-1), and what proves it."""
        objective = self._none.copy()
        objective[self.place[unknown]] = -float(direction)
        return Bound(self.solve(objective), self._proof())

    def _proof(self) -> frozenset[int]:
        pull: dict[int, float] = {}
        for dual, number in zip(self._solver.getSolution().row_dual, self._rows, strict=True):
            if abs(dual) > TINY:
                row = self._system.rows[number]
                for unknown, factor in zip(row.unknowns, row.factors, strict=True):
                    if unknown not in self.place:
                        pull[unknown] = pull.get(unknown, 0.0) + dual * factor
        return frozenset(u for u, strength in pull.items() if abs(strength) > TINY)
