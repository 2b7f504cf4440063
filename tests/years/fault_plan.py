"""Where faults are planted, read from `faults.yml` and checked."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

FILE = Path(__file__).with_name("faults.yml")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(_Part):
    """A time at which faults are planted, and the parties into whose deliveries."""

    name: str
    ends_from: date
    parties: list[str]


class SampleFault(_Part):
    """A fault and the deliveries of the sample inbox that it is planted into, all at once: PARTY/DATASET_PERIOD."""

    fault: str
    deliveries: list[str]


class FaultPlan(_Part):
    """Times, parties and sizes of the deliveries into which faults are planted."""

    places: list[Place]
    least_rows: dict[str, int]
    sample: list[SampleFault]

    def least_rows_of(self, fault: str) -> int:
        """The fewest rows of a delivery into which the fault is planted."""
        return self.least_rows.get(fault, self.least_rows["every"])


@cache
def fault_plan() -> FaultPlan:
    """The plan in `faults.yml`."""
    return FaultPlan.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))
