"""The local rule: within one equality, the withheld counts must leave each other room.

It looks at one row at a time and is cheap; what only several rows together give away is found by the linear
programs of polytope.py.
"""

from dagster_project.disclosure.system import Bools, Row, System


def apply_local_rule(system: System, withheld: Bools, threshold: int) -> None:
    """Withhold more, in place, until no single equality narrows a withheld count below k values."""
    waiting = [n for n, row in enumerate(system.rows) if row.equal]
    while waiting:
        row = system.rows[waiting.pop()]
        while _too_narrow(system, withheld, row, threshold):
            chosen = cheapest(system, withheld, [u for u in row.unknowns if not withheld[u]])
            if chosen is None:
                break
            withheld[chosen] = True
            waiting.extend(n for n in system.rows_of[chosen] if system.rows[n].equal)


def _too_narrow(system: System, withheld: Bools, row: Row, threshold: int) -> bool:
    """Tell whether the withheld counts of a row all pull one way and share too little."""
    free = [(u, f) for u, f in zip(row.unknowns, row.factors, strict=True) if withheld[u]]
    if not free or len({f > 0 for _, f in free}) > 1:
        return False
    room = sum(abs(f) * (int(system.values[u]) - 1) for u, f in free)
    return any(room // abs(f) + 1 < threshold for _, f in free)


def exposure(system: System, withheld: Bools, unknown: int) -> int:
    """Return how many equalities would have this count as their only withheld one."""
    return sum(
        1
        for n in system.rows_of[unknown]
        if system.rows[n].equal and not any(withheld[u] for u in system.rows[n].unknowns if u != unknown)
    )


def cheapest(system: System, withheld: Bools, candidates: list[int]) -> int | None:
    """Return the count whose withholding costs least, with what it will draw after it; None of none."""
    return min(
        candidates,
        key=lambda u: (system.costs[u] * (1 + exposure(system, withheld, u)), int(system.values[u]), u),
        default=None,
    )
