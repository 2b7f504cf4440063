"""Attacks an open release: reads it alone, bounds every withheld count, reports what it gives away."""

import time
from dataclasses import dataclass
from pathlib import Path

import yaml

from dagster_project.disclosure_attack.bounds import Interval, Part, Problem, components, state
from dagster_project.disclosure_attack.findings import Finding, Rules, plain_findings
from dagster_project.disclosure_attack.notation import Reader
from dagster_project.disclosure_attack.reading import Count, Published, counties, read_published


@dataclass(frozen=True)
class AttackReport:
    """What an attack found. `narrowest` is the fewest values left to a withheld count, None of none withheld."""

    threshold: int
    offered: int
    shown: int
    withheld: int
    narrowest: int | None
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
    narrowest: int | None = None
    for county in counties(published):
        width, found = _county(published, county, rules, threshold)
        findings += found
        narrowest = width if narrowest is None else min(narrowest, narrowest if width is None else width)
    shown, withheld = len(published.shown), len(published.withheld)
    return AttackReport(
        threshold, shown + withheld, shown, withheld, narrowest, tuple(findings), time.perf_counter() - began
    )


def _county(
    published: Published, county: str, rules: Rules, threshold: int
) -> tuple[int | None, list[Finding]]:
    withheld = {count for count in published.withheld if count.place.area[:2] == county}
    problem = state(Reader(published, county, rules).rules(), published.shown, withheld)
    findings = [
        Finding("shown counts contradict each other", rule.terms[0][1], detail=rule.text)
        for rule in problem.contradictions
    ]
    narrowest: int | None = None
    for unknowns, rows in components(problem):
        intervals = Part(unknowns, rows).intervals(threshold)
        if intervals is None:
            detail = "no numbers satisfy every rule"
            findings += [
                Finding("shown counts contradict each other", c, detail=detail)
                for c in _of(problem, unknowns)
            ]
            continue
        for unknown, interval in intervals.items():
            found = _narrow(interval, threshold)
            narrowest = found[1] if narrowest is None else min(narrowest, found[1])
            if found[0]:
                findings += [
                    Finding(found[0], count, interval.low, interval.high) for count in _of(problem, [unknown])
                ]
    return narrowest, findings


def _narrow(interval: Interval, threshold: int) -> tuple[str, int]:
    if interval.width < threshold:
        return "a withheld count is told", interval.width
    if len(interval.seen) < threshold:
        return "too few whole numbers fit a withheld count", len(interval.seen)
    return "", interval.width


def _of(problem: Problem, unknowns: list[int]) -> list[Count]:
    wanted = set(unknowns)
    return [count for count, unknown in problem.unknown_of.items() if unknown in wanted]
