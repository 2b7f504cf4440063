"""What stands behind the figures: the definition of each indicator, and the deliveries a release rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dagster_project.report import formats
from dagster_project.report.lacking import lacking
from dagster_project.report.placed import Row
from dagster_project.report.source import Source

# The parts of a registry entry that a reader sees beside the definition.
_PARTS = (
    ("Källa", "source_document"),
    ("Plats i källan", "source_page"),
    ("Kända avvikelser i källan", "known_discrepancies_sv"),
)


@dataclass(frozen=True)
class Definition:
    """An indicator in words: title, definition, and its parts as (name, text)."""

    name: str
    title: str
    text: str
    parts: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Provenance:
    """What the release rests on: its version and a row per party and dataset; `lacking`: what was left out of it."""

    version: str
    deliveries: Sequence[Mapping[str, str]]
    delivery_count: int
    quarantined_count: int
    lacking: Sequence[str] = ()


def definitions(source: Source) -> dict[str, Definition]:
    """The registry of indicators, by name."""
    found = {}
    for row in source.rows("indicator"):
        name = str(row["name"])
        found[name] = Definition(name, str(row["title_sv"]), str(row["definition_sv"] or ""), _parts(row))
    return found


def _parts(row: Row) -> list[tuple[str, str]]:
    return [(title, str(row[column])) for title, column in _PARTS if row.get(column)]


def provenance(source: Source) -> Provenance:
    """The version and deliveries in force; an open release tells neither."""
    in_force = [row for row in source.rows("delivery", "quality") if row.get("status") == "in_force"]
    versions = [r["item"] for r in source.rows("publication", "quality") if r.get("item_type") == "version"]
    by_dataset: dict[tuple[str, str], list[Row]] = {}
    for row in in_force:
        by_dataset.setdefault((str(row["party"]), str(row["dataset"])), []).append(row)
    listed = [_delivered(party, dataset, rows) for (party, dataset), rows in sorted(by_dataset.items())]
    quarantined = sum(_count(row, "rows_quarantined") for row in in_force)
    version = str(versions[0]) if versions else ""
    return Provenance(version, listed, len(in_force), quarantined, lacking(source))


def _delivered(party: str, dataset: str, rows: Sequence[Row]) -> dict[str, str]:
    ends = [str(row["period_end"]) for row in rows if row.get("period_end")]
    starts = [str(row["period_start"]) for row in rows if row.get("period_start")]
    return {
        "party": party,
        "dataset": dataset,
        "covers": f"{min(starts)} – {max(ends)}" if starts and ends else "",
        "files": formats.number(len(rows)),
        "rows": formats.number(sum(_count(row, "rows_loaded") for row in rows)),
        "quarantined": formats.number(sum(_count(row, "rows_quarantined") for row in rows)),
    }


def _count(row: Row, column: str) -> int:
    value = row.get(column)
    return value if isinstance(value, int) else 0
