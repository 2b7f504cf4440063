"""Telling of a late delivery once: what was told before, and what is new since. Values in, values out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from dagster_project.automation.calendar import Standing
from dagster_project.automation.deliveries import name_of


class Told(BaseModel):
    """Who was told to be late, by `PARTY/DATASET`, and up to which day (ISO) that party owed then."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    late: dict[str, str] = {}


def remembered(text: str | None) -> Told:
    """What was told, as the tick before wrote it; nothing where that does not read."""
    try:
        return Told.model_validate_json(text or "{}")
    except ValidationError:
        return Told()


def news(told: Told, found: Sequence[Standing]) -> tuple[list[Standing], Told]:
    """Who is newly late, or owes more than was told; and what has been told after that.

    A party that has delivered is forgotten, so that it is told again when it is late again.
    """
    late = [one for one in found if one.is_late]
    now = {name_of(one.duty): str(one.owed_until) for one in late}
    new = [one for one in late if told.late.get(name_of(one.duty)) != now[name_of(one.duty)]]
    return new, Told(late=now)
