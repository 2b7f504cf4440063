"""The pseudonym key: where it comes from, how it is kept, and refusing to use one that others can read."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

from dagster_project.errors import TrisamError
from dagster_project.settings import Settings

_LENGTH = 32
_FORM = re.compile(r"[0-9a-f]{64}")


class RightsError(TrisamError):
    """A file or folder with personal secrets can be read by others."""


class KeyFileError(TrisamError):
    """The key file is damaged, or gone from a home that was filled with it."""


def prepare_work(settings: Settings) -> None:
    """Make the home and its work folder where they are missing; refuse a work folder that others can enter."""
    settings.home.mkdir(parents=True, exist_ok=True)
    if not settings.work_dir.exists():
        settings.work_dir.mkdir(mode=0o700)
    _refuse_wide(settings.work_dir, 0o700)
    if not settings.dagster_home.exists():
        settings.dagster_home.mkdir(mode=0o700)


def pseudonym_key(settings: Settings) -> bytes:
    """The key of the pseudonyms: TRISAM_PSEUDONYM_KEY, or the key file, which the first run makes.

    Raises RightsError when the key file can be read by others, and KeyFileError when it is damaged or gone: a
    new key in its place would give every person another pseudonym, and the persons blocked would come back.
    """
    if settings.pseudonym_key is not None:
        return settings.pseudonym_key.get_secret_value().encode("utf-8")
    if not settings.key_file.exists():
        _refuse_new_key(settings)
        _make_key(settings.key_file)
    _refuse_wide(settings.key_file, 0o600)
    text = settings.key_file.read_text(encoding="ascii", errors="replace").strip()
    if not _FORM.fullmatch(text):
        raise KeyFileError(f"The key file {settings.key_file} is damaged.", "Put it back from its backup.")
    return bytes.fromhex(text)


def _refuse_new_key(settings: Settings) -> None:
    filled = [path.name for path in (settings.work_db, settings.blocked_file) if path.exists()]
    if filled:
        raise KeyFileError(
            f"The key file {settings.key_file} is gone, and {' and '.join(filled)} were made with it.",
            "Put it back from its backup. If it is lost for good: remove HOME/work and "
            "HOME/blocked_persons.txt, run again, and have the blocked persons forgotten again.",
        )


def _make_key(path: Path) -> None:
    # Created with its final rights, so that there is no moment in which others can read it, and under another
    # name, so that there is no moment in which half a key lies there.
    temporary = path.with_suffix(".next")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(secrets.token_hex(_LENGTH) + "\n")
        handle.flush()
        os.fsync(handle.fileno())
    temporary.rename(path)


def _refuse_wide(path: Path, mode: int) -> None:
    if path.stat().st_mode & 0o077:
        raise RightsError(
            f"{path} can be read by others than its owner.", f"Mend it with: chmod {mode:04o} {path}"
        )
