"""The work file before a run: whole, and held by nobody else; else it goes, since all in it comes from the inbox.

Belongs here: telling a damaged file from one that is merely held, or lies on a disk that is full or read only.
What is written into it belongs to ingestion and dbt.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import suppress

import duckdb

from dagster_project import blocklist
from dagster_project.errors import TrisamError
from dagster_project.run_lock import LockHeldError
from dagster_project.settings import Settings
from dagster_project.sql_text import identifier as name

# What a killed run left behind may still be ending: its dbt is a process of its own.
_PATIENCE_SECONDS = 30
_LITTLE = 1 << 20
_HELD = "Could not set lock"
_NOT_THE_FILES_FAULT = ("No space left", "Read-only file system", "Permission denied", "Too many open files")
Progress = Callable[[str], None]


class DiskError(TrisamError):
    """The home cannot be written."""

    def __init__(self, settings: Settings, said: str) -> None:
        super().__init__(
            f"{settings.home} cannot be written: {said}",
            "Make room, or mend the mount or its rights, then run again. What was published stays in force.",
        )


def why_not_writable(settings: Settings) -> str | None:
    """What the system says when a little is written under home; None when it can be.

    Not everybody says so by themselves: SQLite calls a full disk an I/O error.
    """
    probe = settings.home / ".probe"
    try:
        probe.write_bytes(b"\0" * _LITTLE)
        probe.unlink()
    except OSError as error:
        return str(error.strerror)
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)
    return None


def ready(settings: Settings, progress: Progress, *, rebuild: bool) -> None:
    """Remove a work file that does not open, or that is to be rebuilt, and what killed runs spilled.

    The persons who must not be loaded again are kept beside it, since no inbox tells them. Raises LockHeldError
    when another process holds the file, DiskError when it cannot be written.
    """
    opened = settings.work_db.exists() and _opens(settings)
    for spilled in (settings.work_dir / "spill", settings.work_dir / f"{settings.work_db.name}.tmp"):
        shutil.rmtree(spilled, ignore_errors=True)
    if opened and not rebuild:
        return
    if opened:
        progress("building the work file anew from the inbox")
        _keep_blocked(settings)
    elif settings.work_db.exists():
        progress("the work file cannot be read; building it anew from the inbox")
    _remove(settings)


def mend(settings: Settings, progress: Progress) -> None:
    """Read every row of the work file, and remove it where that fails: it opens though a block of it is lost."""
    if settings.work_db.exists() and not _is_whole(settings):
        progress("the work file is damaged; building it anew from the inbox")
        _remove(settings)


def _opens(settings: Settings) -> bool:
    # Opened for writing, since a log left by a killed process is replayed only then.
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            with duckdb.connect(str(settings.work_db)) as con:
                con.execute("select count(*) from duckdb_columns()").fetchone()
                con.execute("checkpoint")
        except duckdb.Error as error:
            if _HELD not in str(error):
                return _judge(settings, error)
            if time.monotonic() > deadline:
                held = "Another process holds the work file."
                raise LockHeldError(held, str(error).splitlines()[0]) from None
            time.sleep(0.5)
        else:
            return True


def _is_whole(settings: Settings) -> bool:
    try:
        with duckdb.connect(str(settings.work_db), read_only=True) as con:
            tables = con.execute(
                "select schema_name, table_name from duckdb_tables() where not temporary"
            ).fetchall()
            for schema, table in tables:
                con.execute(f"select sum(hash(t)) from {name(schema)}.{name(table)} as t").fetchone()
    except duckdb.Error as error:
        return _judge(settings, error)
    return True


def _judge(settings: Settings, error: duckdb.Error) -> bool:
    said = str(error).splitlines()[0]
    if any(word in said for word in _NOT_THE_FILES_FAULT):
        raise DiskError(settings, said) from None
    return False


def _keep_blocked(settings: Settings) -> None:
    # An erasure that was killed may have blocked persons in the work file and not yet kept them beside it.
    try:
        blocklist.restore(settings.blocked_file, settings.work_db)
        with duckdb.connect(str(settings.work_db), read_only=True) as con:
            blocked = con.execute("select count(*) from ops.blocked_person").fetchone()
        if blocked and blocked[0]:
            blocklist.keep(settings.work_db, settings.blocked_file)
    except duckdb.Error:
        return  # empty, or damaged: it tells nothing beyond what is kept


def _remove(settings: Settings) -> None:
    for path in (settings.work_db, settings.work_db.with_name(settings.work_db.name + ".wal")):
        path.unlink(missing_ok=True)
