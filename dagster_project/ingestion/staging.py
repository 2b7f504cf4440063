"""Takes deliveries through validation into temporary tables; what becomes of them is decided elsewhere."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from dagster_project.contract import Contract, Dataset
from dagster_project.ingestion.batch import Content, Wanted
from dagster_project.ingestion.inbox import Signature
from dagster_project.ingestion.judging import Judge, RowCounts
from dagster_project.ingestion.limits import ReadingLimits
from dagster_project.ingestion.masking import mask
from dagster_project.ingestion.persons import with_pseudonyms
from dagster_project.ingestion.pseudonyms import key_parameters
from dagster_project.ingestion.reading import MissingColumnsError, Source, UnreadableError, open_source
from dagster_project.ingestion.reading.bytestream import NotUtf8Error, hash_file
from dagster_project.ingestion.reading.headers import HeaderMatch
from dagster_project.ingestion.reading.rows import marked_rows
from dagster_project.ingestion.reading.source import CHUNK_BYTES
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

_Result = tuple[str, "Staged"]


@dataclass(frozen=True)
class Staged:
    """A delivery that was read: what was found, and why it is rejected if it is."""

    content_hash: str | None
    signature: Signature | None
    counts: RowCounts = field(default_factory=RowCounts)
    match: HeaderMatch | None = None
    rejection: Rejection | None = None


class Stager:
    """Validates deliveries on one connection: small ones of a kind together, large ones one by one.

    A statement costs tens of milliseconds before it looks at a row, so that a thousand small deliveries would take a
    minute by themselves. Accepted rows and faults gather on the shelves, marked with the path of the delivery. An
    error in one delivery touches no other.
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

    def stage(
        self, inbox: Path, wanted: Iterable[Wanted], progress: Callable[[str], None]
    ) -> Iterator[_Result]:
        """Read and validate deliveries; path and finding of each, in no order.

        Never raises for anything in a file: that is a rejection.
        """
        kinds: dict[tuple[str, str], list[Wanted]] = defaultdict(list)
        for one in wanted:
            kinds[one.name.dataset, one.name.party_code].append(one)
        for (dataset, party_code), ones in sorted(kinds.items()):
            query = staging_statement(self._contract.datasets[dataset], party_code, self._any_blocked)
            yield from self._stage_kind(inbox, self._contract.datasets[dataset], query, ones, progress)

    def _stage_kind(
        self,
        inbox: Path,
        dataset: Dataset,
        query: str,
        wanted: Sequence[Wanted],
        progress: Callable[[str], None],
    ) -> Iterator[_Result]:
        waiting: list[Content] = []
        size = 0
        for number, one in enumerate(wanted):
            progress(f"reading {one.path}")
            found = self._tried(inbox / one.path, self._reading(inbox, dataset, query, one, number))
            if isinstance(found, Staged):
                yield one.path, found
                continue
            waiting.append(found)
            size += found.size
            if size >= CHUNK_BYTES:
                yield from self._stage_together(dataset, query, waiting)
                waiting, size = [], 0
        yield from self._stage_together(dataset, query, waiting)

    def _reading(
        self, inbox: Path, dataset: Dataset, query: str, one: Wanted, number: int
    ) -> Callable[[bool], "Content | Staged"]:
        """How a delivery is read: a small one to wait for others, a large one validated as it is read."""

        def read(force_cp1252: bool) -> Content | Staged:
            path, name = inbox / one.path, one.name
            with open_source(path, name.file_format, dataset, self._limits, force_cp1252) as source:
                texts = (
                    marked_rows(c, source.table.match, dataset, number, one.period) for c in source.chunks()
                )
                if self._shelves.is_small(path.stat().st_size, name.file_format):
                    return _content(one, number, source, tuple(texts))
                shelf = self._shelves.large()
                self._fill_stage(shelf, dataset, query, ([rows] for rows in texts))
                content = _content(one, number, source)
            return self._judged(shelf, dataset, [content])[0][1]

        return read

    def _tried(self, path: Path, read: Callable[[bool], "Content | Staged"]) -> "Content | Staged":
        force_cp1252 = False
        for _ in range(self._limits.attempts + 1):
            try:
                return read(force_cp1252)
            except NotUtf8Error:
                force_cp1252 = True
            except ChangedWhileReadError:
                continue
            except MissingColumnsError as error:
                return self._rejected(path, "missing_column", str(error))
            except UnreadableError as error:
                return self._rejected(path, "unreadable", str(error))
            except (duckdb.ProgrammingError, duckdb.InternalError):
                raise  # ours, whatever the file holds
            except (duckdb.Error, MemoryError, OSError) as error:
                return _not_validated(error)
        return Staged(None, None, rejection=Rejection("unreadable", "the file changed while it was read"))

    def _rejected(self, path: Path, reason: str, detail: str) -> Staged:
        content_hash, signature = hash_quietly(path)
        return Staged(content_hash, signature, rejection=Rejection(reason, mask(detail)))

    def _stage_together(self, dataset: Dataset, query: str, contents: Sequence[Content]) -> list[_Result]:
        """Validate deliveries that were read; one by one when they cannot be validated together."""
        if not contents:
            return []
        shelf = self._shelves.small()
        try:
            with self._all_or_nothing():
                rows = [table for content in contents for table in content.rows]
                self._fill_stage(shelf, dataset, query, [rows])
                return self._judged(shelf, dataset, contents)
        except (duckdb.ProgrammingError, duckdb.InternalError):
            raise
        except (duckdb.Error, MemoryError) as error:
            if len(contents) == 1:
                return [(contents[0].wanted.path, _not_validated(error))]
            return [
                found for content in contents for found in self._stage_together(dataset, query, [content])
            ]

    @contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        self._con.execute("begin")
        try:
            yield
        except BaseException:
            self._con.execute("rollback")
            raise
        self._con.execute("commit")

    def _judged(self, shelf: Shelf, dataset: Dataset, contents: Sequence[Content]) -> list[_Result]:
        judge = Judge(self._con, shelf, dataset, contents)
        counts = judge.judge()
        found = [(content, _finding(content, counts[content.number])) for content in contents]
        judge.accept([content.number for content, staged in found if staged.rejection is None])
        return [(content.wanted.path, staged) for content, staged in found]

    def _fill_stage(
        self, shelf: Shelf, dataset: Dataset, query: str, chunks: Iterable[Sequence[pa.Table]]
    ) -> None:
        """Validate rows, as many at a time as a chunk holds."""
        verb = f"{shelf.create} {shelf.stage()} as"
        # The code lists are what joins hold in memory. Left to itself, the optimizer may choose to hold the delivery,
        # clear personal numbers and all.
        self._con.execute("set disabled_optimizers = 'join_order,build_side_probe_side'")
        try:
            for tables in chunks:
                self._con.register(SOURCE, with_pseudonyms(self._con, tables, dataset, self._key))
                self._con.execute(f"{verb} {query}", self._used_by(query))
                verb = f"insert into {shelf.stage()}"
        finally:
            self._con.execute("reset disabled_optimizers")
            self._con.unregister(SOURCE)

    def _used_by(self, query: str) -> dict[str, bytes]:
        return {name: value for name, value in self._key.items() if f"${name}" in query}


