"""Takes one delivery through validation into temporary tables; what becomes of them is decided elsewhere."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from dagster_project.contract import Contract, Dataset
from dagster_project.ingestion.inbox import Signature
from dagster_project.ingestion.limits import ReadingLimits
from dagster_project.ingestion.masking import mask
from dagster_project.ingestion.names import DeliveryName, Period
from dagster_project.ingestion.pseudonyms import key_parameters
from dagster_project.ingestion.reading import MissingColumnsError, Source, UnreadableError, open_source
from dagster_project.ingestion.reading.bytestream import NotUtf8Error, hash_file
from dagster_project.ingestion.reading.headers import HeaderMatch
from dagster_project.ingestion.reading.unreadable import ChangedWhileReadError
from dagster_project.ingestion.resolution import Rejection
from dagster_project.ingestion.rules import CONFLICTING_KEY, WRONG_COLUMN_COUNT
from dagster_project.ingestion.statement import (
    BLOCKED,
    LOOKUP,
    SOURCE,
    STAGE,
    lookup_rows,
    staging_statement,
)
from dagster_project.ingestion.values import sql_folded_code
from dagster_project.ingestion.warehouse import accepted_table, create_raw_table, quoted

TOLERATED_SHARE = 0.05
"""Contract: a delivery with more than 5 % of its rows in quarantine is rejected as a whole."""

_PARAMETER = re.compile(r"\$([a-z_]+)")
_QUARANTINE = (
    "create or replace temp table staged_quarantine (path varchar, content_hash varchar, row_number bigint, "
    "column_name varchar, reason varchar, shown varchar, person_id varchar)"
)


@dataclass(frozen=True)
class RowCounts:
    """What became of the rows of a delivery; `read` is the sum of the others."""

    read: int = 0
    loaded: int = 0
    collapsed: int = 0
    quarantined: int = 0
    blocked: int = 0


@dataclass(frozen=True)
class Staged:
    """A delivery that was read: what was found, and why it is rejected if it is."""

    content_hash: str | None
    signature: Signature | None
    counts: RowCounts = RowCounts()
    match: HeaderMatch | None = None
    rejection: Rejection | None = None


class Stager:
    """Validates deliveries one after the other on one connection.

    Accepted rows gather in temporary tables like the raw ones (`accepted_table`), faults in
    `staged_quarantine`, both marked with the path of the delivery. An error in one delivery touches no other.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, contract: Contract, key: bytes, limits: ReadingLimits
    ) -> None:
        self._con = connection
        self._contract = contract
        self._key = key_parameters(key)
        self._limits = limits
        self._any_blocked = False
        self._prepare()

    def _prepare(self) -> None:
        spelling = sql_folded_code("spelling")
        rows = pa.Table.from_pylist(
            [{"lookup": lookup, "spelling": s, "code": c} for lookup, s, c in lookup_rows(self._contract)]
        )
        self._con.register("lookup_source", rows)
        # Two spellings that fold to one name the same code, or the first of them: codes come before labels.
        self._con.execute(
            f"create or replace temp table {LOOKUP} as "
            f"select lookup, {spelling} as spelling, first(code order by row_number) as code from "
            "(select *, row_number() over () as row_number from lookup_source) group by all"
        )
        self._con.unregister("lookup_source")
        self._con.execute(
            f"create or replace temp table {BLOCKED} as select person_id, token from ops.blocked_person"
        )
        self._any_blocked = self._numbers(f"select count(*) from {BLOCKED}") != (0,)
        self._con.execute(_QUARANTINE)
        for dataset in self._contract.datasets.values():
            self._con.execute(create_raw_table(accepted_table(dataset), dataset, temporary=True))

    def _numbers(self, query: str) -> tuple[int, ...]:
        """The one row of a query of counts."""
        row = self._con.execute(query).fetchone()
        return tuple(int(value) for value in row or ())

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
            except Exception as error:
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
            self._fill_stage(source, name, period, dataset)
            content_hash, signature = source.finish()
            table = source.table
        counts = self._judge(label, content_hash, dataset, table.wrong_rows.faults(), table.width)
        rejection = None
        if counts.quarantined > counts.read * TOLERATED_SHARE:
            rejection = Rejection(
                "too_many_bad_rows",
                f"{counts.quarantined} of {counts.read} rows break a rule; at most 5 % may",
            )
            counts = RowCounts(read=counts.read, quarantined=counts.quarantined, blocked=counts.blocked)
        else:
            self._accept(label, name.folder, dataset)
        return Staged(content_hash, signature, counts, table.match, rejection)

    def _fill_stage(self, source: Source, name: DeliveryName, period: Period, dataset: Dataset) -> None:
        table = source.table
        statement = staging_statement(dataset, name.party_code, table.match, table.width, self._any_blocked)
        parameters = {
            **self._key,
            "period_start": period.start,
            "period_end": period.end,
            "period_end_number": int(period.end.strftime("%Y%m%d")),
        }
        used = {name: parameters[name] for name in set(_PARAMETER.findall(statement))}
        self._con.register(SOURCE, source.reader)
        try:
            self._con.execute(statement, used)
        except Exception as error:
            raise source.error or error from None
        finally:
            self._con.unregister(SOURCE)

    def _judge(self, label: str, content_hash: str, dataset: Dataset, wrong: Any, width: int) -> RowCounts:
        """Quarantine, collapse and drop blocked persons; the stage then holds the acceptable rows alone."""
        wrong_numbers, wrong_counts = wrong
        staged, blocked, faulty = self._numbers(
            "select count(*), count(*) filter (where is_blocked), "
            f"count(*) filter (where faults is not null and not is_blocked) from {STAGE}"
        )
        read = staged + len(wrong_numbers)
        if blocked:
            self._con.execute(f"delete from {STAGE} where is_blocked")
        marks = {"path": label, "content_hash": content_hash}
        if faulty:
            self._con.execute(
                "insert into staged_quarantine select $path, $content_hash, row_number, fault.column_name, "
                "fault.reason, fault.shown, fault_person_id from "
                f"(select row_number, fault_person_id, unnest(faults) as fault from {STAGE})",
                marks,
            )
            self._con.execute(f"delete from {STAGE} where faults is not null")
        if len(wrong_numbers):
            self._quarantine_wrong(marks, wrong_numbers, wrong_counts, width)
        collapsed, conflicting = self._settle_keys(marks, dataset)
        quarantined = faulty + len(wrong_numbers) + conflicting
        loaded = read - blocked - quarantined - collapsed
        return RowCounts(read, loaded, collapsed, quarantined, blocked)

    def _quarantine_wrong(self, marks: dict[str, str], numbers: Any, counts: Any, width: int) -> None:
        rows = pa.table({"row_number": numbers, "field_count": counts})
        self._con.register("wrong_rows", rows)
        self._con.execute(
            "insert into staged_quarantine select $path, $content_hash, row_number, null, $reason, "
            "field_count || ' fields instead of ' || $width, null from wrong_rows",
            {**marks, "reason": WRONG_COLUMN_COUNT, "width": width},
        )
        self._con.unregister("wrong_rows")

    def _settle_keys(self, marks: dict[str, str], dataset: Dataset) -> tuple[int, int]:
        """Collapse equal rows and quarantine what then still shares a key. Returns both counts."""
        keys = ", ".join(quoted(column.raw_name) for column in dataset.key)
        repeated = f"(select {keys} from {STAGE} group by {keys} having count(*) > 1)"
        if self._numbers(f"select count(*) from {repeated}") == (0,):
            return 0, 0
        everything = ", ".join(quoted(column.raw_name) for column in dataset.columns)
        self._con.execute(
            "create or replace temp table twin as with "
            f"shared as (select row_number, {everything} from {STAGE} semi join {repeated} as r using ({keys})), "
            f"kept as (select *, min(row_number) over (partition by {everything}) as kept_row from shared) "
            "select row_number, kept_row, "
            f"count(*) filter (where row_number = kept_row) over (partition by {keys}) as contents from kept"
        )
        collapsed, conflicting = self._numbers(
            "select count(*) filter (where row_number <> kept_row), "
            "count(*) filter (where row_number = kept_row and contents > 1) from twin"
        )
        self._con.execute(
            "insert into staged_quarantine select $path, $content_hash, row_number, $column_name, $reason, "
            f"shown_key, fault_person_id from {STAGE} where row_number in "
            "(select row_number from twin where row_number = kept_row and contents > 1)",
            {**marks, "column_name": dataset.key[0].name, "reason": CONFLICTING_KEY},
        )
        self._con.execute(
            f"delete from {STAGE} where row_number in "
            "(select row_number from twin where row_number <> kept_row or contents > 1)"
        )
        return collapsed, conflicting

    def _accept(self, label: str, folder: str, dataset: Dataset) -> None:
        columns = ", ".join(quoted(column.raw_name) for column in dataset.columns)
        self._con.execute(
            f"insert into {accepted_table(dataset)} select $path, $party, row_number, {columns} from {STAGE}",
            {"path": label, "party": folder},
        )


def hash_quietly(path: Path) -> tuple[str | None, Signature | None]:
    """Hash and signature of a file that is not loaded; nothing when it cannot be read or does not hold still."""
    try:
        return hash_file(path)
    except (UnreadableError, ChangedWhileReadError, OSError):
        return None, None
