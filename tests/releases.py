"""Small releases, sealed and put in force as real ones are, for tests of what happens to releases."""

from datetime import UTC, datetime

from dagster_project.release import switch
from dagster_project.release.manifest import Manifest, hash_files, write_manifest
from dagster_project.settings import Settings

V1, V2, V3 = "20260301T120000Z-01234567", "20260302T120000Z-01234567", "20260303T120000Z-01234567"


def publish_small(settings: Settings, version: str) -> None:
    """Put a release of two files in force."""
    folder = switch.candidate_dir(settings.releases_dir, version)
    (folder / "report").mkdir(parents=True)
    (folder / "trisam.duckdb").write_text(f"all of {version}")
    (folder / "report" / "index.html").write_text(version)
    manifest = Manifest(
        version=version,
        created_at=datetime(2026, 3, 1, tzinfo=UTC),
        previous_version=None,
        fingerprint="f",
        code_revision="c",
        reconcile="report",
        disclosure_threshold=5,
        deliveries=[],
        expected_checks=[],
        outcomes=[],
        tables={},
        changed_tables=[],
        files=hash_files(folder),
    )
    write_manifest(folder, manifest)
    switch.seal(folder)
    switch.put_in_force(settings.releases_dir, settings.published_link, version)
