"""Moves: whole-number changes of several counts at once that keep every relation.

Holds the only use of HiGHS in the withholding: it finds the cheapest move of a count. Which moves are wanted,
and what they prove, is in withholding.py and evidence.py.
"""

import highspy
import numpy as np
import numpy.typing as npt

from dagster_project.disclosure.system import Floats, Move, System
from dagster_project.disclosure.terms import Ints

NEAR = 1e-6
MOST_NODES = (
    100  # of one search in whole numbers; a limit in seconds would make releases depend on the machine
)
OPTIONS = (
    ("output_flag", False),
    ("threads", 1),
    ("presolve", "off"),
    ("mip_max_nodes", MOST_NODES),
    # A search for any solution takes longer here than finding the cheapest.
    ("mip_heuristic_run_feasibility_jump", False),
)
Indices = npt.NDArray[np.int32]


class MoveFinder:
    """Finds the cheapest move that changes one count by a given step, among some of the unknowns.

    A count stays at least 1, and none moves further than `reach`: what is found is possible, what lies beyond
    is not looked for. A `patient` finder searches on where the cheapest move is in fractions.
    """

    def __init__(self, system: System, unknowns: Ints, reach: int) -> None:
        self._unknowns, self._count = unknowns, len(unknowns)
        self._place = {int(u): i for i, u in enumerate(unknowns)}
        down = np.minimum(system.values[unknowns] - 1, reach).astype(np.float64)
        self._highest = np.concatenate([np.full(self._count, float(reach)), down])
        self._upper = self._highest.copy()
        self.patient = True
        self._columns: Indices = np.arange(2 * self._count, dtype=np.int32)
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in OPTIONS:
            self._solver.setOptionValue(option, value)
        self._solver.passModel(_model(system, self._place, self._highest, reach))

    def set_costs(self, costs: Floats) -> None:
        """Set what one unit of change of each unknown of the system costs, up or down."""
        own = costs[self._unknowns]
        self._solver.changeColsCost(2 * self._count, self._columns, np.concatenate([own, own]))

    def allow(self, unknown: int, *, free: bool) -> None:
        """Let one count move from now on, or hold it still."""
        for column in self._ways(unknown):
            self._upper[column] = self._highest[column] if free else 0.0
            self._solver.changeColBounds(column, 0.0, float(self._upper[column]))

    def cheapest(self, unknown: int, step: int) -> Move | None:
        """Return the cheapest move that changes the count by `step`; None where HiGHS finds no whole-number one."""
        moving, still = self._ways(unknown) if step > 0 else reversed(self._ways(unknown))
        if abs(step) > self._upper[moving]:
            return None
        self._solver.changeColBounds(moving, float(abs(step)), float(abs(step)))
        self._solver.changeColBounds(still, 0.0, 0.0)
        # From the empty basis a short move takes few pivots; from the last one it takes many.
        self._solver.clearSolver()
        self._solver.run()
        found = self._read()
        if (
            found is None
            and self.patient
            and self._solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        ):
            found = self._whole()
        for column in (moving, still):
            self._solver.changeColBounds(column, 0.0, float(self._upper[column]))
        return found

    def _whole(self) -> Move | None:
        """Look for a move in whole numbers where the best one is in fractions: rare, and slow."""
        size = 2 * self._count
        self._solver.changeColsIntegrality(size, self._columns, np.full(size, highspy.HighsVarType.kInteger))
        self._solver.setOptionValue("presolve", "on")
        self._solver.run()
        found = self._read()
        self._solver.setOptionValue("presolve", "off")
        self._solver.changeColsIntegrality(
            size, self._columns, np.full(size, highspy.HighsVarType.kContinuous)
        )
        return found

    def _ways(self, unknown: int) -> tuple[int, int]:
        """Return the columns of a count's way up and its way down."""
        return self._place[unknown], self._place[unknown] + self._count

    def _read(self) -> Move | None:
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        values = np.array(self._solver.getSolution().col_value)
        steps = values[: self._count] - values[self._count :]
        whole = np.rint(steps)
        if np.abs(steps - whole).max() > NEAR:
            return None
        moved = np.flatnonzero(whole)
        return Move(self._unknowns[moved], whole[moved].astype(np.int64))


def _model(system: System, place: dict[int, int], highest: Floats, reach: int) -> highspy.HighsLp:
    """One column per unknown for its way up, one for its way down; a row keeps what slack it has."""
    starts: list[int] = [0]
    columns: list[int] = []
    factors: list[int] = []
    lower: list[float] = []
    upper: list[float] = []
    for number in sorted({n for unknown in place for n in system.rows_of[unknown]}):
        row, slack = system.rows[number], int(system.slacks[number])
        moving = [(place[u], f) for u, f in zip(row.unknowns, row.factors, strict=True) if u in place]
        if not row.equal and slack >= reach * sum(abs(f) for _, f in moving):
            continue
        for sign, offset in ((1, 0), (-1, len(place))):
            columns.extend(i + offset for i, _ in moving)
            factors.extend(sign * f for _, f in moving)
        starts.append(len(columns))
        lower.append(float(-slack))
        upper.append(0.0 if row.equal else highspy.kHighsInf)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = 2 * len(place), len(lower)
    model.col_cost_ = np.ones(2 * len(place))
    model.col_lower_, model.col_upper_ = np.zeros(2 * len(place)), highest
    model.row_lower_, model.row_upper_ = np.array(lower), np.array(upper)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.array(starts, dtype=np.int32)
    model.a_matrix_.index_ = np.array(columns, dtype=np.int32)
    model.a_matrix_.value_ = np.array(factors, dtype=np.float64)
    return model
