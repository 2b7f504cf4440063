"""Takes deliveries through validation into temporary tables; what becomes of them is decided elsewhere."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from dagster_project.contract import Contract, Dataset
from dagster_project.ingestion.ahead import one_ahead
from dagster_project.ingestion.batch import Content, Wanted
from dagster_project.ingestion.gathering import (
    Gathered,
    Gatherer,
    Kind,
    Staged,
    content_of,
    not_validated,
    texts_of,
)
from dagster_project.ingestion.judging import Judge, RowCounts
from dagster_project.ingestion.limits import ReadingLimits
from dagster_project.ingestion.pseudonyms import key_parameters
from dagster_project.ingestion.reading import Source
from dagster_project.ingestion.repeated import LOOKUP, lookup_rows, with_values
from dagster_project.ingestion.resolution import Rejection
from dagster_project.ingestion.shelves import Shelf, Shelves
from dagster_project.ingestion.statement import BLOCKED, SOURCE, staging_statement
from dagster_project.ingestion.values import sql_folded_code
from dagster_project.ingestion.warehouse import TOO_MANY_BAD_ROWS

TOLERATED_SHARE = 0.05
"""Contract: a delivery with more than 5 % of its rows in quarantine is rejected as a whole."""

_Result = tuple[str, "Staged"]


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
        self._numbers = itertools.count()
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
        gatherer = Gatherer(inbox, self._contract, self._limits, self._numbers)
        with closing(one_ahead(gatherer.gathered(wanted))) as batches:
            for batch in batches:
                for path in batch.paths:
                    progress(f"reading {path}")
                yield from self._stage_batch(gatherer, batch)

    def _stage_batch(self, gatherer: Gatherer, batch: Gathered) -> Iterator[_Result]:
        query = staging_statement(batch.kind.dataset, self._any_blocked)
        yield from batch.rejected
        yield from self._stage_together(batch.kind, query, batch.contents)
        if batch.large is not None:
            number, one = batch.large
            found = gatherer.read(batch.kind, one, self._validating(batch.kind, query, number, one))
            assert isinstance(found, Staged)  # noqa: S101  what is validated as it is read is a finding
            yield one.path, found

    def _validating(self, kind: Kind, query: str, number: int, one: Wanted) -> Callable[[Source], Staged]:
        """How a large delivery is validated: as it is read, chunk by chunk."""

        def validate(source: Source) -> Staged:
            shelf = self._shelves.large()
            # What an attempt before left: a transaction would undo it, but keep the whole delivery in memory.
            self._con.execute(f"delete from {shelf.stage(kind.dataset)} where delivery = {number}")
            with closing(one_ahead(texts_of(source, kind, number, one))) as chunks:
                self._fill_stage(shelf, kind, query, ([rows] for rows in chunks))
            return self._judged(shelf, kind.dataset, [content_of(one, number, source)])[0][1]

        return validate

    def _stage_together(self, kind: Kind, query: str, contents: Sequence[Content]) -> list[_Result]:
        """Validate deliveries that were read; one by one when they cannot be validated together."""
        if not contents:
            return []
        shelf = self._shelves.small()
        try:
            with self._all_or_nothing():
                rows = [table for content in contents for table in content.rows]
                self._fill_stage(shelf, kind, query, [rows])
                return self._judged(shelf, kind.dataset, contents)
        except (duckdb.ProgrammingError, duckdb.InternalError):
            raise
        except (duckdb.Error, MemoryError) as error:
            if len(contents) == 1:
                return [(contents[0].wanted.path, not_validated(error))]
            return [found for content in contents for found in self._stage_together(kind, query, [content])]

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
        judge.refuse([content.number for content, staged in found if staged.rejection is not None])
        shelf.know(contents)
        return [(content.wanted.path, staged) for content, staged in found]

    def _fill_stage(self, shelf: Shelf, kind: Kind, query: str, chunks: Iterable[Sequence[pa.Table]]) -> None:
        """Validate rows, as many at a time as a chunk holds."""
        # The code lists are what joins hold in memory. Left to itself, the optimizer may choose to hold the delivery,
        # clear personal numbers and all.
        self._con.execute("set disabled_optimizers = 'join_order,build_side_probe_side'")
        try:
            for tables in chunks:
                rows = with_values(self._con, tables, kind.dataset, kind.party_code, self._key)
                self._con.register(SOURCE, rows)
                self._con.execute(f"insert into {shelf.stage(kind.dataset)} {query}", self._used_by(query))
        finally:
            self._con.execute("reset disabled_optimizers")
            self._con.unregister(SOURCE)

    def _used_by(self, query: str) -> dict[str, bytes]:
        return {name: value for name, value in self._key.items() if f"${name}" in query}


def _finding(content: Content, counts: RowCounts) -> Staged:
    """Contract: a delivery with more than 5 % of its rows in quarantine is rejected as a whole."""
    rejection = None
    if counts.quarantined > counts.read * TOLERATED_SHARE:
        rejection = Rejection(
            TOO_MANY_BAD_ROWS, f"{counts.quarantined} of {counts.read} rows break a rule; at most 5 % may"
        )
        counts = RowCounts(read=counts.read, quarantined=counts.quarantined, blocked=counts.blocked)
    return Staged(content.content_hash, content.signature, counts, content.match, rejection)
