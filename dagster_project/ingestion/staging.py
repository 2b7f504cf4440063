"""Takes one delivery through validation into temporary tables; what becomes of them is decided elsewhere."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from dagster_project.contract import Contract, Dataset
from dagster_project.ingestion.inbox import Signature
from dagster_project.ingestion.judging import Judge, RowCounts
from dagster_project.ingestion.limits import ReadingLimits
from dagster_project.ingestion.masking import mask
from dagster_project.ingestion.names import DeliveryName, Period
from dagster_project.ingestion.pseudonyms import key_parameters
from dagster_project.ingestion.reading import MissingColumnsError, Source, UnreadableError, open_source
from dagster_project.ingestion.reading.bytestream import NotUtf8Error, hash_file
from dagster_project.ingestion.reading.headers import HeaderMatch
from dagster_project.ingestion.reading.unreadable import ChangedWhileReadError
from dagster_project.ingestion.resolution import Rejection
from dagster_project.ingestion.shelves import Shelf, Shelves
from dagster_project.ingestion.statement import (
    BLOCKED,
    LOOKUP,
    SOURCE,
    lookup_rows,
    staging_statement,
)
from dagster_project.ingestion.values import sql_folded_code
from dagster_project.ingestion.warehouse import TOO_MANY_BAD_ROWS

TOLERATED_SHARE = 0.05
"""Contract: a delivery with more than 5 % of its rows in quarantine is rejected as a whole."""

_PARAMETER = re.compile(r"\$([a-z_]+)")


@dataclass(frozen=True)
class Staged:
    """A delivery that was read: what was found, and why it is rejected if it is."""

    content_hash: str | None
    signature: Signature | None
    counts: RowCounts = field(default_factory=RowCounts)
    match: HeaderMatch | None = None
    rejection: Rejection | None = None


class Stager:
    """Validates deliveries one after the other on one connection.

    Accepted rows and faults gather on the shelves, marked with the path of the delivery. An error in one
    delivery touches no other.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        contract: Contract,
        key: bytes,
        limits: ReadingLimits,
        shelves: Shelves,
    ) -> None:
        self._con = connection
        self._contract = contract
        self._shelves = shelves
        self._key = key_parameters(key)
        self._limits = limits
        self._any_blocked = False
        self._prepare()

    def _prepare(self) -> None:
        folded = sql_folded_code("spelling")
        rows = pa.Table.from_pylist(
            [
                {"rank": rank, "lookup": lookup, "spelling": spelling, "code": code}
                for rank, (lookup, spelling, code) in enumerate(lookup_rows(self._contract))
            ]
        )
        self._con.register("lookup_source", rows)
        # Two spellings that fold to one name the same code, or the first of them: codes come before labels.
        self._con.execute(
            f"create or replace temp table {LOOKUP} as "
            f"select lookup, {folded} as spelling, arg_min(code, rank) as code from lookup_source group by 1, 2"
        )
        self._con.unregister("lookup_source")
        self._con.execute(
            f"create or replace temp table {BLOCKED} as select person_id, token from ops.blocked_person"
        )
        self._any_blocked = self._con.execute(f"select count(*) from {BLOCKED}").fetchone() != (0,)

    def stage(self, inbox: Path, path: str, name: DeliveryName, period: Period) -> Staged:
        """Read and validate one delivery. Never raises for anything in the file: that is a rejection."""
        dataset = self._contract.datasets[name.dataset]
        force_cp1252 = False
        for _ in range(self._limits.attempts + 1):
            try:
                return self._attempt(inbox / path, path, name, period, dataset, force_cp1252)
            except NotUtf8Error:
                force_cp1252 = True
            except ChangedWhileReadError:
                continue
            except MissingColumnsError as error:
                return self._rejected(inbox / path, "missing_column", str(error))
            except UnreadableError as error:
                return self._rejected(inbox / path, "unreadable", str(error))
            except (duckdb.ProgrammingError, duckdb.InternalError):
                raise  # ours, whatever the file holds
            except (duckdb.Error, MemoryError, OSError) as error:
                # Its text may quote values, so its kind must do. Not known to lie in the file (the disk may be
                # full), so no hash is kept and the next run tries again.
                detail = f"the file could not be validated ({type(error).__name__})"
                return Staged(None, None, rejection=Rejection("unreadable", detail))
        return Staged(None, None, rejection=Rejection("unreadable", "the file changed while it was read"))

    def _rejected(self, path: Path, reason: str, detail: str) -> Staged:
        content_hash, signature = hash_quietly(path)
        return Staged(content_hash, signature, rejection=Rejection(reason, mask(detail)))

    def _attempt(
        self, path: Path, label: str, name: DeliveryName, period: Period, dataset: Dataset, force_cp1252: bool
    ) -> Staged:
        with open_source(path, name.file_format, dataset, self._limits, force_cp1252) as source:
            shelf = self._shelves.shelf_for(path.stat().st_size, name.file_format)
            self._fill_stage(shelf, source, name, period, dataset)
            content_hash, signature = source.finish()
            table = source.table
        judge = Judge(self._con, shelf, dataset, label, content_hash)
        counts = judge.judge(table.wrong_rows.faults(), table.width)
        rejection = None
        if counts.quarantined > counts.read * TOLERATED_SHARE:
            rejection = Rejection(
                TOO_MANY_BAD_ROWS,
                f"{counts.quarantined} of {counts.read} rows break a rule; at most 5 % may",
            )
            counts = RowCounts(read=counts.read, quarantined=counts.quarantined, blocked=counts.blocked)
        else:
            judge.accept(name.folder)
        return Staged(content_hash, signature, counts, table.match, rejection)

    def _fill_stage(
        self, shelf: Shelf, source: Source, name: DeliveryName, period: Period, dataset: Dataset
    ) -> None:
        table = source.table
        query = staging_statement(dataset, name.party_code, table.match, table.width, self._any_blocked)
        parameters = {
            **self._key,
            "period_start": period.start,
            "period_end": period.end,
            "period_end_number": int(period.end.strftime("%Y%m%d")),
        }
        used = {name: parameters[name] for name in set(_PARAMETER.findall(query))}
        verb = f"{shelf.create} {shelf.stage()} as"
        # The code lists are what joins hold in memory. Left to itself, the optimizer may choose to hold the delivery,
        # clear personal numbers and all.
        self._con.execute("set disabled_optimizers = 'join_order,build_side_probe_side'")
        try:
            for chunk in source.chunks():
                self._con.register(SOURCE, chunk)
                self._con.execute(f"{verb} {query}", used)
                verb = f"insert into {shelf.stage()}"
        finally:
            self._con.execute("reset disabled_optimizers")
            self._con.unregister(SOURCE)


def hash_quietly(path: Path) -> tuple[str | None, Signature | None]:
    """Hash and signature of a file that is not loaded; nothing when it cannot be read or does not hold still."""
    try:
        return hash_file(path)
    except (UnreadableError, ChangedWhileReadError, OSError):
        return None, None
