"""An exhibit for a place: which rows of its indicator it takes, as a table, a chart, headlines.

Between `source` (rows) and `tables`, `charts` (how rows look). No HTML.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from dagster_project.report import formats
from dagster_project.report.cells import count_behind, is_offered, is_withheld, null_is_withheld
from dagster_project.report.charts import Chart, draw, points_of
from dagster_project.report.layout import Exhibit, Headline, TableSpec
from dagster_project.report.placed import PERIOD_KEYS, Row
from dagster_project.report.reference import Reference
from dagster_project.report.source import Area, Period, Source
from dagster_project.report.tables import Table, build_table, matching


@dataclass(frozen=True)
class Figure:
    """A headline figure: its title, value, and what it rests on."""

    title: str
    value: str
    behind: str = ""
    withheld: bool = False


@dataclass(frozen=True)
class Place:
    """What a reader has chosen."""

    area: Area
    period: Period

    @property
    def label(self) -> str:
        """Area and period in words."""
        return f"{self.area.name}, {self.period.words}"


def with_names(reference: Reference, source: Source) -> Reference:
    """The reference, with names that only the release knows: teams, projects, periods."""
    projects = {
        str(row["project_id"]): str(row.get("project_name") or row["project_id"])
        for row in source.rows("grant_use")
    }
    waves = sorted({str(row["wave_code"]) for row in source.rows("survey_readiness")}, key=formats.wave_order)
    return reference.extended(
        {
            "team": {team.code: team.name for team in source.teams},
            "project": projects,
            "period": {period.code: period.label for period in source.periods},
            "wave": {code: formats.wave_text(code) for code in waves},
        }
    )


def depends_on(table: TableSpec) -> str:
    """What a table changes with: `place`, `area`, `period` or `nothing`."""
    return {"periods": "area", "period": "period", "all": "nothing"}.get(table.scope, "place")


def rows_of(exhibit: Exhibit, source: Source, place: Place) -> Sequence[Row]:
    """The rows of the exhibit's indicator that its table shows at a place."""
    spec, table = exhibit.table, exhibit.indicator
    if spec.scope == "all":
        return source.rows(table)
    if spec.scope == "period":
        return source.in_period(table, place.period)
    if spec.scope == "periods":
        kinds = spec.period_types
        return [row for p in source.periods if p.type in kinds for row in source.at(table, p, place.area)]
    if spec.scope == "selection":
        return source.at(table, place.period, place.area)
    level = "team" if spec.scope == "teams" else "municipality"
    return source.inside_at(table, place.period, place.area, level)


def table_of(
    exhibit: Exhibit, source: Source, place: Place, reference: Reference, *, open_release: bool = False
) -> Table | None:
    """The table of an exhibit at a place; None where nothing is known there."""
    where = {"place": place.label, "area": place.area.name, "period": place.period.label, "nothing": ""}
    caption = where[depends_on(exhibit.table)]
    rows = rows_of(exhibit, source, place)
    return build_table(exhibit.table, rows, reference, caption, open_release=open_release)


def without_period(rows: Sequence[Row]) -> Hashable:
    """What rows say beside their period, which stands first in them: equal where tables differ in the caption alone."""
    return tuple([tuple(row.values())[len(PERIOD_KEYS) :] for row in rows])


def chart_of(exhibit: Exhibit, source: Source, area: Area, reference: Reference) -> Chart | None:
    """The chart of an exhibit for an area; None where it has none or nothing to show."""
    if exhibit.chart is None:
        return None
    if exhibit.table.scope == "all":
        rows: Sequence[Row] = source.rows(exhibit.indicator)
    elif exhibit.table.scope == "period":
        rows = _lines_of(exhibit, source, reference)
    else:
        kind = exhibit.chart.period_type
        periods = [p for p in source.periods if p.type == kind]
        rows = [row for p in periods for row in source.at(exhibit.indicator, p, area)]
    return draw(exhibit.chart, points_of(exhibit.chart, rows, reference), reference)


def _lines_of(exhibit: Exhibit, source: Source, reference: Reference) -> Sequence[Row]:
    """The rows of a table without areas in the period that a reader sees first, each with its `line`: group, row."""
    group, row_key = exhibit.table.group, exhibit.table.rows
    if source.default_period is None:
        return []
    return [
        {
            **row,
            "line": ", ".join(
                reference.label(part.list, str(row.get(part.key))) for part in (group, row_key) if part
            ),
        }
        for row in source.in_period(exhibit.indicator, source.default_period)
    ]


def figures_of(headlines: Sequence[Headline], source: Source, place: Place) -> list[Figure]:
    """The headline figures at a place; those that no row states are left out."""
    found = []
    for headline in headlines:
        rows = matching(source.at(headline.indicator, place.period, place.area), headline.where)
        if len(rows) == 1 and is_offered(rows[0], headline.measure):
            found.append(_figure(headline, rows[0]))
    return found


def _figure(headline: Headline, row: Row) -> Figure:
    n = count_behind(headline.n, row)
    behind = ""
    if n is not None:
        words = "av" if headline.kind == "count" else "n ="
        behind = f"{words}{formats.NBSP}{formats.value_text(n)}"
    if is_withheld(row, headline.measure):
        return Figure(headline.title, formats.WITHHELD, behind, withheld=True)
    value = row[headline.measure]
    if value is None:
        withheld = null_is_withheld(row, headline.n, n)
        text = formats.WITHHELD if withheld else formats.NOT_COMPUTABLE
        return Figure(headline.title, text, behind, withheld)
    return Figure(headline.title, formats.value_text(value, headline.kind), behind)
