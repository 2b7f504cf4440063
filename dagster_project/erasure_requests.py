"""Persons who wait to be erased by the job `forget`, and what is left to do once they are.

Dagster shows and keeps the configuration of every run, so no person may stand in it. Whoever asks for an erasure
gives the numbers to `trisam forget --later`, which puts pseudonyms aside in the work folder; the job takes them
from there. A file beside it says that older releases, which still hold the persons, must go after publication.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from dagster_project import blocklist
from dagster_project.errors import TrisamError
from dagster_project.ingestion.erasure import Person, erase, pseudonymised
from dagster_project.ingestion.pseudonyms import key_fingerprint
from dagster_project.ingestion.results import ForgetCount, KeyMismatchError
from dagster_project.release.switch import clear_candidates, current_version, remove_release
from dagster_project.release.versions import releases
from dagster_project.settings import Settings


class NobodyWaitsError(TrisamError):
    """The job `forget` was started, and nobody was put aside."""

    def __init__(self) -> None:
        super().__init__(
            "No person waits to be erased.",
            "Put them aside first: `trisam forget --later` asks for the numbers.",
        )


class DamagedRequestsError(TrisamError):
    """The list of those who wait cannot be read."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The list of persons to be erased, {path}, is damaged. Nobody was erased.",
            "Remove it, and give the numbers again with `trisam forget --later`.",
        )


def put_aside(settings: Settings, key: bytes, numbers: Sequence[str]) -> int:
    """Keep persons, as pseudonyms, for the job `forget`; returns how many wait now.

    Raises TrisamError for a line that is no personnummer, KeyMismatchError when others wait under another key;
    nothing is changed then.
    """
    rows, made_with = _read(settings.erasure_requests_file)
    if rows and made_with != key_fingerprint(key):
        raise KeyMismatchError
    now = datetime.now(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")
    waiting = {row[0]: row for row in rows}
    for person in pseudonymised(key, numbers):
        waiting.setdefault(person.person_id, [person.person_id, person.token, now])
    if waiting:
        ordered = sorted(waiting.values())
        blocklist.write(settings.erasure_requests_file, ordered, key_fingerprint(key))
    return len(waiting)


def apply(settings: Settings) -> ForgetCount:
    """Erase those who wait from the work file, and block them for good; `finish` has still to be called.

    Raises NobodyWaitsError, DamagedRequestsError, KeyMismatchError; nothing is changed then. A second call after
    one that was cut off takes up where it ended.
    """
    requests = settings.erasure_requests_file
    rows, made_with = _read(requests)
    if not rows:
        raise NobodyWaitsError
    blocklist.restore(settings.blocked_file, settings.work_db)
    counts = erase(settings.work_db, made_with, [Person(row[0], row[1]) for row in rows])
    blocklist.keep(settings.work_db, settings.blocked_file)
    requests.replace(_applied(settings))
    return counts


def finish(settings: Settings) -> list[str]:
    """After a release without them is in force: remove the older ones, as the setting says; returns which."""
    applied = _applied(settings)
    if not applied.exists():
        return []
    removed = remove_older(settings) if settings.forget_removes_old_releases else []
    applied.unlink()
    return removed


def remove_older(settings: Settings) -> list[str]:
    """Remove every release but the published one, and what interrupted runs left; they still hold the person."""
    clear_candidates(settings.releases_dir)
    current = current_version(settings.published_link)
    removed = [v for v in releases(settings.releases_dir) if v != current]
    for version in removed:
        remove_release(settings.releases_dir, version)
    return removed


def _applied(settings: Settings) -> Path:
    return settings.erasure_requests_file.with_name("erasure_applied.txt")


def _read(path: Path) -> tuple[list[blocklist.Row], str]:
    try:
        return blocklist.read(path)
    except blocklist.BlocklistError:
        raise DamagedRequestsError(path) from None
