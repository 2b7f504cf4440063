"""The goals of speed and scale: `goals.json`, each judged by the results that there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from benchmarks.results import Result

GOALS = Path(__file__).with_name("goals.json")
Verdict = Literal["met", "missed", "not measured"]


class Quantity(BaseModel):
    """A median: of a contender's measure at a size, or, without one, the largest of all sizes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    contender: str
    measure: Literal["wall_seconds", "inner_seconds", "peak_gigabytes"]
    cases: int | None = None
    label: str = ""

    def value(self, results: Sequence[Result]) -> float | None:
        """The quantity in the results, None where it was not measured."""
        found = [
            result.median(self.contender, self.measure)
            for result in results
            if result.label == self.label and self.cases in {None, result.cases}
        ]
        return max((value for value in found if value is not None), default=None)


class Goal(BaseModel):
    """A limit of a quantity, or of its ratio to another one. Without a limit the run only has to end."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    of: Quantity
    over: Quantity | None = None
    at_most: float | None = None
    at_least: float | None = None
    unit: str


@dataclass(frozen=True)
class Judged:
    """A goal, the value that was measured for it (None: not yet) and the verdict."""

    goal: Goal
    value: float | None
    verdict: Verdict


def read_goals(path: Path = GOALS) -> list[Goal]:
    """The goals, in the order of the file."""
    return TypeAdapter(list[Goal]).validate_json(path.read_text(encoding="utf-8"))


def judge(goal: Goal, results: Sequence[Result]) -> Judged:
    """What the results say of a goal."""
    value, whole = goal.of.value(results), None
    if goal.over is not None:
        whole = goal.over.value(results)
        value = value / whole if value is not None and whole else None
    if value is None:
        return Judged(goal, None, "not measured")
    low = goal.at_least is None or value >= goal.at_least
    high = goal.at_most is None or value <= goal.at_most
    return Judged(goal, value, "met" if low and high else "missed")
