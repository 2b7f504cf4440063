"""The primary rule: which counts are withheld for themselves, because they or what they leave are small."""

from collections import Counter

import numpy as np

from dagster_project.disclosure.figures import Cell, Figures
from dagster_project.disclosure.spec import Offer
from dagster_project.disclosure.system import System
from dagster_project.disclosure.terms import Bools


def primary(figures: Figures, system: System, offer: Offer, threshold: int) -> Bools:
    """Return per unknown whether it is 1 … k−1, or kept back so that no rest of 1 … k−1 can be subtracted.

    Of a whole and a part that leaves a small rest one is withheld: the one that settles most such pairs for
    what it costs.
    """
    withheld = np.asarray((system.values > 0) & (system.values < threshold), dtype=np.bool_)
    pairs = set()
    for part, whole in _parts(figures, offer):
        if 0 < figures.value(whole) - figures.value(part) < threshold and part in system.unknown_of:
            pairs.add((system.unknown_of[part], system.unknown_of[whole]))
    while pairs := {pair for pair in pairs if not withheld[list(pair)].any()}:
        settled = Counter(unknown for pair in pairs for unknown in pair)
        chosen = min(settled, key=lambda u: (system.costs[u] / settled[u], u))
        withheld[chosen] = True
    return withheld


def _parts(figures: Figures, offer: Offer) -> list[tuple[Cell, Cell]]:
    within = {(t.name, column): c.within for t in offer.people for column, c in t.counts.items() if c.within}
    found = []
    for cell in figures.values:
        whole = within.get((cell.table, cell.column))
        if whole:
            found.append((cell, cell._replace(column=whole)))
    return found
