"""Putting a release in force: sealing the folder, the atomic switch of the `published` link, retention.

At every moment `published` points to a complete, gated release. Nothing here changes a sealed release.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from dagster_project.errors import TrisamError
from dagster_project.release.versions import is_version, releases

CANDIDATE_PREFIX = ".candidate-"
REMOVED_PREFIX = ".removed-"
OPEN_FILES = ("trisam_open.duckdb", "report-open", "parquet/open", "catalog.jsonld")


class NoSuchReleaseError(TrisamError):
    """A release was named that is not there."""


def candidate_dir(releases_dir: Path, version: str) -> Path:
    """Where a release is built before it passed the gate."""
    return releases_dir / f"{CANDIDATE_PREFIX}{version}"


def clear_candidates(releases_dir: Path) -> None:
    """Remove what refused or interrupted runs left; a release is never touched."""
    if releases_dir.is_dir():
        for prefix in (CANDIDATE_PREFIX, REMOVED_PREFIX):
            for path in releases_dir.glob(f"{prefix}*"):
                shutil.rmtree(path)


def remove_release(releases_dir: Path, version: str) -> None:
    """Remove a release. It loses its name first: what has a release's name is whole at every moment."""
    renamed = (releases_dir / version).rename(releases_dir / f"{REMOVED_PREFIX}{version}")
    shutil.rmtree(renamed)


def seal(folder: Path) -> None:
    """Set the rights of a finished candidate (0640, open files 0644) and force it to disk."""
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)
            _sync(path)
            continue
        is_open = any(path.relative_to(folder).is_relative_to(name) for name in OPEN_FILES)
        path.chmod(0o644 if is_open else 0o640)
        _sync(path)
    folder.chmod(0o755)
    _sync(folder)


def put_in_force(releases_dir: Path, published: Path, version: str) -> Path:
    """Turn a sealed candidate into a release and switch `published` to it, atomically."""
    target = releases_dir / version
    candidate_dir(releases_dir, version).rename(target)
    _sync(releases_dir)
    point_to(published, target)
    return target


def point_to(published: Path, target: Path) -> None:
    """Replace the `published` link in one step; readers see the old release or the new one."""
    temporary = published.with_name(f".{published.name}-next")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(os.path.relpath(target, published.parent))
    temporary.replace(published)
    _sync(published.parent)


def current_version(published: Path) -> str | None:
    """The version that `published` points to, or None where nothing is published."""
    if not published.is_symlink():
        return None
    name = published.readlink().name
    return name if is_version(name) and published.is_dir() else None


def earlier_version(releases_dir: Path, published: Path, version: str | None = None) -> str:
    """The version that a rollback goes to: the one named, or the one before the current.

    Raises NoSuchReleaseError when there is none.
    """
    known = releases(releases_dir)
    current = current_version(published)
    if version is None:
        older = [v for v in known if current is not None and v < current]
        if not older:
            raise NoSuchReleaseError(
                "There is no release before the published one.", "See `trisam releases` for what there is."
            )
        return older[-1]
    if version not in known:
        raise NoSuchReleaseError(
            f"There is no release {version}.", "See `trisam releases` for what there is."
        )
    return version


def retain(releases_dir: Path, published: Path, keep: int) -> list[str]:
    """Remove all but the newest `keep` releases and the published one; return what was removed."""
    current = current_version(published)
    removed = [v for v in releases(releases_dir)[:-keep] if v != current]
    for version in removed:
        remove_release(releases_dir, version)
    return removed


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
