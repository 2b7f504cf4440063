"""The published figures of the source documents beside what the warehouse computes. Words and order only;
whether they match was decided in the warehouse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dagster_project.report import formats
from dagster_project.report.cells import Cell
from dagster_project.report.placed import Row
from dagster_project.report.reference import Reference
from dagster_project.report.source import Source
from dagster_project.report.tables import Group, Head, Line, Table

_KINDS: dict[str, formats.Kind] = {
    "count": "count",
    "percent": "percent",
    "days": "days",
    "fte": "fte",
    "sek": "sek",
    "code": "text",
}


@dataclass(frozen=True)
class Published:
    """What was published of one indicator: a sentence that sums up, and every figure as a table."""

    summary: str
    table: Table
    all_match: bool


def published_of(indicator: str, source: Source, reference: Reference) -> Published | None:
    """The published figures of an indicator; None where the documents have none."""
    return _published([r for r in source.rows("reconciliation") if r["indicator"] == indicator], reference)


def published_about(code: str, source: Source, reference: Reference) -> Published | None:
    """The published figures of a municipality or authority; None where the documents have none."""
    return _published([r for r in source.rows("reconciliation") if code in _filters(r).values()], reference)


def _published(rows: Sequence[Row], reference: Reference) -> Published | None:
    if not rows:
        return None
    lines = [_line(row, reference) for row in rows]
    matching = sum(row["status"] == "match" for row in rows)
    verb = "stämmer" if matching == len(rows) else "stämmer; övriga avviker eller kan inte räknas"
    summary = f"{matching} av {len(rows)} publicerade värden {verb}."
    heads = [Head("Publicerat"), Head("Beräknat"), Head("Utfall", numeric=False)]
    table = Table("Uppgift", heads, [Group("", lines)], "Publicerat och beräknat")
    return Published(summary, table, matching == len(rows))


def _filters(row: Row) -> dict[str, str]:
    """Which row of the indicator a figure is, by column."""
    pairs = [part.partition("=") for part in str(row.get("filters") or "").split(";")]
    return {key: value for key, _, value in pairs if key}


def _line(row: Row, reference: Reference) -> Line:
    kind = _KINDS.get(str(row.get("unit")), "text")
    decimals = _printed_decimals(row.get("expected"), kind)
    outcome = reference.label("reconciliation", str(row["status"]))
    cells = [
        Cell(_value(row.get("expected"), kind, decimals, reference)),
        Cell(_value(row.get("computed"), kind, None, reference)),
        Cell(outcome),
    ]
    return Line(_label(row, reference), cells)


def _value(value: object, kind: formats.Kind, decimals: int | None, reference: Reference) -> str:
    if value is None or value == "":
        return formats.NOT_COMPUTABLE
    if kind == "text":
        return reference.label("goal_status", str(value))
    return formats.value_text(float(str(value)), kind, decimals)


def _printed_decimals(value: object, kind: formats.Kind) -> int | None:
    if value is None or value == "" or kind == "text":
        return None
    return formats.decimals_of(float(str(value)))


def _label(row: Row, reference: Reference) -> str:
    """The figure in words, from its filters and measure: `Vårdinsats/bedömning, kvinna, 2021`."""
    filters = _filters(row)
    lists = reference.lists.get("filter", {})
    if filters.get("area_level") == "county":
        filters.pop("area_code", None)
    words = [reference.label(lists[key], value) for key, value in filters.items() if lists.get(key)]
    words = _shortened(words)
    if "role" in filters:
        words.append(filters["role"])
    if "measure" in row:
        words.append(reference.label("measure", str(row["measure"])).lower())
    if "period" in filters:
        words.append(reference.label("period", filters["period"]))
    return ", ".join(words) or str(row["figure_id"])


def _shortened(words: Sequence[str]) -> list[str]:
    """Labels without what they say in brackets."""
    return [word.partition(" (")[0] for word in words]
