"""Faults that happen to deliveries: what each is called, which datasets it can hit, and where it is planted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from dagster_project.contract import Contract
from tests.years.calendar_steps import Step
from tests.years.deliveries import Delivery
from tests.years.draws import stream
from tests.years.fault_plan import Place, fault_plan
from tests.years.periods import Period


class Rows(Protocol):
    """Whoever can say which rows a delivery states."""

    contract: Contract
    seed: int

    def rows(self, delivery: Delivery) -> pd.DataFrame:
        """The rows of a delivery, in the contract's columns."""


@dataclass(frozen=True)
class Planting:
    """A delivery into which a fault is planted: its right rows, and what the fault may take from elsewhere."""

    target: Target
    rows: pd.DataFrame
    stated: Rows

    @property
    def delivery(self) -> Delivery:
        """The delivery that is faulty."""
        return self.target.delivery

    def previous(self) -> pd.DataFrame:
        """What the party delivered before; the right rows where it delivered nothing before."""
        return self.stated.rows(self.target.previous) if self.target.previous else self.rows

    @property
    def contract(self) -> Contract:
        """The contract of the extracts."""
        return self.stated.contract

    @property
    def rng(self) -> np.random.Generator:
        """Draws of this planting alone."""
        return stream(self.stated.seed, "fault", self.delivery.path)

    def of_party(self, party: str) -> pd.DataFrame:
        """What another party delivers of the dataset for the same period."""
        return self._rows(party, self.delivery.period)

    def of_period(self, period: Period) -> pd.DataFrame:
        """What the party delivers of the dataset for another period."""
        return self._rows(self.delivery.party, period)

    def _rows(self, party: str, period: Period) -> pd.DataFrame:
        return self.stated.rows(Delivery(party, self.delivery.dataset, period, period.last))

    def codes(self, column: str) -> list[str]:
        """The codes of a column, in the order of their list."""
        found = self.contract.datasets[self.delivery.dataset].column(column)
        return [item.code for item in self.contract.codes_of(found, self.delivery.party.partition("-")[0])]


@dataclass(frozen=True)
class Fault:
    """A kind of fault: `plant` returns the rows of the faulty file."""

    name: str
    datasets: tuple[str, ...]
    plant: Callable[[Planting], pd.DataFrame]


_FAULTS: list[Fault] = []


def fault(
    *datasets: str,
) -> Callable[[Callable[[Planting], pd.DataFrame]], Callable[[Planting], pd.DataFrame]]:
    """Register a fault of these datasets under its function's name."""

    def register(plant: Callable[[Planting], pd.DataFrame]) -> Callable[[Planting], pd.DataFrame]:
        _FAULTS.append(Fault(plant.__name__.replace("_", " "), datasets, plant))
        return plant

    return register


def all_faults() -> list[Fault]:
    """Every fault that the harness knows."""
    from tests.years import faults_of_content, faults_of_rows  # noqa: F401  they register themselves

    return list(_FAULTS)


def faults_called(names: Sequence[str]) -> list[Fault]:
    """The faults with these names."""
    by_name = {one.name: one for one in all_faults()}
    return [by_name[name] for name in names]


@dataclass(frozen=True)
class Target:
    """A delivery of a step into which faults are planted; `previous` is the one that its party made before."""

    place: str
    delivery: Delivery
    previous: Delivery | None


def targets(steps: Sequence[Step], places: Sequence[Place]) -> dict[int, list[Target]]:
    """The deliveries into which faults are planted, by the number of their step."""
    found: dict[int, list[Target]] = defaultdict(list)
    for place in places:
        taken: set[tuple[str, str]] = set()
        previous: dict[tuple[str, str], Delivery] = {}
        for number, step in enumerate(steps):
            for delivery in step.deliveries:
                whose = delivery.party, delivery.dataset
                if delivery.revision > 1 or delivery.party not in place.parties:
                    continue
                if delivery.period.last >= place.ends_from and whose not in taken:
                    taken.add(whose)
                    found[number].append(Target(place.name, delivery, previous.get(whose)))
                previous[whose] = delivery
    return found


def plantings(stated: Rows, target: Target, faults: Sequence[Fault]) -> Iterator[tuple[Fault, Planting]]:
    """Each fault that can hit the target: not where its file is too small, or the fault changes nothing."""
    planting = Planting(target, stated.rows(target.delivery), stated)
    for one in faults:
        if target.delivery.dataset not in one.datasets:
            continue
        if len(planting.rows) < fault_plan().least_rows_of(one.name):
            continue
        if not one.plant(planting).equals(planting.rows):
            yield one, planting
