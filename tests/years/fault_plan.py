"""Where faults are planted, read from `faults.yml` and checked."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

FILE = Path(__file__).with_name("faults.yml")


class Place(BaseModel):
    """A time at which faults are planted, and the parties into whose deliveries."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    ends_from: date
    parties: list[str]


class FaultPlan(BaseModel):
    """Times, parties and sizes of the deliveries into which faults are planted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    places: list[Place]
    least_rows_by_fault: dict[str, int]

    def least_rows(self, fault: str) -> int:
        """The fewest rows of a delivery into which the fault is planted."""
        return self.least_rows_by_fault.get(fault, self.least_rows_by_fault["every"])


@cache
def fault_plan() -> FaultPlan:
    """The plan in `faults.yml`."""
    content = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return FaultPlan(least_rows_by_fault=content.pop("least_rows"), **content)
