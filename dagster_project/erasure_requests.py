"""Persons who wait to be erased by the job `forget`, and what is left to do once they are.

Dagster shows and keeps the configuration of every run, so no person may stand in it. Whoever asks for an erasure
gives the numbers to `trisam forget --later`, which puts pseudonyms aside in the work folder; the job takes them
from there. The file changes its name as the erasure goes on: it waits, has begun, is applied. What has begun is carried
out by the next run, whatever ended the first; what is applied says that older releases, which still hold the
persons, must go after publication.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from dagster_project import blocklist, work_file
from dagster_project.errors import TrisamError
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
    from dagster_project.ingestion.erasure import pseudonymised  # noqa: PLC0415  as in resume
    from dagster_project.ingestion.pseudonyms import key_fingerprint  # noqa: PLC0415

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

    Raises NobodyWaitsError, DamagedRequestsError, KeyMismatchError; nothing is changed then.
    """
    resume(settings)
    rows, made_with = _read(settings.erasure_requests_file)
    if not rows:
        raise NobodyWaitsError
    _refuse_other_keys(settings, made_with)
    settings.erasure_requests_file.replace(_begun(settings))
    return resume(settings)


def resume(settings: Settings) -> ForgetCount:
    """Carry out an erasure that has begun; nothing where none has. To be called before anything is published.

    They are blocked first, in the list that no inbox and no damage to the work file takes away.
    """
    rows, made_with = _read(_begun(settings))
    if not rows:
        return ForgetCount(0, 0, 0)
    # Late: the quick answer "nothing new" passes here, and the contract is not part of it.
    from dagster_project.ingestion.erasure import Person, erase  # noqa: PLC0415

    counts = ForgetCount(len(rows), 0, 0)
    # A table that is built again leaves its old rows in the file until others are written over them.
    work_file.forget_built(settings)
    if settings.work_db.exists():
        blocklist.restore(settings.blocked_file, settings.work_db)
        blocklist.add(settings.blocked_file, rows, made_with)
        counts = erase(settings.work_db, made_with, [Person(row[0], row[1]) for row in rows])
    else:
        blocklist.add(settings.blocked_file, rows, made_with)
    _begun(settings).replace(_applied(settings))
    return counts


def _refuse_other_keys(settings: Settings, made_with: str) -> None:
    known = {blocklist.read(settings.blocked_file)[1], blocklist.key_of(settings.work_db)}
    if known - {"", made_with}:
        raise KeyMismatchError


def finish(settings: Settings) -> list[str]:
    """After a release without them is in force: remove the older ones, as the setting says; returns which."""
    applied = _applied(settings)
    if not applied.exists():
        return []
    removed = remove_older(settings) if settings.forget_removes_old_releases else []
    applied.unlink()
    return removed


def waits_for_publication(settings: Settings) -> bool:
    """Whether persons were erased, and no release without them is in force yet."""
    return _applied(settings).exists()


def remove_older(settings: Settings) -> list[str]:
    """Remove every release but the published one, and what interrupted runs left; they still hold the person."""
    clear_candidates(settings.releases_dir)
    current = current_version(settings.published_link)
    removed = [v for v in releases(settings.releases_dir) if v != current]
    for version in removed:
        remove_release(settings.releases_dir, version)
    return removed


def _begun(settings: Settings) -> Path:
    return settings.erasure_requests_file.with_name("erasure_begun.txt")


def _applied(settings: Settings) -> Path:
    return settings.erasure_requests_file.with_name("erasure_applied.txt")


def _read(path: Path) -> tuple[list[blocklist.Row], str]:
    try:
        return blocklist.read(path)
    except blocklist.BlocklistError:
        raise DamagedRequestsError(path) from None
