"""The work file before a run: whole, and held by nobody else; else it goes, since all in it comes from the inbox. With
it goes the file of what goes out, which was built from it; alone where the fault is its own.

Belongs here: telling a damaged file from one that is merely held, or lies on a disk that cannot be written.
What is written into them belongs to ingestion and dbt.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from dagster_project import as_left, blocklist, home_version
from dagster_project.disk import DiskError, says_unwritable
from dagster_project.run_lock import LockHeldError
from dagster_project.settings import Settings
from dagster_project.sql_text import identifier as name

# What a killed run left behind may still be ending: its dbt is a process of its own.
_PATIENCE_SECONDS = 30
_HELD = "Could not set lock"
_TOO_MANY = "Too many open files"
_KEPT = ("erasure_*.txt", "run.lock", "run.owner.json")
"""What a rebuild leaves in the work folder: persons to be erased, whom no inbox names, and the lock of this run."""
Progress = Callable[[str], None]


def ready(settings: Settings, progress: Progress, *, rebuild: bool) -> None:
    """Remove a work file that does not open, and what killed runs spilled; for a rebuild, all that can be made again.

    Marks the home as one of this code's layout. The persons who must not be loaded again are kept beside the work
    folder, since no inbox tells them. Raises LockHeldError when another process holds the file, DiskError when it
    cannot be written.
    """
    home_version.bring_forward(settings.home)
    opened = settings.work_db.exists() and _opens(settings.work_db, settings)
    _remove_spilled(settings)
    if rebuild:
        progress("removing everything in the work folder that the inbox gives again")
        if opened:
            _keep_blocked(settings)
        _remove_derived(settings)
    elif opened:
        if settings.outgoing_db.exists() and not _opens(settings.outgoing_db, settings):
            progress("what goes out cannot be read; building it anew")
            forget_built(settings)
    else:
        if settings.work_db.exists():
            progress("the work file cannot be read; building it anew from the inbox")
        _remove(settings)


def mend(settings: Settings, progress: Progress) -> None:
    """Read every row of both files, and remove the one where that fails: it opens though a block of it is lost.

    A file that is what the run before has left is not read.
    """
    left = as_left.take(settings)
    if settings.work_db.exists() and not (settings.work_db in left or _is_whole(settings.work_db, settings)):
        progress("the work file is damaged; building it anew from the inbox")
        _remove(settings)
    outgoing = settings.outgoing_db
    if outgoing.exists() and not (outgoing in left or _is_whole(outgoing, settings)):
        progress("what goes out is damaged; building it anew")
        forget_built(settings)


def forget_built(settings: Settings) -> None:
    """Remove what dbt has built to go out: the next build makes all of it, in a file that holds nothing else."""
    _unlink(settings.outgoing_db)


def _opens(file: Path, settings: Settings) -> bool:
    # Opened for writing, since a log left by a killed process is replayed only then.
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            with duckdb.connect(str(file)) as con:
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


def _is_whole(file: Path, settings: Settings) -> bool:
    try:
        with duckdb.connect(str(file), read_only=True) as con:
            tables = con.execute(
                "select schema_name, table_name from duckdb_tables() where not temporary"
            ).fetchall()
            for schema, table in tables:
                # Column by column: rows put together first would cost a quarter more.
                con.execute(f"select bit_xor(hash(columns(*))) from {name(schema)}.{name(table)}").fetchone()
    except duckdb.Error as error:
        return _judge(settings, error)
    return True


def _judge(settings: Settings, error: duckdb.Error) -> bool:
    said = str(error).splitlines()[0]
    if says_unwritable(said) or _TOO_MANY in said:  # the fault is not the file's
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


def _remove_spilled(settings: Settings) -> None:
    for file in (settings.work_db, settings.outgoing_db):
        shutil.rmtree(file.with_name(f"{file.name}.tmp"), ignore_errors=True)
    shutil.rmtree(settings.work_dir / "spill", ignore_errors=True)


def _remove_derived(settings: Settings) -> None:
    """Remove databases, records, outcomes and dbt's artefacts: a rebuild trusts nothing that was derived before."""
    for path in settings.work_dir.iterdir():
        if any(path.match(pattern) for pattern in _KEPT):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _remove(settings: Settings) -> None:
    forget_built(settings)
    _unlink(settings.work_db)


def _unlink(file: Path) -> None:
    for path in (file, file.with_name(file.name + ".wal")):
        path.unlink(missing_ok=True)
