"""Where validated rows wait for the closing transaction: small deliveries in memory, large ones in a file.

All of it is pseudonymised. What becomes of the rows is decided elsewhere.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from dagster_project.contract import Contract, Dataset
from dagster_project.ingestion.batch import Content
from dagster_project.ingestion.warehouse import STORAGE, contract_columns, quoted
from dagster_project.sql_text import literal

_QUARANTINE_COLUMNS = (
    "path varchar, content_hash varchar, row_number bigint, column_name varchar, reason varchar, "
    "shown varchar, person_id varchar"
)
_STAGE_COLUMNS = (
    "delivery integer, row_number bigint, is_blocked boolean, shown_key varchar, "
    "faults struct(column_name varchar, reason varchar, shown varchar)[]"
)
LARGE_BYTES = 16 * 1024 * 1024
"""From this file size on, rows wait in a file: temporary tables would keep too much in memory."""
_FOLDED = frozenset({"csv.gz", "parquet", "xlsx"})
_FOLDING = 8


def is_small(size: int, file_format: str) -> bool:
    """Whether a delivery of a size in bytes may wait in memory."""
    return size * (_FOLDING if file_format in _FOLDED else 1) < LARGE_BYTES


class Shelf:
    """One place for rows that wait."""

    def __init__(self, prefix: str, create: str) -> None:
        self._prefix = prefix
        self.create = create
        """How a statement begins that makes a table here."""
        self._known: dict[int, tuple[str, str]] = {}

    def stage(self, dataset: Dataset) -> str:
        """The table that deliveries of a dataset are validated into, and wait in: moving rows costs as much as
        validating them. Its rows are marked with the number of their delivery.
        """
        return f"{self._prefix}.{quoted('staged_' + dataset.name)}"

    def twins(self) -> str:
        """The table of rows that share a key, while they are judged."""
        return f"{self._prefix}.twin"

    def quarantine(self) -> str:
        """Faults of all deliveries of this run, marked with path and hash."""
        return f"{self._prefix}.staged_quarantine"

    def know(self, contents: Sequence[Content]) -> None:
        """Remember what the deliveries of these numbers are."""
        self._known |= {c.number: (c.wanted.path, c.wanted.name.folder) for c in contents}

    def known(self) -> pa.Table:
        """Number, path and folder of the deliveries whose rows wait here."""
        return pa.table(
            {
                "delivery": pa.array(self._known, pa.int32()),
                "path": pa.array([path for path, _ in self._known.values()], pa.string()),
                "folder": pa.array([folder for _, folder in self._known.values()], pa.string()),
            }
        )


class Shelves:
    """The places for rows that wait, made when they are needed."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, contract: Contract, file: Path) -> None:
        self._con = connection
        self._contract = contract
        self._file = file
        self._small: Shelf | None = None
        self._large: Shelf | None = None

    def small(self) -> Shelf:
        """The place in memory."""
        self._small = self._small or self._furnished(Shelf("temp.main", "create or replace temp table"))
        return self._small

    def large(self) -> Shelf:
        """The place in a file."""
        if self._large is None:
            self._con.execute(f"attach {literal(str(self._file))} as scratch ({STORAGE})")
            self._file.chmod(0o600)
            self._large = self._furnished(Shelf("scratch.main", "create or replace table"))
        return self._large

    def used(self) -> list[Shelf]:
        """The places that hold anything."""
        return [shelf for shelf in (self._small, self._large) if shelf is not None]

    def _furnished(self, shelf: Shelf) -> Shelf:
        self._con.execute(f"{shelf.create} {shelf.quarantine()} ({_QUARANTINE_COLUMNS})")
        for dataset in self._contract.datasets.values():
            columns = f"{_STAGE_COLUMNS}, {contract_columns(dataset)}"
            self._con.execute(f"{shelf.create} {shelf.stage(dataset)} ({columns})")
        return shelf


@contextmanager
def open_shelves(
    connection: duckdb.DuckDBPyConnection, contract: Contract, work_db: Path
) -> Iterator[Shelves]:
    """Places for one run; the file, and what a killed run left of it, is removed."""
    file = work_db.with_name(f"{work_db.name}.scratch")
    leftovers = (file, file.with_name(f"{file.name}.wal"))
    for path in leftovers:
        path.unlink(missing_ok=True)
    try:
        yield Shelves(connection, contract, file)
    finally:
        # Nobody needs what is in the file any more, so it is not put in order before it is removed.
        connection.execute("pragma disable_checkpoint_on_shutdown")
        connection.execute("detach database if exists scratch")
        connection.execute("pragma enable_checkpoint_on_shutdown")
        for path in leftovers:
            path.unlink(missing_ok=True)
