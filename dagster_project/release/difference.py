"""What a release changed against the one before, as a short Markdown text for the Dagster UI."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
        before, changed_deliveries(old, sealed), changed_counts(settings, before, sealed.version)
    )


def as_markdown(before: str, deliveries: Sequence[Row], cells: Mapping[str, int]) -> str:
    """The difference to the release `before` as two small tables."""
    lines = [f"Against {before}; cell by cell with `trisam diff`.", ""]
    if deliveries:
        lines += ["| delivery | change |", "| --- | --- |"]
        lines += [f"| {row['delivery']} | {row['change']} |" for row in deliveries]
    else:
        lines.append("The deliveries are the same.")
    lines.append("")
    if cells:
        lines += ["| indicator | changed cells |", "| --- | ---: |"]
        lines += [f"| {indicator} | {count} |" for indicator, count in cells.items()]
    else:
        lines.append("No indicator cell has changed.")
    return "\n".join(lines)
