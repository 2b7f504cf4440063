"""Erasure of persons: their rows removed, their pseudonyms blocked, a release without them, old releases gone.

The blocked pseudonyms are also kept in a file beside the work file, since the work file can be rebuilt from the
inbox, and no inbox tells whom not to load.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence

import duckdb

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

    Returns counts only. Raises LockHeldError when a run is under way.
    """
    prepare_work(settings)
    with run_lock(settings.work_dir, wait=False):
        ready_work_file(settings, progress, rebuild=False)
        counts = forget(settings.work_db, pseudonym_key(settings), numbers)
        keep_blocked(settings)
        result = run(settings, RunRequest(), progress)
        if result.ending != "refused" and settings.forget_removes_old_releases:
            remove_older(settings)
    return counts, result


def keep_blocked(settings: Settings) -> None:
    """Write the blocked pseudonyms beside the work file, mode 0600, in one step."""
    with duckdb.connect(str(settings.work_db), read_only=True) as con:
        blocked = con.execute("select person_id from ops.blocked_person order by 1").fetchall()
    temporary = settings.blocked_file.with_suffix(".next")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.writelines(f"{person_id}\n" for (person_id,) in blocked)
        handle.flush()
        os.fsync(handle.fileno())
    temporary.replace(settings.blocked_file)


def remove_older(settings: Settings) -> list[str]:
    """Remove every release but the published one; they still hold the person."""
    current = current_version(settings.published_link)
    removed = [v for v in releases(settings.releases_dir) if v != current]
    for version in removed:
        shutil.rmtree(settings.releases_dir / version)
    return removed
