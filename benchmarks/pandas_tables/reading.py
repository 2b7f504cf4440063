"""Reads an inbox into one frame per dataset, with party and period end of each row's delivery. No indicators here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

NAME = re.compile(r"(?P<dataset>[a-z]+)_(?P<period>[^_]+?)(?:_r(?P<revision>\d+))?\.(?P<format>csv|parquet)")
DATES = {
    "arenden": ["konsultationsdatum"],
    "team": ["team_fran", "team_till"],
    "moten": ["motesdatum"],
    "forsorjningsstod": [],
    "avslut": ["avslutsdatum"],
    "planering": ["forsta_kontakt", "planeringsdatum"],
    "ersattning": ["fran", "till"],
    "samtycke": ["samtyckesdatum", "aterkallat_datum"],
    "bemanning": ["fran", "till"],
    "enkat": [],
    "medel": ["fran", "till"],
    "malbedomning": ["bedomningsdatum"],
    "observationer": ["datum"],
}


@dataclass(frozen=True)
class Extracts:
    """A frame per dataset, and the deliveries: dataset, party, first and last day."""

    frames: dict[str, pd.DataFrame]
    deliveries: pd.DataFrame

    def covered_days(self, dataset: str) -> pd.DataFrame:
        """Each party and day that a delivery of a dataset covers."""
        of_it = self.deliveries[self.deliveries["dataset"] == dataset]
        days = [
            pd.DataFrame({"party": row.party, "day": pd.date_range(row.first_day, row.last_day)})
            for row in of_it.itertuples()
        ]
        return pd.concat(days, ignore_index=True).drop_duplicates()


def read_inbox(inbox: Path) -> Extracts:
    """Read every delivery of an inbox without revisions or overlaps."""
    frames: dict[str, list[pd.DataFrame]] = {dataset: [] for dataset in DATES}
    deliveries = []
    for path in sorted(inbox.glob("*/*")):
        if not (name := NAME.fullmatch(path.name)):
            continue
        first_day, last_day = _days(name["period"])
        party, dataset = path.parent.name, name["dataset"]
        deliveries.append((dataset, party, first_day, last_day))
        frames[dataset].append(_read(path, dataset).assign(party=party, delivered_to=last_day))
    return Extracts(
        {dataset: pd.concat(found, ignore_index=True) for dataset, found in frames.items() if found},
        pd.DataFrame(deliveries, columns=["dataset", "party", "first_day", "last_day"]),
    )


def _read(path: Path, dataset: str) -> pd.DataFrame:
    frame = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, sep=";", dtype=str)
    for column in DATES[dataset]:
        frame[column] = pd.to_datetime(frame[column])
    return frame


def _days(period: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    if len(period) == 17:
        return pd.Timestamp(period[:8]), pd.Timestamp(period[9:])
    if "H" in period:
        first = pd.Timestamp(int(period[:4]), int(period[5]) * 6 - 5, 1)
        return first, first + pd.DateOffset(months=6, days=-1)
    if "Q" in period:
        return pd.Period(period, "Q").start_time, pd.Period(period, "Q").end_time.normalize()
    found = pd.Period(period)
    return found.start_time, found.end_time.normalize()


def latest(frame: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """The row of the latest delivery per key."""
    return frame.sort_values("delivered_to").drop_duplicates(key, keep="last")
