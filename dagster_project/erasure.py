"""Erasure of persons: their rows removed, their pseudonyms blocked, a release without them, old releases gone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dagster_project import blocklist, erasure_requests, work_file
from dagster_project.ingestion import ForgetCount
from dagster_project.keys import prepare_work, pseudonym_key
from dagster_project.run_lock import run_lock
from dagster_project.run_request import RunRequest
from dagster_project.running import RunResult, run
from dagster_project.settings import Settings


def forget_and_publish(
    settings: Settings, numbers: Sequence[str], progress: Callable[[str], None]
) -> tuple[ForgetCount, RunResult]:
    """Erase persons and publish a release without them; older releases are removed as the setting says.

    Whoever waits for the job `forget` is erased as well. Returns counts only. Raises TrisamError for a line that
    is no personnummer, LockHeldError when a run is under way; nothing is changed then. Cut off at any moment, it is
    carried out by the next run, or nothing was begun.
    """
    prepare_work(settings)
    with run_lock(settings.work_dir, wait=False):
        key = pseudonym_key(settings)
        blocklist.read(settings.blocked_file)
        work_file.ready(settings, progress, rebuild=False)
        work_file.mend(settings, progress)
        erasure_requests.put_aside(settings, key, numbers)
        counts = erasure_requests.apply(settings)
        return counts, run(settings, RunRequest(), progress)
