"""One delivery of the county: its name, and the rows that its party knew when it was made."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import pandas as pd

from dagster_project.contract import Contract, Dataset, load_contract
from tests.years.calendar_plan import Revisions, calendar_plan
from tests.years.county import County
from tests.years.draws import stream
from tests.years.periods import Period

# What ends or begins after the days that a party knows of is not told yet.
_LATER_KNOWN = {
    "ersattning": ("till",),
    "samtycke": ("aterkallat_datum",),
    "team": ("team_fran", "team_till"),
}
# Facts without a period column of the contract, and the days by which they belong to a delivery.
_BELONGS_BY = {"enkat": ("wave_day", "wave_day"), "medel": ("fran", "till")}


@dataclass(frozen=True)
class Delivery:
    """A file of a party. `known_until` is the last day that it knows of; `is_early` states a few things wrong."""

    party: str
    dataset: str
    period: Period
    known_until: date
    revision: int = 1
    is_early: bool = False

    @property
    def path(self) -> str:
        """Where the file lies in the inbox."""
        revision = f"_r{self.revision}" if self.revision > 1 else ""
        return f"{self.party}/{self.dataset}_{self.period.name}{revision}.csv"

    @property
    def label(self) -> str:
        """Party, dataset and period for people."""
        return f"{self.party}/{self.dataset} {self.period.name}"


class Deliverer:
    """States the rows of deliveries from a county's facts."""

    def __init__(self, county: County) -> None:
        self.county, self.seed = county, county.seed
        self.contract: Contract = load_contract()

    @cached_property
    def _facts(self) -> dict[tuple[str, str], pd.DataFrame]:
        return {
            (name, str(folder)): rows
            for name, facts in self.county.facts.items()
            for folder, rows in facts.groupby("folder", sort=False)
        }

    def rows(self, delivery: Delivery) -> pd.DataFrame:
        """The rows of a delivery, in the contract's columns."""
        dataset = self.contract.datasets[delivery.dataset]
        facts = self._facts.get((delivery.dataset, delivery.party))
        names = [column.name for column in dataset.columns]
        if facts is None:
            return pd.DataFrame(columns=names)
        rows = facts[_belongs(dataset, facts, delivery.period)]
        stated = _as_known(delivery, rows)[names].reset_index(drop=True)
        return self._early(delivery, stated) if delivery.is_early else stated

    @cached_property
    def _withdrawals(self) -> dict[str, list[tuple[date, date]]]:
        """By party, the days of consents that were withdrawn: given, withdrawn."""
        withdrawn = self.county.facts["samtycke"].dropna(subset=["aterkallat_datum"])
        days = zip(withdrawn["samtyckesdatum"].dt.date, withdrawn["aterkallat_datum"].dt.date, strict=True)
        found: dict[str, list[tuple[date, date]]] = defaultdict(list)
        for party, both in zip(withdrawn["folder"], days, strict=True):
            found[party].append(both)
        return found

    def has_withdrawals(self, delivery: Delivery, *, after: date, until: date) -> bool:
        """Whether a consent of the delivery's period was withdrawn after one day and until another."""
        first, last = delivery.period.first, delivery.period.last
        return any(
            first <= given <= last and after < withdrawn <= until
            for given, withdrawn in self._withdrawals[delivery.party]
        )

    def _early(self, delivery: Delivery, rows: pd.DataFrame) -> pd.DataFrame:
        return early_version(rows, delivery, calendar_plan().revisions, self.seed)


def early_version(rows: pd.DataFrame, delivery: Delivery, revisions: Revisions, seed: int) -> pd.DataFrame:
    """The rows as a first version states them: a few are missing yet, a few hold a value that is corrected later."""
    rng = stream(seed, "early", delivery.party, delivery.dataset, delivery.period.name)
    correction = revisions.columns[delivery.dataset]
    missing = rng.random(len(rows)) < rng.uniform(*revisions.added_rows)
    wrong = rng.random(len(rows)) < rng.uniform(*revisions.changed_rows)
    early = rows.astype({correction.column: object})
    early.loc[wrong, correction.column] = correction.value or None
    return early[~missing].reset_index(drop=True)


def _belongs(dataset: Dataset, facts: pd.DataFrame, period: Period) -> pd.Series:
    first, last = pd.Timestamp(period.first), pd.Timestamp(period.last)
    columns = _BELONGS_BY.get(dataset.name, dataset.period.columns)
    if not columns:
        return pd.Series(True, index=facts.index)
    start, end = facts[columns[0]], facts[columns[-1]]
    return (start <= last) & ((end >= first) | end.isna())


def _as_known(delivery: Delivery, rows: pd.DataFrame) -> pd.DataFrame:
    known = rows.copy()
    for name in _LATER_KNOWN.get(delivery.dataset, ()):
        known[name] = known[name].where(known[name] <= pd.Timestamp(delivery.known_until))
    return known


def write(rows: pd.DataFrame, path: Path) -> None:
    """Write the rows of a delivery as a file of the contract."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = rows.copy()
    if "manad" in written and pd.api.types.is_datetime64_any_dtype(written["manad"]):
        written["manad"] = written["manad"].dt.strftime("%Y-%m")
    written.to_csv(path, sep=";", index=False, date_format="%Y-%m-%d", encoding="utf-8")
