"""Small releases, sealed and put in force as real ones are, for tests of what happens to releases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dagster_project.release import switch
from dagster_project.release.manifest import FileEntry, Manifest, hash_files, write_manifest
from dagster_project.release.shapes import TableShape
from dagster_project.settings import Settings

V1, V2, V3 = "20260301T120000Z-01234567", "20260302T120000Z-01234567", "20260303T120000Z-01234567"


def publish_small(settings: Settings, version: str) -> None:
    """Put a release of two files in force."""

    def fill(folder: Path) -> None:
        (folder / "report").mkdir()
        (folder / "trisam.duckdb").write_text(f"all of {version}")
        (folder / "report" / "index.html").write_text(version)

    publish(settings, version, fill)


def publish(
    settings: Settings,
    version: str,
    fill: Callable[[Path], None],
    shapes: Mapping[str, TableShape] | None = None,
    **more: Any,
) -> None:
    """Put a release in force that holds what `fill` writes into its folder; `more` are fields of its manifest."""
    folder = switch.candidate_dir(settings.releases_dir, version)
    folder.mkdir(parents=True)
    fill(folder)
    write_manifest(folder, manifest_of(version, hash_files(folder), shapes=dict(shapes or {}), **more))
    switch.seal(folder)
    switch.put_in_force(settings.releases_dir, settings.published_link, version)


def manifest_of(version: str, files: dict[str, FileEntry], **more: Any) -> Manifest:
    """The manifest of a release that holds these files, and of which nothing was told; `more` are fields of it."""
    return Manifest(
        version=version,
        created_at=datetime(2026, 3, 1, tzinfo=UTC),
        previous_version=None,
        code_revision="0" * 16,
        reconcile="report",
        disclosure_threshold=5,
        deliveries=[],
        expected_checks=[],
        outcomes=[],
        files=files,
        **{"fingerprint": version[-8:], "tables": {}, "changed_tables": [], **more},
    )
