"""Which published figures rest on the same days as before: coverage of two releases, compared by dataset and period.

A figure that rests on more days than before has grown, and has not drifted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict

from dagster_project.building.parts import sources_of
from dagster_project.settings import EXPECTATIONS_DIR

Span = tuple[date, date]
"""Days from the first to the last, both included."""
DAY = timedelta(days=1)
LONGEST_MONTH = 31
_RAW = "raw."


class Reach(BaseModel):
    """Days of a dataset that a figure rests on beside those of its period."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    before: Literal["period", "all"]
    after_months: int


class CoverageRules(BaseModel):
    """`expectations/coverage.yml`; see the head of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    usual: Reach
    datasets: Mapping[str, Reach]
    open_ended: Sequence[str]
    counted_by: Sequence[str]
    grow_by_follow_up: Sequence[str]


@cache
def load_rules(path: Path = EXPECTATIONS_DIR / "coverage.yml") -> CoverageRules:
    """The rules. Raises pydantic.ValidationError where the file does not parse."""
    return CoverageRules.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Covered:
    """Days that a delivery in force states."""

    party: str
    dataset: str
    first: date
    last: date


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same days as spans that neither touch nor overlap, in order."""
    found: list[Span] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + DAY:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """The days of `spans` that are not in `taken`."""
    left = merged(spans)
    for first, last in merged(taken):
        left = [
            part
            for start, end in left
            for part in ((start, min(end, first - DAY)), (max(start, last + DAY), end))
            if part[0] <= part[1]
        ]
    return left


def changed_days(before: Iterable[Covered], now: Iterable[Covered]) -> dict[str, list[Span]]:
    """Days, by dataset, that a party covers in one of the releases and not in the other."""
    old, new = _by_place(before), _by_place(now)
    changed: dict[str, list[Span]] = defaultdict(list)
    for place in old.keys() | new.keys():
        changed[place[1]] += [*without(old[place], new[place]), *without(new[place], old[place])]
    return {dataset: merged(spans) for dataset, spans in changed.items()}


def _by_place(covered: Iterable[Covered]) -> dict[tuple[str, str], list[Span]]:
    spans: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for one in covered:
        spans[one.party, one.dataset].append((one.first, one.last))
    return spans


def days_covered(covered: Iterable[Covered], dataset: str, first: date, last: date) -> int:
    """Number of days of a span that any party's deliveries of a dataset cover."""
    spans = merged((c.first, c.last) for c in covered if c.dataset == dataset)
    return sum(max(0, (min(end, last) - max(start, first)).days + 1) for start, end in spans)


def rests_on_same_days(
    datasets: Collection[str],
    changed: Mapping[str, Sequence[Span]],
    period: Span,
    *,
    open_ended: bool = False,
) -> bool:
    """Whether a figure of a period, which rests on `datasets`, is covered as before."""
    return not any(
        start <= last and end >= first
        for dataset in datasets
        for first, last in (_window(dataset, period, open_ended=open_ended),)
        for start, end in changed.get(dataset, ())
    )


def _window(dataset: str, period: Span, *, open_ended: bool) -> Span:
    reach = load_rules().datasets.get(dataset, load_rules().usual)
    first, last = period
    since = date.min if reach.before == "all" else first - (last - first) - DAY
    if reach.after_months and open_ended:
        return since, date.max
    return since, last + timedelta(days=LONGEST_MONTH * reach.after_months)


def indicator_datasets(manifest: Mapping[str, Any]) -> dict[str, set[str]]:
    """The datasets that each indicator model descends from, read from dbt's manifest."""
    return {
        node["alias"]: {s.removeprefix(_RAW) for s in sources_of(manifest, unique_id) if s.startswith(_RAW)}
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and node["schema"] == "indicators"
    }
