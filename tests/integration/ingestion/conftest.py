"""A small house for tests of ingestion: an inbox to write deliveries into and a work database to look into."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project.ingestion import IngestResult, ReadingLimits, ingest

KEY = b"a key for tests, not for people!"
LIMITS = ReadingLimits(max_row_bytes=1 << 20, memory_limit="500MB")


def pnr(birthdate: str, serial: int = 980) -> str:
    """A right personal number of an invented person: birthdate YYYYMMDD, serial 980-999."""
    digits = f"{birthdate[2:]}{serial:03d}"
    total = sum(sum(divmod(int(d) * (2 if i % 2 == 0 else 1), 10)) for i, d in enumerate(digits))
    return f"{birthdate}{serial:03d}{-total % 10}"


def csv_text(
    header: Sequence[str], rows: Sequence[Sequence[Any]], delimiter: str = ";", end: str = "\n"
) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=end)
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue()


@dataclass
class House:
    root: Path
    limits: ReadingLimits = LIMITS
    progress: list[str] = field(default_factory=list)

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def work_db(self) -> Path:
        return self.root / "work" / "warehouse.duckdb"

    def put(self, path: str, content: str | bytes) -> Path:
        file = self.inbox / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def put_csv(self, path: str, header: Sequence[str], rows: Sequence[Sequence[Any]], **form: str) -> Path:
        return self.put(path, csv_text(header, rows, **form))

    def remove(self, path: str) -> None:
        (self.inbox / path).unlink()

    def ingest(self, **options: Any) -> IngestResult:
        options.setdefault("limits", self.limits)
        return ingest(self.inbox, self.work_db, KEY, progress=self.progress.append, **options)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.work_db), read_only=True) as con:
            return con.execute(sql).fetchall()

    def faults(self) -> list[tuple[Any, ...]]:
        """(row_number, column, reason, value) of quarantine."""
        return self.query(
            "select row_number, column_name, reason, value from quality.quarantined_row "
            "order by row_number, column_name, reason"
        )

    def statuses(self) -> dict[str, str]:
        rows = self.query("select delivery_id, status, reason from quality.delivery order by status")
        return {path: reason or status for path, status, reason in rows}

    def counts(self, path: str) -> tuple[Any, ...]:
        """(read, loaded, collapsed, quarantined) of a delivery that is in force."""
        return self.query(
            "select rows_read, rows_loaded, rows_collapsed, rows_quarantined from quality.delivery "
            f"where delivery_id = '{path}' and status = 'in_force'"
        )[0]


@pytest.fixture
def house(tmp_path: Path) -> House:
    (tmp_path / "inbox").mkdir()
    return House(tmp_path)
