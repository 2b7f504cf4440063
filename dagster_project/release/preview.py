"""A short look into a table as Markdown, for people who see it in the Dagster UI: first rows, and a small chart.

For indicator tables only: they hold counts, never persons. What a chart shows is data, in `previews.yml`.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

import duckdb
import yaml
from pydantic import BaseModel, ConfigDict

from dagster_project.sql_text import identifier as name

_CHARTS = Path(__file__).with_name("previews.yml")
_ROWS = 12
_BARS = 12
_LABEL_LENGTH = 34
# Sizes in pixels: a chart is as wide as the side panel of the UI.
_WIDTH, _LABELS, _NUMBERS, _LINE = 560, 230, 60, 20


class Chart(BaseModel):
    """What the chart of a table shows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str
    value: str
    only: Mapping[str, str | int] = {}
    leave_out: Sequence[str] = ()


@cache
def load_charts() -> dict[str, Chart]:
    """The charts by table."""
    entries = yaml.safe_load(_CHARTS.read_text(encoding="utf-8"))
    return {table: Chart.model_validate(entry) for table, entry in entries.items()}


def markdown_preview(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> tuple[int, str]:
    """Row count, and the first rows of a table as a Markdown table."""
    relation = con.sql(f"from {name(schema)}.{name(table)}")
    counted = relation.aggregate("count(*)").fetchone()
    rows = relation.limit(_ROWS).fetchall()
    head = "| " + " | ".join(relation.columns) + " |"
    rule = "|" + " --- |" * len(relation.columns)
    body = ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    return (int(counted[0]) if counted else 0), "\n".join([head, rule, *body])


def chart_preview(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> str | None:
    """The chart of a table as a Markdown image that needs no network; None where it has none, or no rows."""
    chart = load_charts().get(table)
    if chart is None:
        return None
    bars = _bars(con, schema, table, chart)
    if not bars:
        return None
    picture = base64.b64encode(svg_bars(bars).encode("utf-8")).decode("ascii")
    return f"![{chart.value} by {chart.label}](data:image/svg+xml;base64,{picture})"


def _bars(con: duckdb.DuckDBPyConnection, schema: str, table: str, chart: Chart) -> list[tuple[str, float]]:
    source = f"{name(schema)}.{name(table)}"
    columns = con.sql(f"from {source}").columns
    tests = [f"{name(column)} = ?" for column in chart.only]
    values: list[str | int] = list(chart.only.values())
    if "area_level" in columns:
        tests.append("area_level = 'county'")
        tests.append(f"area_code = (select min(area_code) from {source} where area_level = 'county')")
    if "period_type" in columns:
        tests.append("period_type = 'year'")
    kept = f"select * from {source}" + (f" where {' and '.join(tests)}" if tests else "")
    latest = "period_type" in columns and chart.label != "period"
    newest = (
        f" where period = (select max(period) from kept where {name(chart.value)} is not null)"
        if latest
        else ""
    )
    order = "sort_order" if "sort_order" in columns else chart.label
    rows = con.execute(
        f"with kept as ({kept}) select coalesce({name(chart.label)}::varchar, ''), sum({name(chart.value)}) as shown "
        f"from kept{newest} group by {name(chart.label)} having shown is not null "
        f"order by min({name(order)}), 1 limit {_BARS}",
        values,
    ).fetchall()
    return [(str(label), float(value)) for label, value in rows if label not in chart.leave_out]


def svg_bars(bars: Sequence[tuple[str, float]]) -> str:
    """Horizontal bars with their labels and values as one SVG picture. Values are not below zero."""
    longest = max([0.0, *(value for _, value in bars)]) or 1
    room = _WIDTH - _LABELS - _NUMBERS
    lines = [
        _bar(label, value, _LINE * number, room * max(value, 0) / longest)
        for number, (label, value) in enumerate(bars)
    ]
    height = _LINE * len(bars)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" '
        f'viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" font-size="12">'
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>{"".join(lines)}</svg>'
    )


def _bar(label: str, value: float, top: int, length: float) -> str:
    shown = label if len(label) <= _LABEL_LENGTH else f"{label[: _LABEL_LENGTH - 1]}…"
    middle = top + _LINE - 6
    return (
        f'<text x="{_LABELS - 8}" y="{middle}" text-anchor="end">{escape(shown)}</text>'
        f'<rect x="{_LABELS}" y="{top + 3}" width="{length:.1f}" height="{_LINE - 6}" fill="#1f5f8b"/>'
        f'<text x="{_LABELS + length + 5:.1f}" y="{middle}">{_number(value)}</text>'
    )


def _number(value: float) -> str:
    return f"{value:,.0f}".replace(",", "\u00a0") if value == int(value) else f"{value:.1f}"


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = f"{value:.1f}" if isinstance(value, float) else str(value)
    return text.replace("|", "\\|").replace("\n", " ")
