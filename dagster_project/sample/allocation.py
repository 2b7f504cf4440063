"""Whole numbers out of shares: fair rounding and tables with both margins exact; nothing here is random."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dagster_project.sample.targets import SampleTargetMissedError


def largest_remainder(total: int, weights: Sequence[float]) -> list[int]:
    """`total` split in proportion to the weights, each part rounded so that the sum holds."""
    scale = total / sum(weights)
    parts = [int(weight * scale) for weight in weights]
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - weights[i] * scale, i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts


def integer_table(
    rows: Mapping[str, int], columns: Mapping[str, int], affinity: Mapping[str, Mapping[str, float]]
) -> dict[tuple[str, str], int]:
    """A table of counts with exactly these row and column totals, shaped after the affinity (1 where unnamed).

    Iterative proportional fitting gives the shape; its fractions are handed out largest first, and what is
    left at the end is filled in where both a row and a column still lack something.
    """
    if sum(rows.values()) != sum(columns.values()):
        raise SampleTargetMissedError("row and column totals differ")
    rows = {name: total for name, total in rows.items() if total}
    columns = {name: total for name, total in columns.items() if total}
    fitted = _fit(rows, columns, affinity)
    table = {cell: int(value) for cell, value in fitted.items()}
    row_left = {r: n - sum(v for (a, _), v in table.items() if a == r) for r, n in rows.items()}
    column_left = {c: n - sum(v for (_, b), v in table.items() if b == c) for c, n in columns.items()}
    by_fraction = sorted(fitted, key=lambda cell: (int(fitted[cell]) - fitted[cell], cell))
    for most in (1, max([*rows.values(), 1])):
        for row, column in by_fraction:
            added = min(most, row_left[row], column_left[column])
            table[row, column] += added
            row_left[row] -= added
            column_left[column] -= added
    return {cell: count for cell, count in table.items() if count}


def _fit(
    rows: Mapping[str, int], columns: Mapping[str, int], affinity: Mapping[str, Mapping[str, float]]
) -> dict[tuple[str, str], float]:
    cells = {(r, c): float(affinity.get(r, {}).get(c, 1.0)) for r in rows for c in columns}
    for _ in range(60):
        for row, total in rows.items():
            scale = total / sum(cells[row, c] for c in columns)
            cells.update({(row, c): cells[row, c] * scale for c in columns})
        for column, total in columns.items():
            scale = total / sum(cells[r, column] for r in rows)
            cells.update({(r, column): cells[r, column] * scale for r in rows})
    # A hair above, so that 12.0 that came out as 11.9999999 stays 12.
    return {cell: value + 1e-6 for cell, value in cells.items()}


def parts_of_percents(
    total: int, hits: int, percents: Sequence[tuple[float, float]], largest: Sequence[int]
) -> list[tuple[int, int]]:
    """Sizes and hits of parts that add up to `total` and `hits`, each with its percent within its tolerance.

    `percents` are (percent, tolerance), `largest` the greatest size of each part. Of all ways the one whose
    percents lie best within their tolerances. Raises SampleTargetMissedError where there is none.
    """
    options = [
        [
            (size, hit, 1 - abs(100 * hit / size - percent) / tolerance)
            for size in range(1, most + 1)
            for hit in range(size + 1)
            if abs(100 * hit / size - percent) < tolerance
        ]
        for (percent, tolerance), most in zip(percents, largest, strict=True)
    ]
    best: dict[tuple[int, int], tuple[float, list[tuple[int, int]]]] = {(0, 0): (1.0, [])}
    for choices in options:
        grown: dict[tuple[int, int], tuple[float, list[tuple[int, int]]]] = {}
        for (size, hit), (margin, chosen) in best.items():
            for more, hit_more, more_margin in choices:
                key, value = (size + more, hit + hit_more), min(margin, more_margin)
                if key[0] <= total and key[1] <= hits and value > grown.get(key, (-1.0, []))[0]:
                    grown[key] = (value, [*chosen, (more, hit_more)])
        best = grown
    if (total, hits) not in best:
        raise SampleTargetMissedError(f"no parts of {total} with {hits} hits have percents {list(percents)}")
    return best[total, hits][1]
