"""Shares of a delivery against those of its baseline."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from dagster_project.quality.drift.baseline import GROUP
from dagster_project.quality.drift.measures import Measure
from dagster_project.quality.drift.statistics import Array, share_score

ENOUGH = 5
"""Expected rows from which a share of one baseline delivery says something by itself."""
NO_HISTORY = 20
"""Rows that a share stands for which is expected of a first delivery."""


def compare_shares(judged: pd.DataFrame, base: pd.DataFrame, measures: Mapping[str, Measure]) -> pd.DataFrame:
    """One row per judged share: part, whole, base_part, base_whole, change (of the share), score, expected_low."""
    names = [n for n, m in measures.items() if m.kind == "share"]
    own = judged[judged["measure"].isin(names)].rename(columns={"delivery_id": "judged_id"})
    found = own.merge(_pooled(base[base["measure"].isin(names)]), how="left", on=GROUP)
    expected = found["measure"].map({n: measures[n].without_baseline for n in names}).astype(float)
    first = found["base_whole"].isna()
    found["base_whole"] = found["base_whole"].fillna(NO_HISTORY)
    found["base_part"] = found["base_part"].where(~first, expected * NO_HISTORY)
    found = found[found["base_part"].notna()]
    spread = np.maximum(_floors(found, measures), found["between"].fillna(0).to_numpy(float))
    found["score"] = share_score(
        found["part"].to_numpy(float),
        found["whole"].to_numpy(float),
        found["base_part"].to_numpy(float),
        found["base_whole"].to_numpy(float),
        spread,
    )
    found["change"] = found["part"] / found["whole"] - found["base_part"] / found["base_whole"]
    found["expected_low"] = found["whole"] * found["lowest"].fillna(0)
    return found


def _floors(found: pd.DataFrame, measures: Mapping[str, Measure]) -> Array:
    return found["measure"].map({name: measure.spread for name, measure in measures.items()}).to_numpy(float)


def _pooled(base: pd.DataFrame) -> pd.DataFrame:
    """Baseline of each share: rows together, excess variation between deliveries, lowest share of one delivery."""
    each = base.groupby([*GROUP, "delivery_id"], as_index=False)[["part", "whole"]].sum()
    total = each.groupby(GROUP)[["part", "whole"]].transform("sum")
    pooled = total["part"] / total["whole"]
    share = each["part"] / each["whole"]
    each["lowest"] = share.where(each["whole"] * pooled >= ENOUGH)
    each["squares"] = each["whole"] * (share - pooled) ** 2
    each["chance"] = pooled * (1 - pooled)
    found = each.groupby(GROUP, as_index=False).agg(
        base_part=("part", "sum"),
        base_whole=("whole", "sum"),
        base_count=("part", "size"),
        lowest=("lowest", "min"),
        squares=("squares", "sum"),
        chance=("chance", "sum"),
    )
    # Method of moments: what varies beyond chance.
    excess = (found["squares"] - found["chance"]) / found["base_whole"]
    found["between"] = np.sqrt(excess.clip(lower=0))
    alone = found["base_count"] == 1
    found.loc[alone, "lowest"] = found["lowest"] / 2
    return found.drop(columns=["squares", "chance"])
