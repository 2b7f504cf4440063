"""Distributions of codes against those of the baseline: how they moved, and which code is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from dagster_project.quality.drift.baseline import GROUP
from dagster_project.quality.drift.measures import Measure
from dagster_project.quality.drift.statistics import (
    Array,
    correlation_within,
    distribution_change,
    distribution_score,
)

_NAMED = 3
_LEAST_DELIVERIES = 2


def compare_codes(judged: pd.DataFrame, base: pd.DataFrame, measures: Mapping[str, Measure]) -> pd.DataFrame:
    """Per judged column of codes one row `code`, and one `missing_code` for each code of the baseline that it lacks.

    `change` is the share of rows that moved, `expected_low` what the poorest delivery of the baseline lets one expect.
    """
    own = judged[judged["measure"] == "code"].rename(columns={"delivery_id": "judged_id"})
    now = {group: codes.set_index("code")["part"] for group, codes in own.groupby(GROUP)}
    rows: list[dict[str, object]] = []
    for group, then in base[base["measure"] == "code"].groupby(GROUP):
        if group in now:
            rows += _compare(dict(zip(GROUP, group, strict=True)), now[group], then, measures["code"].spread)
    return pd.DataFrame(rows)


def _compare(
    place: Mapping[str, object], now: pd.Series[float], then: pd.DataFrame, usual: float
) -> Iterator[dict[str, object]]:
    table = then.pivot_table(
        index="delivery_id", columns="code", values="part", aggfunc="sum", fill_value=0.0
    )
    table = table.reindex(columns=table.columns.union(now.index), fill_value=0.0)
    counts = now.reindex(table.columns, fill_value=0.0).to_numpy(float)
    base = table.to_numpy(float)
    totals = base.sum(axis=0)
    common = {**place, "whole": counts.sum(), "base_whole": totals.sum()}
    yield {
        **common,
        "part": 0.0,
        "change": distribution_change(counts, totals),
        "score": distribution_score(counts, base, correlation_within(base, usual)),
        "movers": _movers(list(table.columns), counts, totals),
    }
    lowest = (
        (base / base.sum(axis=1, keepdims=True)).min(axis=0) if len(base) >= _LEAST_DELIVERIES else 0 * totals
    )
    for code, count, share, least in zip(table.columns, counts, totals / totals.sum(), lowest, strict=True):
        if not count and share:
            yield {
                **common,
                "measure": "missing_code",
                "part": 0.0,
                "change": -share,
                "expected": counts.sum() * share,
                "expected_low": counts.sum() * least,
                "movers": code,
            }


def _movers(codes: list[str], counts: Array, base_counts: Array) -> str:
    shares, base = 100 * counts / counts.sum(), 100 * base_counts / base_counts.sum()
    largest = np.argsort(-np.abs(shares - base))[:_NAMED]
    return ", ".join(f"{codes[i]} {shares[i]:.0f} %, usually {base[i]:.0f} %" for i in largest)
