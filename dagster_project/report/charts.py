"""Charts as static SVG: points from rows, an altair specification per kind, inline SVG without network.

A chart comes with what people who do not see it need: a text that tells its content and the points as a
table. What charts there are is said in `layout.yml`; the look is said here, once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dagster_project.report import formats
from dagster_project.report.cells import Cell, Row, count_behind, null_is_withheld
from dagster_project.report.layout import ChartSpec, Series
from dagster_project.report.reference import Reference
from dagster_project.report.tables import Group, Head, Line, Table, matching

# Apart in lightness too, so that they hold in print and for the colour-blind; 3:1 against white at least.
PALETTE = ("#17496b", "#2b8a7e", "#c0761d", "#7a3b69")
_GREY = "#5b6670"
_FONT = "'Source Sans 3', 'Segoe UI', 'Liberation Sans', Arial, sans-serif"
_WIDTH = 420
_HEIGHT = 210
_CROWDED = 14
_LEGEND_LINE = 46  # letters that fit above the chart
# Decimals only where a mark has one: rounded, two marks of a low chart would read the same.
_MARKS = ",.2~f"
_LOCALE = {
    "decimal": ",",
    "thousands": formats.NBSP,
    "grouping": [3],
    "currency": ["", f"{formats.NBSP}kr"],
    "minus": formats.MINUS,
}
_KIND_TEXT = {"lines": "Linjediagram", "stacked": "Staplat stapeldiagram", "grouped": "Stapeldiagram"}


@dataclass(frozen=True)
class Point:
    """A value of one series at one place of the x axis; `n` is the count behind a percent."""

    x: str
    series: str
    value: float | None
    n: object = None
    withheld: bool = False


@dataclass(frozen=True)
class Chart:
    """A drawn chart: inline SVG, the text that stands for it, and its points as a table."""

    title: str
    svg: str
    description: str
    data: Table
    has_withheld: bool = False


def series_of(spec: ChartSpec, reference: Reference) -> list[Series]:
    """The series of a chart: those it names, or one per code of the list it is split by."""
    if spec.split is None:
        return spec.series
    measured, key = spec.series[0], spec.split.key
    codes = reference.lists.get(spec.split.list, {})
    return [
        measured.model_copy(update={"title": label, "where": {**measured.where, key: code}})
        for code, label in codes.items()
        if code != spec.split.total
    ]


def points_of(spec: ChartSpec, rows: Sequence[Row], reference: Reference) -> list[Point]:
    """The points of a chart in the order of its x axis."""
    key = spec.x.key
    kept = [row for row in rows if key != "period" or row.get("period_type") == spec.period_type]
    codes = reference.order(spec.x.list, {str(row.get(key)) for row in kept})
    found: list[Point] = []
    series = [
        (one, {str(row.get(key)): row for row in matching(kept, one.where)})
        for one in series_of(spec, reference)
    ]
    for code in codes:
        for one, by_code in series:
            row = by_code.get(code, {})
            value = row.get(one.measure)
            plain = float(value) if isinstance(value, int | float) else None
            n = count_behind(one.n, row)
            withheld = plain is None and null_is_withheld(row, one.n, n)
            found.append(Point(code, one.title, plain, n, withheld))
    return found


def draw(spec: ChartSpec, points: Sequence[Point], reference: Reference) -> Chart | None:
    """Draw the chart; None where no point has a value."""
    if not any(point.value is not None for point in points):
        return None
    labels = _labels(spec, points, reference)
    # A bar without its withheld part would read as a lower one.
    partly = {p.x for p in points if p.withheld} if spec.kind == "stacked" else set()
    values = tuple(
        (labels[p.x], p.series, None if p.x in partly else p.value, number) for number, p in enumerate(points)
    )
    titles = tuple(one.title for one in series_of(spec, reference))
    svg = _drawn(spec.model_dump_json(), titles, len(labels) > _CROWDED, values)
    told, table = describe(spec, points, reference), data_table(spec, points, reference)
    return Chart(spec.title, svg, told, table, any(point.withheld for point in points))


@lru_cache(maxsize=512)
def _drawn(
    spec_json: str, titles: tuple[str, ...], crowded: bool, values: tuple[tuple[object, ...], ...]
) -> str:
    """The drawing of a chart. Equal ones are one: most of an open report's are those of the report itself."""
    # The import takes seconds, and a report without points needs none.
    import vl_convert  # noqa: PLC0415

    template = _template(spec_json, titles, crowded)
    source, *derived = template["data"]
    points = [dict(zip(("x", "series", "value", "order"), value, strict=True)) for value in values]
    drawing = {**template, "data": [{**source, "values": points}, *derived]}
    return _inline(vl_convert.vega_to_svg(drawing, format_locale=_LOCALE))


def _labels(spec: ChartSpec, points: Sequence[Point], reference: Reference) -> dict[str, str]:
    """Texts of the x axis, with a bar where a line breaks: after a comma, and before the year, which stands under
    its first period only.
    """
    labels: dict[str, str] = {}
    last_year = ""
    for code in dict.fromkeys(point.x for point in points):
        if spec.x.key != "period":
            labels[code] = reference.label(spec.x.list, code).replace(", ", ",|")
            continue
        part, _, year = formats.short_period_text(code).rpartition(" ")
        labels[code] = f"{part}|{year}" if part and year != last_year else f"{part or year}"
        # Texts must differ for the axis; blanks that nobody sees tell the same quarter of two years apart.
        labels[code] += " " * sum(text.strip() == labels[code] for text in labels.values())
        last_year = year
    return labels


