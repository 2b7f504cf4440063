"""The report itself, `index.html`: chapters with exhibits for the default place. The rendered parts of every
other place lie beside it (written by `areas`), and a small script puts them in when a reader chooses.

Used for the release and for the open release; what differs is said in `Edition`.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from dagster_project.report import rendering
from dagster_project.report.exhibits import (
    Place,
    chart_of,
    depends_on,
    figures_of,
    rows_of,
    table_of,
    with_names,
    without_period,
)
from dagster_project.report.layout import Chapter, Exhibit, Layout
from dagster_project.report.matrices import GoalMatrix, Statement, goal_matrix, statements_of, theme_matrix
from dagster_project.report.published import Published, published_of
from dagster_project.report.reference import Reference
from dagster_project.report.registry import Definition, Provenance, definitions, provenance
from dagster_project.report.source import Area, Period, Source
from dagster_project.report.tables import Table

# Scopes of tables whose charts are the same for every area.
WITHOUT_AREA = ("all", "period")
_COMMON = "gemensamt"


@dataclass(frozen=True)
class Edition:
    """Which of the two reports is built: the house's own, or the open one without what may identify."""

    open_release: bool = False
    final_reports: Sequence[tuple[str, str]] = ()
    quarters: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Shown:
    """An exhibit as the page holds it."""

    exhibit: Exhibit
    by: str
    table: str
    chart: str
    definition: Definition | None
    published: Published | None


@dataclass(frozen=True)
class Section:
    """A chapter as the page holds it."""

    chapter: Chapter
    title: str
    figures: str
    shown: Sequence[Shown]
    assessments: Sequence[object]
    statements: Sequence[object]


class Overview:
    """The rendered parts of a report: by place, by area, by period, and those that never change."""

    def __init__(self, source: Source, layout: Layout, reference: Reference, edition: Edition) -> None:
        self.source = source
        self.layout = layout
        self.edition = edition
        self.reference = with_names(reference.extended(layout.labels), source)
        offered = layout.exhibits()
        self.exhibits = [e for e in offered if e.open] if edition.open_release else offered
        self.definitions = definitions(source)
        # Drawing one takes a fifth of a second, and the first area's stand on the page itself, too.
        self._charts: dict[tuple[str, str], str] = {}
        self.charted = source.largest_areas(layout.limit_charts_to_areas)

    @cached_property
    def goals(self) -> GoalMatrix:
        """What every reporter says of every goal."""
        return goal_matrix(self.source, self.reference)

    @cached_property
    def statements(self) -> Sequence[Statement]:
        """The statements of the release."""
        return statements_of(self.source, self.reference)

    @cached_property
    def provenance(self) -> Provenance:
        """What the release rests on."""
        return provenance(self.source)

    def table(self, exhibit: Exhibit, place: Place) -> str:
        """The table of an exhibit as HTML; blank where nothing is known."""
        return rendering.table(self._laid_out(exhibit, place))

    def _laid_out(self, exhibit: Exhibit, place: Place) -> Table | None:
        return table_of(exhibit, self.source, place, self.reference, open_release=self.edition.open_release)

    def _tables(self, exhibit: Exhibit, area: Area, periods: Sequence[Period]) -> list[str]:
        """The tables of an exhibit for each period; a named period is often a calendar one, and laid out with it."""
        bodies: dict[Hashable, str] = {}
        tables = []
        for place in (Place(area, period) for period in periods):
            told = without_period(rows_of(exhibit, self.source, place))
            if told not in bodies:
                bodies[told] = rendering.body(self._laid_out(exhibit, place))
            tables.append(rendering.table_of(bodies[told], place.label))
        return tables

    def figures(self, chapter_id: str, place: Place) -> str:
        """The headline figures of a chapter (blank id: of the report) as HTML."""
        chapter = next((c for c in self.layout.chapters if c.id == chapter_id), None)
        headlines = chapter.headlines if chapter else self.layout.headlines
        found = figures_of(headlines, self.source, place)
        return rendering.part("figures", found, place.label) if found else ""

    def chart(self, exhibit: Exhibit, area: Area) -> str:
        """The chart of an exhibit as HTML; blank where there is none."""
        if (exhibit.id, area.code) not in self._charts:
            chart = chart_of(exhibit, self.source, area, self.reference)
            name = self._chart_of(exhibit, area)
            self._charts[exhibit.id, area.code] = rendering.part("chart", chart, name) if chart else ""
        return self._charts[exhibit.id, area.code]

    def _chart_of(self, exhibit: Exhibit, area: Area) -> str:
        """What a chart is of, beside its title: everything, the first period, or the area."""
        first = self.source.default_period.label if self.source.default_period else ""
        return {"all": "", "period": first}.get(exhibit.table.scope, area.name)

    def of_area(self, area: Area, periods: Sequence[Period]) -> dict[str, object]:
        """Every part of an area: tables and figures by period, tables of its time, charts."""
        exhibits = [e for e in self.exhibits if depends_on(e.table) == "place"]
        chapters = ["", *(c.id for c in self.layout.chapters if c.headlines)]
        tables = {e.id: self._tables(e, area, periods) for e in exhibits}
        by_period = {}
        for number, period in enumerate(periods):
            place = Place(area, period)
            parts = {slot: of_period[number] for slot, of_period in tables.items()}
            parts |= {f"tal-{chapter}": self.figures(chapter, place) for chapter in chapters}
            by_period[period.key] = {slot: html for slot, html in parts.items() if html}
        steady = {
            e.id: self.table(e, Place(area, periods[0]))
            for e in self.exhibits
            if depends_on(e.table) == "area"
        }
        if area.code in self.charted:
            steady |= {
                f"diagram-{e.id}": self.chart(e, area)
                for e in self.exhibits
                if e.chart and e.table.scope not in WITHOUT_AREA
            }
        return {"p": by_period, "a": steady}

    def of_periods(self, area: Area, periods: Sequence[Period]) -> dict[str, object]:
        """The parts that change with the period alone."""
        exhibits = [e for e in self.exhibits if depends_on(e.table) == "period"]
        return {
            "p": {p.key: {e.id: self.table(e, Place(area, p)) for e in exhibits} for p in periods},
            "a": {},
        }


