"""Erasure of persons: their rows removed, their pseudonyms blocked, a release without them, old releases gone."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence

from dagster_project import blocklist
from dagster_project.ingestion import ForgetCount, forget
from dagster_project.keys import prepare_work, pseudonym_key
from dagster_project.release.switch import current_version
from dagster_project.release.versions import releases
from dagster_project.run_lock import run_lock
from dagster_project.run_request import RunRequest
from dagster_project.running import RunResult, ready_work_file, run
from dagster_project.settings import Settings


def forget_and_publish(
    settings: Settings, numbers: Sequence[str], progress: Callable[[str], None]
) -> tuple[ForgetCount, RunResult]:
    """Erase persons and publish a release without them; older releases are removed as the setting says.

    Returns counts only. Raises TrisamError for a line that is no personnummer, LockHeldError when a run is
    under way; nothing is changed then.
    """
    prepare_work(settings)
    with run_lock(settings.work_dir, wait=False):
        ready_work_file(settings, progress, rebuild=False)
        counts = forget(settings.work_db, pseudonym_key(settings), numbers)
        blocklist.keep(settings.work_db, settings.blocked_file)
        result = run(settings, RunRequest(), progress)
        if result.ending != "refused" and settings.forget_removes_old_releases:
            remove_older(settings)
    return counts, result


def remove_older(settings: Settings) -> list[str]:
    """Remove every release but the published one; they still hold the person."""
    current = current_version(settings.published_link)
    removed = [v for v in releases(settings.releases_dir) if v != current]
    for version in removed:
        shutil.rmtree(settings.releases_dir / version)
    return removed