@lru_cache(maxsize=64)
def _template(spec_json: str, titles: tuple[str, ...], crowded: bool) -> dict[str, Any]:
    """The compiled specification of a chart without its values; a crowded axis leaves labels out.

    Compiling takes as long as drawing, and charts of one kind differ in their values alone.
    """
    # Both take seconds to import; see `_drawn`.
    import altair as alt  # noqa: PLC0415
    import vl_convert  # noqa: PLC0415

    spec = ChartSpec.model_validate_json(spec_json)
    legend = _legend(alt, spec, titles)
    scale = alt.Scale(domain=list(titles), range=list(PALETTE))
    encodings: dict[str, Any] = {
        "x": alt.X("x:O", sort=None, axis=_x_axis(alt, spec, crowded)),
        "y": alt.Y("value:Q", title=spec.axis or None, axis=alt.Axis(format=_MARKS, tickCount=5)),
        "color": alt.Color("series:N", scale=scale, legend=legend),
    }
    chart = alt.Chart({"values": []}, width=_WIDTH, height=_HEIGHT)
    if spec.kind == "lines":
        chart = chart.mark_line(point=alt.OverlayMarkDef(size=48, filled=True), strokeWidth=2.2)
        dash = alt.Scale(domain=list(titles), range=[[1, 0], [6, 3], [2, 2], [8, 3, 2, 3]])
        encodings["strokeDash"] = alt.StrokeDash("series:N", scale=dash, legend=legend)
    elif spec.kind == "grouped":
        chart = chart.mark_bar()
        encodings["xOffset"] = alt.XOffset("series:N", sort=list(titles))
    else:
        chart = chart.mark_bar()
        encodings["order"] = alt.Order("order:Q")
    compiled: dict[str, Any] = vl_convert.vegalite_to_vega(_styled(chart.encode(**encodings)).to_dict())
    return compiled


def _x_axis(alt: Any, spec: ChartSpec, crowded: bool) -> Any:
    return alt.Axis(
        title=None,
        labelAngle=0 if spec.x.key == "period" or spec.x.list == "wave" else -35,
        labelExpr="split(datum.label, '|')",
        labelOverlap="greedy" if crowded else False,
        ticks=False,
        labelPadding=6,
    )


def _legend(alt: Any, spec: ChartSpec, titles: Sequence[str]) -> Any:
    """The legend above the chart, in two rows where one is too narrow; none for a single series."""
    if len(titles) < 2:
        return None
    rows = 1 + (sum(map(len, titles)) > _LEGEND_LINE)
    return alt.Legend(
        title=None,
        orient="top",
        symbolType="stroke" if spec.kind == "lines" else "square",
        symbolSize=500 if spec.kind == "lines" else 120,
        columns=-(-len(titles) // rows),
    )


def _styled(chart: Any) -> Any:
    return (
        chart.configure(font=_FONT, background="transparent", aria=False)
        .configure_axis(
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            labelColor=_GREY,
            titleColor=_GREY,
            gridColor="#e3e7ea",
            domainColor="#9aa5ad",
            tickColor="#9aa5ad",
        )
        .configure_axisX(grid=False)
        .configure_axisY(domain=False, ticks=False)
        .configure_legend(labelFontSize=12, labelColor="#22303a", columnPadding=14, labelLimit=240)
        .configure_view(stroke=None)
        .configure_scale(bandPaddingInner=0.25)
    )


def _inline(svg: str) -> str:
    """SVG fit to stand in a page: no namespaces, no fixed size, no white sheet, no unseen parts, the page's
    font, and hidden from screen readers.
    """
    svg = re.sub(r'<text[^>]* opacity="0">[^<]*</text>', "", svg)
    svg = re.sub(
        r' xmlns(:\w+)?="[^"]*"| version="1.1"| (class|font-family|pointer-events|stroke-miterlimit)="[^"]*"'
        r'| opacity="1"| (aria-|role)[\w-]*="[^"]*"',
        "",
        svg,
    )
    svg = re.sub(r'<svg width="\d+" height="\d+"', '<svg aria-hidden="true" focusable="false"', svg, count=1)
    return re.sub(r"(\d+\.\d\d)\d+", r"\1", svg)


def describe(spec: ChartSpec, points: Sequence[Point], reference: Reference) -> str:
    """What the chart shows, in words: for each series its first and last value."""
    parts = []
    for one in series_of(spec, reference):
        known = [p for p in points if p.series == one.title and p.value is not None]
        if not known:
            continue
        first, last = known[0], known[-1]
        text = (
            f"{one.title}: {formats.value_text(first.value, spec.unit)} ({_name(spec, first.x, reference)})"
        )
        if last is not first:
            text += f", {formats.value_text(last.value, spec.unit)} ({_name(spec, last.x, reference)})"
        parts.append(text)
    return (
        f"{_KIND_TEXT[spec.kind]}: {spec.title}. "
        + ". ".join(parts)
        + ". Alla värden finns i tabellen under."
    )


def _name(spec: ChartSpec, code: str, reference: Reference) -> str:
    return reference.label(spec.x.list, code)


def data_table(spec: ChartSpec, points: Sequence[Point], reference: Reference) -> Table:
    """The points as a table, x down, series across."""
    by_x: dict[str, list[Cell]] = {}
    for point in points:
        text = formats.WITHHELD if point.withheld else formats.value_text(point.value, spec.unit)
        n = formats.value_text(point.n) if point.value is not None else ""
        by_x.setdefault(point.x, []).append(Cell(text, n, point.withheld))
    lines = [Line(_name(spec, code, reference), cells) for code, cells in by_x.items()]
    heads = [Head(one.title) for one in series_of(spec, reference)]
    head = "Period" if spec.x.key == "period" else ""
    return Table(head or "Kategori", heads, [Group("", lines)], spec.title)
