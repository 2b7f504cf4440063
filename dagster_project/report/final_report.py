"""The association's final-report form, `slutrapport/CODE.html`, one per municipality and authority: filled in
with what the warehouse knows, and marked where a person must write.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dagster_project.report import formats, rendering
from dagster_project.report.exhibits import Figure, Place, figures_of
from dagster_project.report.layout import FormSection
from dagster_project.report.matrices import Assessment, Statement
from dagster_project.report.overview import Overview
from dagster_project.report.placed import Row
from dagster_project.report.published import published_about
from dagster_project.report.reference import Reference
from dagster_project.report.shares import WHOLE, Share
from dagster_project.report.source import Period, Source
from dagster_project.report.tables import build_table

_PROGRAM = "PROGRAM"
# The exhibits that the form's sections hold, by section id.
_TABLES = {
    "purpose": ("target_group", "consent", "cohort_flow"),
    "follow_up": (
        "survey_readiness",
        "support_6",
        "support_12",
        "support_by_party",
        "self_support_gender",
        "destination",
        "new_benefit",
    ),
    "money": ("grant_use", "staffing"),
}


@dataclass(frozen=True)
class FormTable:
    """A table of the form with its heading."""

    title: str
    html: str


@dataclass(frozen=True)
class FormGoal:
    """A goal of the form: the reporter's own assessment beside what is computed."""

    title: str
    assessment: Assessment | None
    figures: Sequence[Figure]


@dataclass(frozen=True)
class FilledSection:
    """A section of the form as far as the warehouse can fill it."""

    form: FormSection
    facts: Sequence[tuple[str, str]]
    goals: Sequence[FormGoal]
    tables: Sequence[FormTable]
    statements: Sequence[Statement]

    @property
    def is_filled(self) -> bool:
        """Whether anything of the section is known."""
        return bool(self.facts or self.goals or self.tables or self.statements)


def reporters(source: Source, reference: Reference) -> list[tuple[str, str]]:
    """Everyone who has a final report, code and name: the authorities, then the municipalities of the release.

    Nobody, where the release knows no area.
    """
    if not source.areas or source.default_period is None:
        return []
    authorities = [code for code in reference.lists.get("party", {}) if code not in ("KOMMUN", "ALL")]
    municipalities = [area.code for area in source.areas if area.level == "municipality"]
    return [(code, reference.label("reporter", code)) for code in (*authorities, *municipalities)]


def write_final_reports(folder: Path, overview: Overview, share: Share = WHOLE) -> list[Path]:
    """Write one form per reporter, or a share of them; returns the files."""
    source = overview.source
    named = [period for period in source.periods if period.code == _PROGRAM]
    period = named[0] if named else source.default_period
    everyone = reporters(source, overview.reference)
    if period is None:
        return []
    return [_write(folder, overview, code, everyone, period) for code, _ in share.part(everyone)]


def _write(
    folder: Path, overview: Overview, code: str, everyone: Sequence[tuple[str, str]], period: Period
) -> Path:
    source = overview.source
    area = next((a for a in source.areas if a.code == code), source.areas[0])
    place = Place(area, period)
    name = overview.reference.label("reporter", code)
    context = {
        "root": "../",
        "page_title": f"Slutrapport – {name}",
        "name": name,
        "place": place,
        "sections": [
            _section(form, overview, code, everyone, place) for form in overview.layout.final_report
        ],
        "purpose": overview.layout.purpose,
        "published": published_about(code, source, overview.reference),
        "provenance": overview.provenance,
    }
    return rendering.write_page(folder / "slutrapport" / f"{code}.html", "slutrapport.html.j2", context)


def _section(
    form: FormSection, overview: Overview, code: str, everyone: Sequence[tuple[str, str]], place: Place
) -> FilledSection:
    facts = _facts(overview, code, everyone, place) if form.id == "general" else []
    goals = _goals(overview, code, place) if form.id == "goals" else []
    own = [s for s in overview.statements if s.reporter == code and s.category in form.categories]
    tables = [t for t in (_table(name, overview, code, place) for name in _TABLES.get(form.id, ())) if t]
    return FilledSection(form, facts, goals, tables, own)


def _grants(source: Source, code: str) -> list[Row]:
    return [row for row in source.rows("grant_use") if str(row.get("municipality_code")) == code]


def _facts(
    overview: Overview, code: str, everyone: Sequence[tuple[str, str]], place: Place
) -> list[tuple[str, str]]:
    reference = overview.reference
    authorities = [name for other, name in everyone if other != code and not other.isdigit()]
    partners = authorities if code.isdigit() else [*authorities, "kommunerna"]
    grants = _grants(overview.source, code)
    facts = [
        (
            "Ansvarig organisation",
            reference.label("reporter", code) + (" (kommun)" if code.isdigit() else ""),
        ),
        ("Samverkansparter", ", ".join(partners)),
        ("Område", place.area.name),
        ("Redovisad period", place.period.label),
    ]
    for grant in grants:
        project = str(grant["project_id"])
        title = reference.label("project", project)
        span = f"{formats.value_text(grant['start_date'])} – {formats.value_text(grant['end_date'])}"
        facts.append(("Insats", project if title == project else f"{title} ({project})"))
        facts.append(("Insatstid", f"{span}, {formats.value_text(grant['month_count'])} månader"))
    return facts


def _goals(overview: Overview, code: str, place: Place) -> list[FormGoal]:
    matrix = overview.goals
    found = []
    for goal, title in matrix.goals:
        chapter = overview.layout.chapter_of_goal(goal)
        figures = figures_of(chapter.headlines, overview.source, place) if chapter else []
        found.append(FormGoal(title, matrix.cells.get((goal, code)), figures))
    return found


def _table(exhibit_id: str, overview: Overview, code: str, place: Place) -> FormTable | None:
    exhibit = next((e for e in overview.exhibits if e.id == exhibit_id), None)
    if exhibit is None:
        return None
    if exhibit_id == "grant_use":
        own = build_table(exhibit.table, _grants(overview.source, code), overview.reference)
        html = rendering.table(own)
    elif exhibit_id == "staffing":
        rows = [
            row
            for row in overview.source.in_period(exhibit.indicator, place.period)
            if str(row.get("party_code")) == code
        ]
        staff = build_table(exhibit.table, rows, overview.reference, place.period.label)
        html = rendering.table(staff)
    else:
        html = overview.table(exhibit, place)
    return FormTable(exhibit.title, html) if html else None
