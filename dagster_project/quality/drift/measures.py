"""Reads `expectations/drift.yml`: the measures deliveries are compared by, their ordinary spread and their sentence."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from dagster_project.settings import EXPECTATIONS_DIR

Kind = Literal["share", "logarithm", "mean", "distribution", "count", "months", "replaced"]


class Measure(BaseModel):
    """How one measure is compared; see the head of the file for the fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    spread: float = Field(gt=0)
    seasonal_spread: float | None = Field(default=None, gt=0)
    least_spread: float | None = Field(default=None, gt=0)
    without_baseline: float | None = Field(default=None, ge=0, le=1)
    reason: str
    sentence: str


@cache
def load_measures(path: Path = EXPECTATIONS_DIR / "drift.yml") -> Mapping[str, Measure]:
    """The measures by name. Raises pydantic.ValidationError where the file does not parse."""
    return TypeAdapter(dict[str, Measure]).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
