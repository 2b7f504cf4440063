"""What is asked of one world: the county's size and seed, and how it is delivered."""

from __future__ import annotations

from dataclasses import dataclass

from tests.years.calendar_steps import Cadence


@dataclass(frozen=True)
class Asked:
    """One county, delivered in one way."""

    cases: int
    cadence: Cadence
    seed: int
    with_faults: bool = True

    @property
    def label(self) -> str:
        """The county and the way in a few words."""
        return f"{self.cases} cases, {self.cadence.label}, seed {self.seed}"
