"""Attacks an open release: reads it alone, bounds every withheld count, reports what it gives away."""

import time
from dataclasses import dataclass
from pathlib import Path

import yaml

from dagster_project.disclosure_attack.bounds import Interval, Part, Problem, components, state
from dagster_project.disclosure_attack.findings import Finding, Rules, plain_findings
from dagster_project.disclosure_attack.notation import Reader
from dagster_project.disclosure_attack.reading import Count, Published, by_county, read_published


@dataclass(frozen=True)
class AttackReport:
    """What an attack found. `narrowest` is the fewest values left to a withheld count, None of none withheld.

    `undecided` withheld counts have room enough between their bounds, but fewer than `threshold` whole numbers
    were tried out within the limits of the search.
    """

    threshold: int
    offered: int
    shown: int
    withheld: int
    narrowest: int | None
    undecided: int
    findings: tuple[Finding, ...]
    seconds: float

    @property
    def ok(self) -> bool:
        """Tell whether nothing was found."""
        return not self.findings


def attack(open_db: Path, threshold: int = 5) -> AttackReport:
    """Attack the open release in a DuckDB file; every withheld count should keep `threshold` values.

    A finding is a count that is shown and should not be, a percent or median beside a withheld count, a row
    that is missing, shown counts that contradict each other, or a withheld count with fewer possible whole
    numbers. Source document: the open release, version 1.
    """
    began = time.perf_counter()
    rules: Rules = yaml.safe_load(Path(__file__).with_name("relations.yml").read_text(encoding="utf-8"))
    published = read_published(open_db)
    findings = list(plain_findings(published, rules, threshold))
    widths: list[int] = []
    undecided = 0
    for county, part in by_county(published).items():
        done = _county(part, county, rules, threshold)
        findings += done.findings
        widths += done.widths
        undecided += done.undecided
    shown, withheld = len(published.shown), len(published.withheld)
    narrowest, seconds = min(widths, default=None), time.perf_counter() - began
    return AttackReport(
        threshold, shown + withheld, shown, withheld, narrowest, undecided, tuple(findings), seconds
    )


@dataclass
class _Done:
    """What came of one county."""

    findings: list[Finding]
    widths: list[int]
    undecided: int = 0


def _county(published: Published, county: str, rules: Rules, threshold: int) -> _Done:
    problem = state(Reader(published, county, rules).rules(), published.shown, published.withheld)
    kind = "shown counts contradict each other"
    done = _Done([Finding(kind, rule.terms[0][1], detail=rule.text) for rule in problem.contradictions], [])
    for unknowns, rows in components(problem):
        intervals = Part(unknowns, rows).intervals(threshold)
        if intervals is None:
            detail = "no numbers satisfy every rule"
            done.findings += [Finding(kind, count, detail=detail) for count in _of(problem, unknowns)]
            continue
        for unknown, interval in intervals.items():
            told, width = _narrow(interval, threshold)
            done.widths.append(width)
            done.undecided += bool(len(interval.seen) < threshold and interval.undecided)
            if told:
                counts = _of(problem, [unknown])
                done.findings += [Finding(told, count, interval.low, interval.high) for count in counts]
    return done


def _narrow(interval: Interval, threshold: int) -> tuple[str, int]:
    """Return what is wrong with an interval, blank for nothing, and how many values it leaves."""
    if interval.width < threshold:
        return "a withheld count is told", interval.width
    if len(interval.seen) < threshold and not interval.undecided:
        return "too few whole numbers fit a withheld count", len(interval.seen)
    return "", interval.width


def _of(problem: Problem, unknowns: list[int]) -> list[Count]:
    wanted = set(unknowns)
    return [count for count, unknown in problem.unknown_of.items() if unknown in wanted]
