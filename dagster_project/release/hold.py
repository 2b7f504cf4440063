"""Rollbacks, and what they hold back: what a person has left is not published again by the next run.

They stand in HOME/rollbacks.json, oldest first, with the fingerprints that each holds back. A rollback counts while the
release that it went to is the published one, so it is written before the switch: killed in between, the rollback has
not happened and an earlier one still counts. A later publication ends it, since another release is in force then.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb
from pydantic import BaseModel, ConfigDict, ValidationError

from dagster_project.atomic_files import write_atomically
from dagster_project.errors import TrisamError
from dagster_project.release.fingerprint import release_fingerprint
from dagster_project.release.manifest import DamagedReleaseError, read_manifest
from dagster_project.release.switch import current_version
from dagster_project.release.versions import releases
from dagster_project.settings import Settings


class RollbacksError(TrisamError):
    """The record of rollbacks cannot be read."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The record of rollbacks, {path}, is damaged. Without it, what was rolled back from could be published.",
            "Restore it from its backup. Or remove it: the next run then publishes what the deliveries give.",
        )


class Rollback(BaseModel):
    """One rollback: from which release to which, by whom and when.

    `held` are the fingerprints of what is not published again; none where the release gone to says what the work file
    says.
    """

    model_config = ConfigDict(frozen=True)

    from_version: str | None
    to_version: str
    by: str
    at: datetime
    held: frozenset[str]

    @property
    def sentence(self) -> str:
        """Who holds what, since when, and how it ends."""
        left = f" in place of {self.from_version}" if self.from_version else ""
        return (
            f"Release {self.to_version} is held: {self.by} put it in force{left} by a rollback on "
            f"{self.at:%Y-%m-%d %H:%M} UTC. What was left is published again when deliveries or code change, or by "
            "`trisam run --again`."
        )

    def facts(self) -> dict[str, str]:
        """The same for machines."""
        return {
            "held_version": self.to_version,
            "rolled_back_from": self.from_version or "",
            "held_by": self.by,
            "held_since": self.at.isoformat(timespec="seconds"),
        }


class _Rollbacks(BaseModel):
    rollbacks: list[Rollback] = []


def hold_in_force(settings: Settings) -> Rollback | None:
    """The rollback that put the published release in force and holds something back. Raises RollbacksError."""
    found = _latest(settings)
    return found if found and found.held else None


def note_rollback(settings: Settings, version: str, by: str) -> Rollback:
    """Record a rollback that is about to happen; it holds back what is published now and what a run would publish.

    What an earlier rollback holds back stays so. Raises RollbacksError.
    """
    target = _fingerprint_of(settings.releases_dir / version)
    now = fingerprint_now(settings)
    before = hold_in_force(settings)
    held = {now, _fingerprint_of(settings.published_link), *(before.held if before else ())}
    noted = Rollback(
        from_version=current_version(settings.published_link),
        to_version=version,
        by=by,
        at=datetime.now(UTC),
        held=frozenset() if now == target else frozenset(f for f in held if f not in {None, target}),
    )
    kept = [r for r in _read(settings) if r.to_version in releases(settings.releases_dir)]
    write_atomically(_path(settings), _Rollbacks(rollbacks=[*kept, noted]).model_dump_json(indent=2))
    return noted


def fingerprint_now(settings: Settings) -> str | None:
    """Fingerprint of the release that a run would publish; None where the work file cannot be asked."""
    if not settings.work_db.exists():
        return None
    try:
        with duckdb.connect(str(settings.work_db), read_only=True) as con:
            return release_fingerprint(con, settings)
    except duckdb.Error:
        return None


def _fingerprint_of(release: Path) -> str | None:
    try:
        manifest = read_manifest(release)
    except DamagedReleaseError:
        return None
    return manifest.fingerprint if manifest else None


def _latest(settings: Settings) -> Rollback | None:
    current = current_version(settings.published_link)
    return next((r for r in reversed(_read(settings)) if r.to_version == current), None)


def _read(settings: Settings) -> list[Rollback]:
    path = _path(settings)
    try:
        return _Rollbacks.model_validate_json(path.read_bytes()).rollbacks
    except FileNotFoundError:
        return []
    except ValidationError:
        raise RollbacksError(path) from None


def _path(settings: Settings) -> Path:
    return settings.home / "rollbacks.json"
