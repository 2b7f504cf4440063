"""Whether a run would find anything to do; it reads no file and decides nothing about contents.

Standard library and DuckDB only, and no contract: this answer must come before the heavy imports.
"""

from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dagster_project.ingestion.fingerprints import contract_fingerprint
from dagster_project.ingestion.inbox import Signature, scan
from dagster_project.ingestion.masking import mask_path


@dataclass(frozen=True)
class Plan:
    """What differs between the inbox and the last run. Paths are masked, relative to the inbox, sorted.

    `new` are files that were not there, were left out or differ in size, times or inode; `gone` those that were
    there.
    `rejected` counts the deliveries that the last run rejected. `rules_changed` means that the contract or a
    code list is another than the one the data was judged by.
    """

    new: tuple[str, ...]
    gone: tuple[str, ...]
    rejected: int
    rules_changed: bool

    @property
    def nothing_new(self) -> bool:
        """Whether a run would leave the work database as it is, and nothing in it waits for a person."""
        return not (self.new or self.gone or self.rejected or self.rules_changed)


_Entry = tuple[str, Signature]


@dataclass(frozen=True)
class _Memory:
    """What the last run left: the files that it saw, those that it left out, its rejections, its rules."""

    seen: Counter[_Entry]
    left_out: frozenset[str] = frozenset()
    rejected: int = 0
    rules: str | None = None


def _remembered(work_db: Path) -> _Memory:
    if not work_db.exists():
        return _Memory(Counter())
    with closing(duckdb.connect(str(work_db), read_only=True)) as con:
        columns = con.execute(
            "select count(*) from information_schema.columns where (table_schema, table_name, column_name) in "
            "(('ops', 'seen_file', 'ctime_ns'), ('ops', 'setting', 'value'), ('quality', 'delivery', 'status'))"
        ).fetchone()
        # A work file that is empty, or of a home from before layouts were numbered.
        if columns != (3,):
            return _Memory(Counter())
        seen = con.execute("select path, size_bytes, mtime_ns, inode, ctime_ns from ops.seen_file").fetchall()
        listed = con.execute(
            "select delivery_id, status from quality.delivery where status in ('rejected', 'left_out')"
        ).fetchall()
        rules = con.execute("select value from ops.setting where name = 'contract_fingerprint'").fetchone()
    return _Memory(
        seen=Counter((row[0], Signature(*row[1:])) for row in seen),
        left_out=frozenset(name for name, status in listed if status == "left_out"),
        rejected=sum(status == "rejected" for _, status in listed),
        rules=rules[0] if rules else None,
    )


def plan(inbox: Path, work_db: Path) -> Plan:
    """Compare the inbox with what the last run saw, by directory entries alone.

    Raises TrisamError when the inbox is missing, duckdb.IOException when another process holds the database.
    """
    now = Counter((mask_path(file.path), file.signature) for file in scan(inbox))
    memory = _remembered(work_db)
    before = {path for path, _ in memory.seen} | memory.left_out
    return Plan(
        new=tuple(sorted(path for path, _ in (now - memory.seen).elements())),
        gone=tuple(sorted(before - {path for path, _ in now})),
        rejected=memory.rejected,
        rules_changed=memory.rules != contract_fingerprint(),
    )
