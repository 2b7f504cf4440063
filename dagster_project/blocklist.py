"""The persons who must not be loaded again, kept beside the work file.

The work file can be rebuilt from the inbox; whom not to load, no inbox tells. The list holds pseudonyms only. Its
last line tells how many there are and under which key, so that half a list, or one that a new key has made
meaningless, is never taken for a whole one.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import duckdb

from dagster_project.errors import TrisamError

_COLUMNS = "person_id, token, blocked_at"
_END = "end"
Row = list[str]


class BlocklistError(TrisamError):
    """The list of blocked persons is damaged."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The list of blocked persons, {path}, is damaged; without it persons who were erased would come back.",
            "Put it back from its backup. If there is none, remove it and have those persons forgotten again.",
        )


def keep(work_db: Path, path: Path) -> None:
    """Write the list of the work file to `path`, mode 0600, in one step."""
    from dagster_project.ingestion.warehouse import setting  # noqa: PLC0415  as in restore

    with duckdb.connect(str(work_db), read_only=True) as con:
        rows = con.execute(
            f"select person_id, coalesce(token, ''), blocked_at::varchar from ops.blocked_person order by {_COLUMNS}"
        ).fetchall()
        key = setting(con, "key_fingerprint") or ""
    write(path, rows, key)


def key_of(work_db: Path) -> str:
    """Fingerprint of the key under which a work file keeps its persons; blank where there is none yet."""
    from dagster_project.ingestion.warehouse import setting  # noqa: PLC0415  as in restore

    if not work_db.exists():
        return ""
    with duckdb.connect(str(work_db), read_only=True) as con:
        try:
            return setting(con, "key_fingerprint") or ""
        except duckdb.CatalogException:
            return ""  # a work file that nothing was loaded into


def add(path: Path, rows: Sequence[Row], key: str) -> None:
    """Add persons to the list; who is on it stays as they are."""
    known, _ = read(path)
    listed = {row[0]: row for row in [*rows, *known]}
    write(path, sorted(listed.values()), key)


def write(path: Path, rows: Sequence[Sequence[str]], key: str) -> None:
    """Write a list of persons (pseudonym, token, time) made with a key, mode 0600, in one step."""
    temporary = path.with_suffix(".next")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.writelines(";".join(row) + "\n" for row in [*rows, (_END, str(len(rows)), key)])
        handle.flush()
        os.fsync(handle.fileno())
    temporary.replace(path)


def read(path: Path) -> tuple[list[Row], str]:
    """The rows of the kept list, none where there is no list, and the fingerprint of the key they were made with.

    Raises BlocklistError when it is not as `keep` wrote it.
    """
    if not path.exists():
        return [], ""
    rows = [line.split(";") for line in path.read_text(encoding="ascii", errors="replace").splitlines()]
    if not rows or rows[-1][:2] != [_END, str(len(rows) - 1)] or any(len(row) != 3 for row in rows):
        raise BlocklistError(path)
    return rows[:-1], rows[-1][2]


def restore(path: Path, work_db: Path) -> None:
    """Put the kept list into a work file, which may be new; what it holds already stays.

    Raises BlocklistError when the list is damaged, KeyMismatchError when the work file has another key.
    """
    rows, key = read(path)
    if not rows:
        return
    # Late: reading the list is part of the quick answer "nothing new", the contract is not.
    from dagster_project.contract import load_contract  # noqa: PLC0415
    from dagster_project.ingestion.results import KeyMismatchError  # noqa: PLC0415
    from dagster_project.ingestion.warehouse import ensure_tables, remember_setting, setting  # noqa: PLC0415

    with duckdb.connect(str(work_db)) as con:
        ensure_tables(con, load_contract())
        known = setting(con, "key_fingerprint")
        if known is None:
            # Whoever fills the new work file is held to the key of the list.
            remember_setting(con, "key_fingerprint", key)
        elif known != key:
            raise KeyMismatchError
        con.executemany(
            f"insert or ignore into ops.blocked_person ({_COLUMNS}) "
            "values (?, nullif(?, ''), cast(? as timestamp))",
            rows,
        )
