"""What arrives on which day, and what is to come of it: the interface between generators of deliveries and the harness."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from dagster_project.automation.calendar import load_duties, standings
from dagster_project.contract import load_contract
from dagster_project.ingestion.names import parse_path

Ending = Literal["published", "refused", "nothing"]


@dataclass(frozen=True)
class Step:
    """A day on which the harness looks.

    `files` arrive in the inbox, by relative path; `erased` are numbers of persons who are erased before. `ending` is
    what must come of it. `broken` are files that the warehouse must refuse; a person leaves them out then, so that the
    others are published.
    """

    day: date
    files: Mapping[str, bytes] = field(default_factory=dict)
    ending: Ending = "published"
    erased: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()


def by_year(inbox: Path, first_year: int) -> list[Step]:
    """The files of an inbox by the year that they end in, each delivered on the first of February that follows; what
    ends in the first year or before, or spans years, comes with the first."""
    contract = load_contract()
    found: dict[int, dict[str, bytes]] = defaultdict(dict)
    for path in sorted(path for path in inbox.rglob("*") if path.is_file()):
        name = path.relative_to(inbox).as_posix()
        parsed = parse_path(name, contract)
        if parsed and parsed.period:
            first, last = parsed.period.start.year, parsed.period.end.year
            found[max(first_year, last if first == last else first_year)][name] = path.read_bytes()
    return [Step(date(year + 1, 2, 1), files) for year, files in sorted(found.items())]


def by_day(steps: Iterable[Step]) -> list[Step]:
    """One step for each day, in order; what comes last of a file or an ending holds."""
    days: dict[date, Step] = {}
    for step in steps:
        old = days.get(step.day, Step(step.day, ending="nothing"))
        days[step.day] = Step(
            step.day,
            {**old.files, **step.files},
            step.ending if step.files else old.ending,
            (*old.erased, *step.erased),
            (*old.broken, *step.broken),
        )
    return [days[day] for day in sorted(days)]


def days_after_due(first: date, last: date) -> list[Step]:
    """A look on each day on which a party may be newly late by the delivery calendar."""
    span = range((last - first).days + 1)
    days = (first + timedelta(days=number) for number in span)
    due = {standing.was_due for day in days for standing in standings(load_duties(), [], day)}
    return [
        Step(day + timedelta(days=1), ending="nothing")
        for day in sorted(filter(None, due))
        if first <= day < last
    ]


def with_broken(steps: Iterable[Step], numbers: Collection[int]) -> Iterator[Step]:
    """The steps, of which the numbered ones bring one file that lacks a column; it comes whole with the next step."""
    mended: dict[str, bytes] = {}
    for number, step in enumerate(steps):
        files = {**step.files, **mended}
        mended = {}
        names = sorted(name for name in step.files if name.endswith(".csv"))
        if number not in numbers or not names:
            yield replace(step, files=files)
            continue
        broken = names[len(names) // 2]
        mended = {broken: files[broken]}
        files[broken] = _without_last_column(files[broken])
        yield replace(step, files=files, ending="refused", broken=(broken,))


def _without_last_column(content: bytes) -> bytes:
    return b"".join(line.rpartition(b";")[0] + b"\n" for line in content.splitlines())
