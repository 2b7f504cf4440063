"""The releases that are kept: listing, comparing two of them cell by cell, verifying one by its hashes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from pydantic import BaseModel

from dagster_project.release.candidate import DATABASE
from dagster_project.release.manifest import DamagedReleaseError, Manifest, hash_files, read_manifest
from dagster_project.release.switch import NoSuchReleaseError, current_version
from dagster_project.release.versions import releases
from dagster_project.settings import Settings
from dagster_project.sql_text import literal

Row = dict[str, Any]

_SCHEMA = "indicators."
_KEYS = ("indicator", "measure", "period_type", "period", "area_level", "area_code", "gender", "category")


class Difference(BaseModel):
    """What changed from one release to another.

    `cells`: one row per changed cell of `indicators.indicator_value`. `deliveries`: those that came, went or
    changed their content, which is what explains the cells.
    """

    before: str
    after: str
    cells: list[Row]
    deliveries: list[Row]


def list_releases(settings: Settings) -> list[Row]:
    """One row per kept release, oldest first."""
    current = current_version(settings.published_link)
    rows = []
    for version in releases(settings.releases_dir):
        manifest = read_manifest(settings.releases_dir / version)
        rows.append(
            {
                "version": version,
                "published": "*" if version == current else "",
                "created_at": f"{manifest.created_at:%Y-%m-%d %H:%M}" if manifest else "",
                "deliveries": len(manifest.deliveries) if manifest else 0,
                "tables_changed": len(manifest.changed_tables) if manifest else 0,
            }
        )
    return rows


def _release(settings: Settings, version: str) -> tuple[Path, Manifest]:
    folder = settings.releases_dir / version
    if version not in releases(settings.releases_dir):
        raise NoSuchReleaseError(
            f"There is no release {version}.", "See `trisam releases` for what there is."
        )
    manifest = read_manifest(folder)
    if manifest is None:
        raise DamagedReleaseError(folder)
    return folder, manifest


def compare(settings: Settings, before: str, after: str) -> Difference:
    """Compare two releases. Raises NoSuchReleaseError where one is not kept."""
    (old_folder, old), (new_folder, new) = (_release(settings, version) for version in (before, after))
    with _both(old_folder / DATABASE, new_folder / DATABASE) as con:
        result = con.execute(f"{_changed(old, new)} order by {_SHARED}")
        names = [d[0] for d in result.description or []]
        cells = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    return Difference(before=before, after=after, cells=cells, deliveries=changed_deliveries(old, new))


def changed_counts(settings: Settings, before: str, after: str) -> dict[str, int]:
    """How many cells of each indicator differ between two releases; those that are equal are left out.

    Raises NoSuchReleaseError where one is not kept.
    """
    (old_folder, old), (new_folder, new) = (_release(settings, version) for version in (before, after))
    query = f"select indicator, count(*) from ({_changed(old, new)}) group by indicator order by indicator"
    with _both(old_folder / DATABASE, new_folder / DATABASE) as con:
        return {str(indicator): int(count) for indicator, count in con.execute(query).fetchall()}


_SHARED = ", ".join(_KEYS)


def _changed(old: Manifest, new: Manifest) -> str:
    """The query of the cells that differ; tables that the manifests call equal are not read."""
    tables = sorted(t for t in {*old.tables, *new.tables} if old.tables.get(t) != new.tables.get(t))
    named = ", ".join(literal(table.removeprefix(_SCHEMA)) for table in tables if table.startswith(_SCHEMA))
    old_cells, new_cells = (
        f"select {_SHARED}, value from {release}.indicators.indicator_value where indicator in ({named or 'null'})"
        for release in ("old_release", "new_release")
    )
    return f"""
        select {_SHARED}, old_cell.value as before, new_cell.value as after,
            new_cell.value - old_cell.value as change
        from ({old_cells}) as old_cell
        full outer join ({new_cells}) as new_cell using ({_SHARED})
        where old_cell.value is distinct from new_cell.value
    """


@contextmanager
def _both(old: Path, new: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to two releases at once, as `old_release` and `new_release`."""
    with duckdb.connect() as con:
        for name, path in (("old_release", old), ("new_release", new)):
            quoted = str(path).replace("'", "''")
            con.execute(f"attach '{quoted}' as {name} (read_only)")
        yield con


def changed_deliveries(old: Manifest, new: Manifest) -> list[Row]:
    """The deliveries that came, went or changed their content from one release to another."""
    was = {d.delivery_id: d.content_hash for d in old.deliveries}
    now = {d.delivery_id: d.content_hash for d in new.deliveries}
    rows = []
    for name in sorted(set(was) | set(now)):
        if was.get(name) == now.get(name):
            continue
        change = "came" if name not in was else "went" if name not in now else "changed"
        rows.append({"delivery": name, "change": change})
    return rows


def verify_release(settings: Settings, version: str | None) -> list[Row]:
    """What is not as the manifest says: one row per file changed, missing or added; empty when all is well."""
    wanted = version or current_version(settings.published_link)
    if wanted is None:
        raise NoSuchReleaseError("Nothing is published yet.", "Run `trisam run`.")
    folder, manifest = _release(settings, wanted)
    found = hash_files(folder)
    rows = []
    for name in sorted(set(manifest.files) | set(found)):
        if manifest.files.get(name) == found.get(name):
            continue
        fault = "added" if name not in manifest.files else "missing" if name not in found else "changed"
        rows.append({"file": name, "fault": fault})
    return rows
