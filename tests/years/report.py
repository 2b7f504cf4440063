"""What the checks said of ordinary runs and of planted faults, as tables and as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.years import judging
from tests.years.results import Tried, YearsResult, verdict_of

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
    differences: int

    @property
    def reached(self) -> bool:
        """No ordinary run refused, nine in ten faults refused or warned of, no table that differs."""
        return not self.refused and not self.differences and self.seen >= GOAL_SEEN * self.planted


def totals(results: Sequence[YearsResult]) -> Totals:
    """The totals over all inboxes."""
    runs = [run.findings for result in results for run in result.ordinary]
    tried = [one for result in results for one in result.tried]
    refused = sum(map(judging.refuses, runs))
    return Totals(
        ordinary=len(runs),
        refused=refused,
        warned=sum(map(judging.tells, runs)) - refused,
        planted=len(tried),
        seen=sum(bool(one.told) for one in tried),
        named=sum(one.is_named for one in tried),
        differences=sum(len(result.differences) for result in results),
    )


def markdown(results: Sequence[YearsResult]) -> str:
    """The whole report."""
    parts = {
        "Faults": _faults_table(results),
        "What was said of ordinary runs": _ordinary_table(results),
    }
    return "\n\n".join([summary(results), *(f"## {title}\n\n{text}" for title, text in parts.items())])


def summary(results: Sequence[YearsResult]) -> str:
    """The tables that a person looks at first."""
    parts = {
        "Totals": _totals_table(results),
        "Checks": _checks_table(results),
        "Kinds of fault": _kinds_table(results),
        "Tables that differ from bare DuckDB's": "\n".join(_differences(results))
        or "None of those compared.",
    }
    return "\n\n".join(
        [
            "# Ordinary years, and faults planted in them",
            *(f"## {title}\n\n{text}" for title, text in parts.items()),
        ]
    )


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [list(header), ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(_cell(value) for value in line) + " |" for line in lines)


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def _totals_table(results: Sequence[YearsResult]) -> str:
    header = (
        "inbox",
        "ordinary runs",
        "refused",
        "warned",
        "faults",
        "refused or warned",
        "party and dataset named",
    )
    counted = [(result.label, totals([result])) for result in results] + [("all", totals(results))]
    return _table(
        header, [(label, t.ordinary, t.refused, t.warned, t.planted, t.seen, t.named) for label, t in counted]
    )


def _checks_table(results: Sequence[YearsResult]) -> str:
    """For each check: ordinary runs that it refused and warned of, faults that it saw, and those it saw first."""
    refused, warned, hits, first = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for result in results:
        for run in result.ordinary:
            blocking = {f.check for f in run.findings if f.level == judging.BLOCKS}
            refused.update(blocking)
            warned.update({f.check for f in run.findings if f.level == judging.WARNS} - blocking)
        for one in result.tried:
            hits.update({f.check for f in one.told})
            first.update(f.check for f in one.told[:1])
    planted = sum(len(result.tried) for result in results)
    known = dict.fromkeys([*judging.check_names(), *refused, *warned, *hits])
    rows = [(c, refused[c], warned[c], hits[c], planted - hits[c], first[c]) for c in known]
    return _table(("check", "false alarms", "ordinary runs warned", "hits", "misses", "saw it first"), rows)


def _kinds_table(results: Sequence[YearsResult]) -> str:
    planted: dict[str, list[Tried]] = {}
    for result in results:
        for one in result.tried:
            planted.setdefault(f"{one.fault} ({one.dataset})", []).append(one)
    rows = [
        (
            kind,
            len(ones),
            sum(bool(one.told) for one in ones),
            sum(one.is_named for one in ones),
            _first_seers(ones),
        )
        for kind, ones in sorted(planted.items())
    ]
    return _table(("fault", "planted", "refused or warned", "named", "seen first by"), rows)


def _first_seers(ones: Sequence[Tried]) -> str:
    return ", ".join(
        f"{check} {n}" for check, n in Counter(o.told[0].check for o in ones if o.told).most_common()
    )


def _faults_table(results: Sequence[YearsResult]) -> str:
    rows = [
        (
            one.fault,
            one.delivery,
            one.rows,
            result.label,
            one.place,
            verdict_of(one.new, "missed"),
            _words(one),
        )
        for result in results
        for one in result.tried
    ]
    header = ("fault", "delivery", "rows", "inbox", "place", "said", "words")
    return _table(header, sorted(rows, key=lambda row: (row[0], row[1], row[3])))


def _words(tried: Tried) -> str:
    return next((f.what for f in tried.told), "")


def _ordinary_table(results: Sequence[YearsResult]) -> str:
    rows = [
        (
            result.label,
            run.day or "",
            found.level,
            found.check,
            found.party,
            found.dataset,
            found.period,
            found.what,
        )
        for result in results
        for run in result.ordinary
        for found in run.findings
    ]
    return _table(("inbox", "day", "level", "check", "party", "dataset", "period", "what"), rows)


def _differences(results: Sequence[YearsResult]) -> list[str]:
    return [f"- {result.label}: {line}" for result in results for line in result.differences]


def as_json(results: Sequence[YearsResult]) -> list[dict[str, Any]]:
    """Everything that was said, for programs."""
    return [
        {
            "inbox": result.label,
            "ordinary": [
                {
                    "day": str(run.day or ""),
                    "files": run.files,
                    "seconds": round(run.seconds, 1),
                    "findings": [f.as_json() for f in run.findings],
                }
                for run in result.ordinary
            ],
            "faults": list(_faults_as_json(result)),
            "differences": result.differences,
        }
        for result in results
    ]


def _faults_as_json(result: YearsResult) -> Iterator[dict[str, Any]]:
    for one in result.tried:
        yield {
            "fault": one.fault,
            "party": one.party,
            "dataset": one.dataset,
            "period": one.period,
            "rows": one.rows,
            "place": one.place,
            "is_seen": bool(one.told),
            "is_named": one.is_named,
            "findings": [f.as_json() for f in one.new],
        }


def write(results: Sequence[YearsResult], folder: Path) -> None:
    """Write `years.md` and `years.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "years.md").write_text(markdown(results) + "\n", encoding="utf-8")
    said = json.dumps(as_json(results), indent=1, ensure_ascii=False)
    (folder / "years.json").write_text(said + "\n", encoding="utf-8")
