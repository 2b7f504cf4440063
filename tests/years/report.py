"""What the checks said of ordinary runs and of planted faults, as tables and as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.years import judging
from tests.years.judged import Tried, verdict_of
from tests.years.judged_years import YearsResult

GOAL_SEEN = 0.9


@dataclass(frozen=True)
class Totals:
    """The numbers that the goals are about."""

    ordinary: int
    refused: int
    warned: int
    planted: int
    seen: int
    named: int

    @property
    def reached(self) -> bool:
        """No ordinary run refused, and at least nine in ten planted faults refused or warned of."""
        return self.refused == 0 and self.seen >= GOAL_SEEN * self.planted


def is_seen(tried: Tried) -> bool:
    """Whether the fault was refused or warned of."""
    return judging.warns(tried.new)


def is_named(tried: Tried) -> bool:
    """Whether a finding names the party and dataset whose delivery is faulty."""
    return any(f.level != judging.INFORMS and f.names(tried.party, tried.dataset) for f in tried.new)


def totals(results: Sequence[YearsResult]) -> Totals:
    """The totals over all counties."""
    steps = [step.judged.findings for result in results for step in result.ordinary]
    tried = [one for result in results for one in result.tried]
    refused = [judging.refuses(findings) for findings in steps]
    return Totals(
        ordinary=len(steps),
        refused=sum(refused),
        warned=sum(judging.warns(f) for f, no in zip(steps, refused, strict=True) if not no),
        planted=len(tried),
        seen=sum(is_seen(one) for one in tried),
        named=sum(is_named(one) for one in tried),
    )


def markdown(results: Sequence[YearsResult]) -> str:
    """The whole report."""
    parts = [_totals_table(results), _checks_table(results), _faults_table(results), _ordinary_table(results)]
    return "\n\n".join(["# Three ordinary years, and faults planted in them", *parts]) + "\n"


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [list(header), ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(_cell(value) for value in line) + " |" for line in lines)


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def _totals_table(results: Sequence[YearsResult]) -> str:
    header = ("county", "ordinary runs", "refused", "warned", "faults planted", "refused or warned", "named")
    named = [(r.asked.label, totals([r])) for r in results] + [("all", totals(results))]
    rows = [(label, t.ordinary, t.refused, t.warned, t.planted, t.seen, t.named) for label, t in named]
    return _table(header, rows)


def _checks_table(results: Sequence[YearsResult]) -> str:
    """For each check: ordinary runs it refused and warned of, faults it saw, and those it saw first."""
    refused, warned, hits, first = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for result in results:
        for step in result.ordinary:
            refused.update({f.check for f in step.judged.findings if f.level == judging.BLOCKS})
            warned.update({f.check for f in step.judged.findings if f.level == judging.WARNS})
        for one in result.tried:
            said = [f.check for f in one.new if f.level != judging.INFORMS]
            hits.update(set(said))
            first.update(said[:1])
    planted = sum(len(result.tried) for result in results)
    known = [*judging.check_names(), *(c for c in [*refused, *hits] if c not in judging.check_names())]
    rows = [(c, refused[c], warned[c], hits[c], planted - hits[c], first[c]) for c in dict.fromkeys(known)]
    return _table(("check", "false alarms", "ordinary runs warned", "hits", "misses", "saw it first"), rows)


def _faults_table(results: Sequence[YearsResult]) -> str:
    header = ("fault", "delivery", "rows", "county", "place", "said", "words")
    rows = [
        (one.fault, one.delivery, one.rows, result.asked.label, one.place, verdict_of(one.new), _words(one))
        for result in results
        for one in result.tried
    ]
    return _table(header, sorted(rows, key=lambda row: (row[0], row[1], row[3])))


def _words(tried: Tried) -> str:
    return next((f.what for f in tried.new if f.level != judging.INFORMS), "")


def _ordinary_table(results: Sequence[YearsResult]) -> str:
    rows = [
        (
            result.asked.label,
            step.day,
            found.level,
            found.check,
            found.party,
            found.dataset,
            found.period,
            found.what,
        )
        for result in results
        for step in result.ordinary
        for found in step.judged.findings
    ]
    return _table(("county", "ordinary run", "level", "check", "party", "dataset", "period", "what"), rows)


def as_json(results: Sequence[YearsResult]) -> list[dict[str, Any]]:
    """Everything that was said, for programs."""
    return [
        {
            "cases": result.asked.cases,
            "cadence": result.asked.cadence.label,
            "seed": result.asked.seed,
            "ordinary": [
                {"day": str(s.day), "files": s.files, "findings": [f.as_json() for f in s.judged.findings]}
                for s in result.ordinary
            ],
            "faults": list(_faults_as_json(result)),
        }
        for result in results
    ]


def _faults_as_json(result: YearsResult) -> Iterator[dict[str, Any]]:
    for one in result.tried:
        yield {
            "fault": one.fault,
            "delivery": one.delivery,
            "rows": one.rows,
            "place": one.place,
            "is_seen": is_seen(one),
            "is_named": is_named(one),
            "findings": [f.as_json() for f in one.new],
        }


def write(results: Sequence[YearsResult], folder: Path) -> None:
    """Write `years.md` and `years.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "years.md").write_text(markdown(results), encoding="utf-8")
    (folder / "years.json").write_text(
        json.dumps(as_json(results), indent=1, ensure_ascii=False), encoding="utf-8"
    )
