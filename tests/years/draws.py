"""Seeded draws: an independent stream for each purpose, so that a change in one leaves the others as they were."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd


def stream(seed: int, *purpose: object) -> np.random.Generator:
    """The random generator of one purpose."""
    return np.random.default_rng([seed, zlib.crc32("/".join(map(str, purpose)).encode())])


def choose(rng: np.random.Generator, shares: Mapping[Any, float], size: int) -> np.ndarray:
    """So many codes, drawn by their shares."""
    weights = np.array(list(shares.values()), dtype=float)
    codes = np.array(list(shares), dtype=object)
    return codes[rng.choice(len(codes), size, p=weights / weights.sum())]


def days_after(days: pd.Series | pd.DatetimeIndex, number: np.ndarray) -> pd.Series:
    """Each day, so many days later."""
    return pd.Series(pd.DatetimeIndex(days) + pd.to_timedelta(number, unit="D"))


def on_weekdays(days: pd.Series) -> pd.Series:
    """Each day, or the Friday before it where it falls on a weekend."""
    return days - pd.to_timedelta((days.dt.day_of_week - 4).clip(lower=0), unit="D")