def offered_periods(overview: Overview) -> list[Period]:
    """The periods to choose from; quarters are left out where there are very many areas."""
    source = overview.source
    few = len(source.areas) <= overview.layout.limit_charts_to_areas
    return [p for p in source.periods if few or p.type != "quarter"]


def write_overview(folder: Path, overview: Overview) -> list[Path]:
    """Write `index.html`, its assets and the parts that no area has of its own; returns the files."""
    areas, default = overview.source.areas, overview.source.default_period
    periods = offered_periods(overview)
    written = rendering.write_assets(folder)
    place = Place(areas[0], default) if areas and default else None
    if place:
        script = rendering.fragments_script(_COMMON, overview.of_periods(place.area, periods))
        written.append(rendering.write_text(folder / "assets" / f"omrade-{_COMMON}.js", script))
    context = {**_frame(overview, periods, place), "sections": _sections(overview, place)}
    written.append(rendering.write_page(folder / "index.html", "index.html.j2", context))
    return written


def _frame(overview: Overview, periods: Sequence[Period], place: Place | None) -> dict[str, object]:
    source, reference = overview.source, overview.reference
    kinds = list(dict.fromkeys(period.type for period in periods))
    return {
        "layout": overview.layout,
        "edition": overview.edition,
        "root": "",
        "page_title": overview.layout.title,
        "place": place,
        "areas": source.areas,
        "period_groups": [
            (reference.label("period_type", kind), [p for p in periods if p.type == kind]) for kind in kinds
        ],
        "figures": overview.figures("", place) if place else "",
        "goals": overview.goals,
        "themes": theme_matrix(source, reference),
        "statements": overview.statements,
        "provenance": overview.provenance,
        "goal_definition": overview.definitions.get("goal_status"),
        "theme_definition": overview.definitions.get("observation_theme"),
        "goals_published": published_of("goal_status", source, reference),
    }


def _sections(overview: Overview, place: Place | None) -> list[Section]:
    first_of: dict[str, str] = {}
    for exhibit in overview.exhibits:
        first_of.setdefault(exhibit.indicator, exhibit.id)
    kept = {exhibit.id for exhibit in overview.exhibits}
    sections = []
    for chapter in overview.layout.chapters:
        shown = [
            _shown(overview, e, place, first_of[e.indicator] == e.id)
            for e in chapter.exhibits
            if e.id in kept
        ]
        about = [s for s in overview.statements if set(s.themes) & set(chapter.themes)]
        sections.append(
            Section(
                chapter,
                chapter.title or overview.reference.label("goal", chapter.goal),
                overview.figures(chapter.id, place) if place and chapter.headlines else "",
                shown,
                _assessments(overview.goals, chapter),
                about,
            )
        )
    return sections


def _assessments(goals: GoalMatrix, chapter: Chapter) -> list[object]:
    return list(goals.of_goal(chapter.goal)) if chapter.goal else []


def _shown(
    overview: Overview,
    exhibit: Exhibit,
    place: Place | None,
    is_first: bool,
) -> Shown:
    table = overview.table(exhibit, place) if place else ""
    charted = place and (exhibit.table.scope in WITHOUT_AREA or place.area.code in overview.charted)
    chart = overview.chart(exhibit, place.area) if place and charted else ""
    return Shown(
        exhibit,
        depends_on(exhibit.table),
        table,
        chart,
        overview.definitions.get(exhibit.indicator),
        published_of(exhibit.indicator, overview.source, overview.reference) if is_first else None,
    )
