"""The persons who must not be loaded again, kept beside the work file.

The work file can be rebuilt from the inbox; whom not to load, no inbox tells. The list holds pseudonyms only.
"""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from dagster_project.contract import load_contract
from dagster_project.ingestion.warehouse import ensure_tables

_COLUMNS = "person_id, token, blocked_at"


def keep(work_db: Path, path: Path) -> None:
    """Write the list of the work file to `path`, mode 0600, in one step."""
    with duckdb.connect(str(work_db), read_only=True) as con:
        rows = con.execute(
            f"select person_id, coalesce(token, ''), blocked_at::varchar from ops.blocked_person order by {_COLUMNS}"
        ).fetchall()
    temporary = path.with_suffix(".next")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.writelines(";".join(row) + "\n" for row in rows)
        handle.flush()
        os.fsync(handle.fileno())
    temporary.replace(path)


def restore(path: Path, work_db: Path) -> None:
    """Put the kept list into a work file, which may be new; what it holds already stays."""
    if not path.exists():
        return
    rows = [line.split(";") for line in path.read_text(encoding="ascii").splitlines()]
    if not rows:
        return
    with duckdb.connect(str(work_db)) as con:
        ensure_tables(con, load_contract())
        con.executemany(
            f"insert or ignore into ops.blocked_person ({_COLUMNS}) "
            "values (?, nullif(?, ''), cast(? as timestamp))",
            rows,
        )
