"""Means of numbers and of days between dates, against those of the baseline."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from dagster_project.quality.drift.baseline import GROUP
from dagster_project.quality.drift.measures import Measure
from dagster_project.quality.drift.statistics import mean_score


def compare_means(judged: pd.DataFrame, base: pd.DataFrame, measures: Mapping[str, Measure]) -> pd.DataFrame:
    """One row per judged mean: mean, base_mean, change (days, or logarithm of the ratio), score."""
    names = {n: m.spread for n, m in measures.items() if m.kind in {"logarithm", "mean"}}
    own = judged[judged["measure"].isin(names) & judged["mean"].notna()]
    found = own.rename(columns={"delivery_id": "judged_id"}).merge(
        _pooled(base[base["measure"].isin(names)]), on=GROUP
    )
    floor = found["measure"].map(names).to_numpy(float)
    between = found["between"].to_numpy(float)
    within = np.maximum(found["spread"].fillna(0).to_numpy(float), found["within"].to_numpy(float))
    mean, base_mean = found["mean"].to_numpy(float), found["base_mean"].to_numpy(float)
    found["score"] = mean_score(
        mean,
        # Deliveries of single rows have no spread of their own: what they differ by is that of single values.
        np.hypot(within, between),
        found["part"].to_numpy(float),
        base_mean,
        found["base_part"].to_numpy(float),
        np.maximum(floor, between),
    )
    found["change"] = mean - base_mean
    return found


def _pooled(base: pd.DataFrame) -> pd.DataFrame:
    """Mean of each baseline, variation between its deliveries and within them."""
    rows = base[base["mean"].notna()]
    weighed = rows[GROUP].assign(
        base_part=rows["part"],
        total=rows["part"] * rows["mean"],
        squares=rows["part"] * rows["mean"] ** 2,
        deviations=rows["part"] * rows["spread"].fillna(0),
    )
    found = weighed.groupby(GROUP, as_index=False).sum()
    found["base_mean"] = found["total"] / found["base_part"]
    found["between"] = np.sqrt(
        (found["squares"] / found["base_part"] - found["base_mean"] ** 2).clip(lower=0)
    )
    found["within"] = found["deviations"] / found["base_part"]
    return found[[*GROUP, "base_part", "base_mean", "between", "within"]]
