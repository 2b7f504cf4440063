"""Numbers of rows of a delivery against what its season lets one expect."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from dagster_project.quality.drift.baseline import Profiles
from dagster_project.quality.drift.measures import Measure
from dagster_project.quality.drift.statistics import count_score

YEAR = 12
TREND_MONTHS = 6
LARGEST_TREND = 2.0
QUIET = 0.25
"""Share of the usual that a month or a delivery may ordinarily fall to (a summer has a third)."""
RARELY_EMPTY = 0.1
LEAST_MONTHS = 3
LEAST_COUNTS = 2
ALIKE = (0.6, 1.7)
"""Ratio of two periods' days between which deliveries of a register are compared."""
Months = Mapping[pd.Period, float]
Row = dict[str, object]


@dataclass(frozen=True)
class Volume:
    """Rows of one delivery: all, and by month where its rows have a date."""

    delivery_id: str
    start: date
    end: date
    rows: float
    days: float
    by_month: dict[pd.Period, float] = field(default_factory=dict)

    @property
    def covered(self) -> list[pd.Period]:
        """The months of its period."""
        return list(pd.period_range(self.start, self.end, freq="M"))


@dataclass(frozen=True)
class Expected:
    """Rows expected of a delivery: at least and at most, and whether the year before says so."""

    low: float
    high: float
    is_seasonal: bool


def compare_volumes(profiles: Profiles, measures: Mapping[str, Measure]) -> pd.DataFrame:
    """One row `rows` per judged delivery with a baseline, and one `month` where months of it are empty."""
    volumes = _volumes(profiles.now)
    rows: list[Row] = []
    for judged_id, party, dataset in profiles.judged[["delivery_id", "party", "dataset"]].itertuples(
        index=False
    ):
        of_party = volumes[str(party), str(dataset)]
        own = of_party[str(judged_id)]
        before = [volume for volume in of_party.values() if volume.start < own.start]
        if any(volume.by_month for volume in of_party.values()):
            rows += _seasonal(own, before, measures)
        else:
            rows += _alike(own, before, measures["rows"])
    return pd.DataFrame(rows)


def _volumes(profile: pd.DataFrame) -> dict[tuple[str, str], dict[str, Volume]]:
    found: dict[tuple[str, str], dict[str, Volume]] = defaultdict(dict)
    for row in profile[profile["measure"] == "rows"].to_dict("records"):
        volume = Volume(row["delivery_id"], row["period_start"], row["period_end"], row["part"], row["whole"])
        found[row["party"], row["dataset"]][row["delivery_id"]] = volume
    for row in profile[profile["measure"] == "month"].to_dict("records"):
        found[row["party"], row["dataset"]][row["delivery_id"]].by_month[pd.Period(row["code"], "M")] = row[
            "part"
        ]
    return found


def _seasonal(own: Volume, before: Sequence[Volume], measures: Mapping[str, Measure]) -> Iterator[Row]:
    known = months_of(before)
    expected = expect(own.covered, known)
    if expected is None:
        return
    measure = measures["rows"]
    spread = measure.spread
    if expected.is_seasonal and measure.seasonal_spread and measure.least_spread:
        varies = excess_spread(list(known.values())[-YEAR:], measure.seasonal_spread)
        spread = float(np.clip(varies, measure.least_spread, measure.seasonal_spread))
    quiet = expected.low * (2 * QUIET if expected.is_seasonal else QUIET)
    nearest = float(np.clip(own.rows, expected.low, expected.high))
    yield _row(own, "rows", own.rows, own.days, nearest, spread, quiet)
    recent = list(known.values())[-YEAR:]
    empty = [month for month in own.covered if not own.by_month.get(month)]
    if own.rows and empty and len(recent) >= LEAST_MONTHS and recent.count(0) <= RARELY_EMPTY * len(recent):
        usual = float(np.mean(recent))
        found = _row(own, "month", 0.0, 1.0, usual, measures["month"].spread, usual * QUIET)
        yield {**found, "movers": ", ".join(map(str, empty))}


def months_of(volumes: Iterable[Volume]) -> dict[pd.Period, float]:
    """Rows of every month that deliveries cover, in order; a covered month without rows counts 0."""
    counts: dict[pd.Period, float] = defaultdict(float)
    for volume in volumes:
        for month in volume.covered:
            counts[month] += volume.by_month.get(month, 0.0)
    return dict(sorted(counts.items()))


def expect(months: Sequence[pd.Period], known: Months) -> Expected | None:
    """Rows expected in `months`, from the rows of earlier months; None where no month is known.

    Between the mean of the last twelve months and, where they are known, the same months of the year before, as
    they were and moved by the trend since.
    """
    if not known:
        return None
    steady = float(np.mean(list(known.values())[-YEAR:])) * len(months)
    if not all(month - YEAR in known for month in months):
        return Expected(steady, steady, is_seasonal=False)
    last_year = sum(known[month - YEAR] for month in months)
    likely = (steady, last_year, last_year * _trend(known))
    return Expected(min(likely), max(likely), is_seasonal=True)


def excess_spread(counts: Sequence[float], usual: float) -> float:
    """Relative variation of counts beyond chance, drawn towards `usual` where there are few."""
    mean = float(np.mean(counts))
    if len(counts) < LEAST_COUNTS or not mean:
        return usual
    excess = np.sqrt(max(0.0, float(np.var(counts, ddof=1)) - mean)) / mean
    return float((len(counts) * excess + usual) / (len(counts) + 1))


def _trend(known: Months) -> float:
    pairs = [(known[m], known[m - YEAR]) for m in list(known)[-TREND_MONTHS:] if m - YEAR in known]
    now, then = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
    return float(np.clip(now / then, 1 / LARGEST_TREND, LARGEST_TREND)) if now and then else 1.0


def _alike(own: Volume, before: Sequence[Volume], measure: Measure) -> Iterator[Row]:
    """Registers and spells, whose rows have no month: against earlier deliveries of about the same length."""
    shortest, longest = ALIKE
    alike = [v.rows for v in before if shortest * own.days <= v.days <= longest * own.days]
    if alike:
        expected = float(np.mean(alike))
        spread = max(measure.least_spread or measure.spread, excess_spread(alike, measure.spread))
        yield _row(own, "rows", own.rows, own.days, expected, spread, expected * QUIET)


def _row(
    own: Volume, measure: str, part: float, whole: float, expected: float, spread: float, low: float
) -> Row:
    score = count_score(np.array([part]), np.array([expected]), np.array([spread]))[0]
    return {
        "judged_id": own.delivery_id,
        "measure": measure,
        "column_name": "",
        "part": part,
        "whole": whole,
        "expected": expected,
        "change": part / expected - 1 if expected else 0.0,
        "score": float(score),
        "expected_low": low,
    }
