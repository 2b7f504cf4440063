"""Goals by parties and themes by parties: what the reports say, across, with the statements behind each cell.

Structures for the templates; no HTML.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dagster_project.report import formats
from dagster_project.report.placed import Row
from dagster_project.report.reference import Reference
from dagster_project.report.source import Source


@dataclass(frozen=True)
class Assessment:
    """What a reporter says of a goal."""

    goal: str
    reporter: str
    reporter_label: str
    status: str
    status_label: str
    assessed_on: str


@dataclass(frozen=True)
class GoalMatrix:
    """Goals down, reporters across; `cells` by (goal, reporter)."""

    goals: Sequence[tuple[str, str]]
    reporters: Sequence[tuple[str, str]]
    cells: Mapping[tuple[str, str], Assessment]

    def of_goal(self, goal: str) -> list[Assessment]:
        """What every reporter says of a goal, in the order of the columns."""
        return [self.cells[goal, code] for code, _ in self.reporters if (goal, code) in self.cells]


@dataclass(frozen=True)
class Statement:
    """A coded statement of a final report."""

    id: str
    reporter: str
    reporter_label: str
    category: str
    category_label: str
    themes: Sequence[str]
    text: str


@dataclass(frozen=True)
class ThemeMatrix:
    """Themes down, reporters across; `counts` by (theme, reporter)."""

    themes: Sequence[tuple[str, str]]
    reporters: Sequence[tuple[str, str]]
    counts: Mapping[tuple[str, str], int]


def goal_matrix(source: Source, reference: Reference) -> GoalMatrix:
    """The latest assessment of every goal of the list by every reporter that has made one."""
    rows = source.rows("goal_status")
    cells = {(str(r["goal_code"]), str(r["reporter_code"])): _assessment(r, reference) for r in rows}
    goals = reference.order("goal", [*reference.lists.get("goal", {}), *(goal for goal, _ in cells)])
    return GoalMatrix(
        [(code, reference.label("goal", code)) for code in goals],
        _reporters((reporter for _, reporter in cells), reference),
        cells,
    )


def _assessment(row: Row, reference: Reference) -> Assessment:
    status, reporter = str(row["status_code"]), str(row["reporter_code"])
    return Assessment(
        str(row["goal_code"]),
        reporter,
        reference.label("reporter", reporter),
        status,
        reference.label("goal_status", status),
        formats.value_text(row.get("assessed_on")),
    )


def _reporters(codes: Iterable[str], reference: Reference) -> list[tuple[str, str]]:
    """Code and short name: the columns of a matrix are narrow."""
    short = reference.lists.get("reporter_short", {})
    return [
        (code, short.get(code) or reference.label("reporter", code))
        for code in reference.order("reporter", codes)
    ]


def theme_matrix(source: Source, reference: Reference) -> ThemeMatrix:
    """How many statements each reporter has of each theme, whatever the category."""
    counts: dict[tuple[str, str], int] = {}
    for row in source.rows("observation_theme"):
        key = (str(row["theme_code"]), str(row["reporter_code"]))
        number = row["statement_count"]
        counts[key] = counts.get(key, 0) + (number if isinstance(number, int) else 0)
    themes = {theme: reference.label("theme", theme) for theme, _ in counts}
    return ThemeMatrix(
        sorted(themes.items(), key=lambda theme: formats.swedish_order(theme[1])),
        _reporters((reporter for _, reporter in counts), reference),
        counts,
    )


def statements_of(source: Source, reference: Reference) -> list[Statement]:
    """The statements of the release by reporter and category; none in an open release."""
    rows = source.rows("fct_observation", "marts")
    found = [_statement(row, reference) for row in rows]
    reporters = [code for code, _ in _reporters((s.reporter for s in found), reference)]
    categories = reference.order("observation_category", (s.category for s in found))
    return sorted(found, key=lambda s: (reporters.index(s.reporter), categories.index(s.category), s.id))


def _statement(row: Row, reference: Reference) -> Statement:
    themes = row.get("theme_codes") or ""
    codes = [str(code) for code in themes] if isinstance(themes, list) else str(themes).split("|")
    reporter, category = str(row["reporter_code"]), str(row["category_code"])
    return Statement(
        str(row["observation_id"]),
        reporter,
        reference.label("reporter", reporter),
        category,
        reference.label("observation_category", category),
        [code.strip() for code in codes if code.strip()],
        str(row.get("corrected_text") or row.get("statement_text") or ""),
    )
