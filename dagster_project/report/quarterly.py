"""The quarterly reports, `kvartal/YYYYQn.html`: what a quarter held, county by county, beside those before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dagster_project.report import rendering
from dagster_project.report.exhibits import Place, figures_of
from dagster_project.report.layout import Exhibit
from dagster_project.report.overview import Overview
from dagster_project.report.registry import Definition
from dagster_project.report.shares import WHOLE, Share
from dagster_project.report.source import Area, Period, Source
from dagster_project.report.tables import build_table

_QUARTERS_SHOWN = 8


@dataclass(frozen=True)
class QuarterlyExhibit:
    """An exhibit of a quarter: heading, table as HTML, definition."""

    id: str
    title: str
    table: str
    definition: Definition | None


@dataclass(frozen=True)
class County:
    """A county's part of the quarterly report."""

    area: Area
    figures: str
    exhibits: Sequence[QuarterlyExhibit]


def quarters(source: Source) -> list[Period]:
    """The quarters of the release, earliest first."""
    return [period for period in source.periods if period.type == "quarter"]


def write_quarterly_reports(folder: Path, overview: Overview, share: Share = WHOLE) -> list[Path]:
    """Write one page per quarter, or a share of them; returns the files."""
    listed = quarters(overview.source)
    numbers = share.part(range(len(listed)))
    counties: dict[int, list[County]] = {number: [] for number in numbers}
    # County by county, although a page has one quarter of them all: the rows of a county are looked up once.
    for area in (area for area in overview.source.areas if area.level == "county"):
        for number in numbers:
            past = listed[max(0, number + 1 - _QUARTERS_SHOWN) : number + 1]
            counties[number].append(_county(overview, area, listed[number], past))
    return [_write(folder, overview, listed, number, counties[number]) for number in numbers]


def _write(
    folder: Path, overview: Overview, listed: Sequence[Period], number: int, counties: Sequence[County]
) -> Path:
    quarter = listed[number]
    context = {
        "root": "../",
        "page_title": f"Trisam – {quarter.label.lower()}",
        "quarter": quarter,
        "before": listed[number - 1] if number else None,
        "after": listed[number + 1] if number + 1 < len(listed) else None,
        "counties": counties,
        "provenance": overview.provenance,
    }
    return rendering.write_page(folder / "kvartal" / f"{quarter.code}.html", "kvartal.html.j2", context)


def _county(overview: Overview, area: Area, quarter: Period, past: Sequence[Period]) -> County:
    place = Place(area, quarter)
    figures = figures_of(overview.layout.headlines, overview.source, place)
    exhibits = []
    for exhibit in (e for e in overview.exhibits if e.quarterly):
        html = _table(overview, exhibit, place, past)
        if html:
            definition = overview.definitions.get(exhibit.indicator)
            exhibits.append(QuarterlyExhibit(exhibit.id, exhibit.title, html, definition))
    return County(area, rendering.part("figures", figures, place.label) if figures else "", exhibits)


def _table(overview: Overview, exhibit: Exhibit, place: Place, past: Sequence[Period]) -> str:
    if exhibit.table.scope != "periods":
        return overview.table(exhibit, place)
    rows = [row for p in past for row in overview.source.at(exhibit.indicator, p, place.area)]
    table = build_table(exhibit.table, rows, overview.reference, place.area.name)
    return rendering.table(table)
