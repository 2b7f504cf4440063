"""What a release changed against the one before, as a short Markdown text for the Dagster UI."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dagster_project.release.candidate import DATABASE
from dagster_project.release.history import Row, changed_counts, changed_deliveries
from dagster_project.release.manifest import Manifest, read_manifest
from dagster_project.settings import Settings


def difference_to_previous(settings: Settings, sealed: Manifest) -> str:
    """Deliveries that came, went or changed, and changed cells per indicator; says so where nothing is before."""
    before = sealed.previous_version
    folder = settings.releases_dir / before if before else None
    old = read_manifest(folder) if folder else None
    if before is None or old is None:
        return "There is no earlier release to compare with."
    return as_markdown(
        before,
        changed_deliveries(old, sealed),
        changed_counts(settings, before, sealed.version),
        moved_figures(settings.releases_dir / sealed.version / DATABASE),
    )


@dataclass(frozen=True)
class Moved:
    """County figures of years and half-years of one indicator that differ: `grown` rest on more days than before,
    `corrected` on the same.
    """

    grown: int = 0
    corrected: int = 0


def moved_figures(database: Path) -> dict[str, Moved]:
    """The county figures of a release that differ from the release before, by indicator."""
    with closing(duckdb.connect(str(database), read_only=True)) as con:
        rows = con.execute(
            "select indicator, count(*) filter (where not same_coverage), count(*) filter (where same_coverage) "
            "from quality.indicator_drift where value_now is distinct from value_before group by indicator"
        ).fetchall()
    return {indicator: Moved(grown, corrected) for indicator, grown, corrected in rows}


def as_markdown(
    before: str, deliveries: Sequence[Row], cells: Mapping[str, int], moved: Mapping[str, Moved]
) -> str:
    """The difference to the release `before` as two small tables."""
    lines = [f"Against {before}; cell by cell with `trisam diff`.", ""]
    if deliveries:
        lines += ["| delivery | change |", "| --- | --- |"]
        lines += [f"| {row['delivery']} | {row['change']} |" for row in deliveries]
    else:
        lines.append("The deliveries are the same.")
    lines.append("")
    if cells:
        lines += [
            "Of the county's years and half-years: figures that have grown because more days are delivered, and "
            "figures that rest on the same days and were corrected.",
            "",
            "| indicator | changed cells | county: grown | county: corrected |",
            "| --- | ---: | ---: | ---: |",
        ]
        for indicator, count in cells.items():
            county = moved.get(indicator, Moved())
            lines.append(f"| {indicator} | {count} | {county.grown} | {county.corrected} |")
    else:
        lines.append("No indicator cell has changed.")
    return "\n".join(lines)
