"""How far an observation lies from its baseline, in standard deviations that know chance and ordinary variation.

Pure functions on arrays. A standard deviation here has two parts: what chance does to counts of this size, and
what ordinarily differs from delivery to delivery (`spread`). So a county of 250 cases a year and one of 4,000 are
judged by the same limits.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

Array = npt.NDArray[np.floating[Any]]
MOST_ALIKE = 0.1


def share_score(part: Array, whole: Array, base_part: Array, base_whole: Array, spread: Array) -> Array:
    """Distance of the share part / whole from the share of the baseline."""
    share, base = part / whole, base_part / base_whole
    # Half a row more and less: a share of exactly 0 or 1 has no chance variation otherwise.
    pooled = (base_part + 0.5) / (base_whole + 1)
    chance = pooled * (1 - pooled) * (1 / whole + 1 / base_whole)
    return (share - base) / np.sqrt(chance + spread**2)


def mean_score(
    mean: Array, deviation: Array, count: Array, base_mean: Array, base_count: Array, spread: Array
) -> Array:
    """Distance of a mean from the mean of the baseline; `deviation` is that of single values."""
    chance = deviation**2 * (1 / count + 1 / base_count)
    return (mean - base_mean) / np.sqrt(chance + spread**2)


def count_score(count: Array, expected: Array, spread: Array) -> Array:
    """Distance of a count from the one expected; `spread` is relative to it."""
    return (count - expected) / np.sqrt(np.maximum(expected, 1) + (spread * expected) ** 2)


def correlation_within(base: Array, usual: float) -> float:
    """How much rows of one delivery are alike, from the deliveries of a baseline (`base`: delivery x code).

    Method of moments, drawn towards `usual` where there are few deliveries.
    """
    sizes, shares = base.sum(axis=1, keepdims=True), base.sum(axis=0) / base.sum()
    used = shares > 0
    free = (len(base) - 1) * (used.sum() - 1)
    if free < 1:
        return usual
    spread = (sizes * (base / sizes - shares)[:, used] ** 2 / shares[used]).sum() / free
    found = (spread - 1) / max(float(sizes.mean()) - 1, 1.0)
    return float((len(base) * np.clip(found, 0, MOST_ALIKE) + 2 * usual) / (len(base) + 2))


def distribution_score(counts: Array, base: Array, correlation: float) -> float:
    """Distance of `counts` by code from a baseline (delivery x code).

    A chi-squared statistic, deflated for rows of one delivery that are alike (`correlation`), as the standard
    normal deviate of the same chance.
    """
    n, m, codes = counts.sum(), base.sum(), len(counts)
    if codes < 2:
        return 0.0
    pooled = (counts + base.sum(axis=0) + 0.5) / (n + m + 0.5 * codes)
    variance = pooled * ((1 + (n - 1) * correlation) / n + 1 / m + correlation / len(base))
    statistic = float(((counts / n - base.sum(axis=0) / m) ** 2 / variance).sum())
    return float(-special.ndtri(max(special.chdtrc(codes - 1, statistic), 1e-300)))


def distribution_change(counts: Array, base_counts: Array) -> float:
    """Share of rows, from 0 to 1, that have moved between codes (total variation distance)."""
    return float(np.abs(counts / counts.sum() - base_counts / base_counts.sum()).sum() / 2)
