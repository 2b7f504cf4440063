"""The primary rule: which counts are withheld for themselves, because they or what they leave are small."""

import numpy as np

from dagster_project.disclosure.figures import Cell, Figures
from dagster_project.disclosure.spec import Offer
from dagster_project.disclosure.system import Bools, System


def primary(figures: Figures, system: System, offer: Offer, threshold: int) -> Bools:
    """Return per unknown whether it is 1 … k−1, or leaves 1 … k−1 of a shown whole that it is a part of."""
    withheld = (system.values > 0) & (system.values < threshold)
    for part, whole in _parts(figures, offer):
        rest = figures.value(whole) - figures.value(part)
        if part not in system.unknown_of or whole not in system.unknown_of or not 0 < rest < threshold:
            continue
        a, b = system.unknown_of[part], system.unknown_of[whole]
        if not withheld[a] and not withheld[b]:
            withheld[a if system.costs[a] <= system.costs[b] else b] = True
    return np.asarray(withheld, dtype=np.bool_)


def _parts(figures: Figures, offer: Offer) -> list[tuple[Cell, Cell]]:
    within = {(t.name, column): c.within for t in offer.people for column, c in t.counts.items() if c.within}
    found = []
    for cell in figures.values:
        whole = within.get((cell.table, cell.column))
        if whole:
            found.append((cell, cell._replace(column=whole)))
    return found