def _content(wanted: Wanted, number: int, source: Source, rows: tuple[pa.Table, ...] = ()) -> Content:
    content_hash, signature = source.finish()
    table = source.table
    return Content(
        wanted, number, content_hash, signature, table.match, table.width, table.wrong_rows.faults(), rows
    )


def _finding(content: Content, counts: RowCounts) -> Staged:
    """Contract: a delivery with more than 5 % of its rows in quarantine is rejected as a whole."""
    rejection = None
    if counts.quarantined > counts.read * TOLERATED_SHARE:
        rejection = Rejection(
            TOO_MANY_BAD_ROWS, f"{counts.quarantined} of {counts.read} rows break a rule; at most 5 % may"
        )
        counts = RowCounts(read=counts.read, quarantined=counts.quarantined, blocked=counts.blocked)
    return Staged(content.content_hash, content.signature, counts, content.match, rejection)


def _not_validated(error: Exception) -> Staged:
    # Its text may quote values, so its kind must do. Not known to lie in the file (the disk may be full), so no hash
    # is kept and the next run tries again.
    detail = f"the file could not be validated ({type(error).__name__})"
    return Staged(None, None, rejection=Rejection("unreadable", detail))


def hash_quietly(path: Path) -> tuple[str | None, Signature | None]:
    """Hash and signature of a file that is not loaded; nothing when it cannot be read or does not hold still."""
    try:
        return hash_file(path)
    except (UnreadableError, ChangedWhileReadError, OSError):
        return None, None
