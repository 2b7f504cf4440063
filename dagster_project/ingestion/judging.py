"""What becomes of the rows of validated deliveries: quarantined, collapsed, blocked or acceptable. No file is read."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from dagster_project.contract import Dataset
from dagster_project.ingestion.batch import Content, as_table, wrong_rows
from dagster_project.ingestion.rules import CONFLICTING_KEY, WRONG_COLUMN_COUNT, sql_known_key
from dagster_project.ingestion.shelves import Shelf
from dagster_project.ingestion.warehouse import quoted

_BATCH, _WRONG = "batch_delivery", "batch_wrong_row"


@dataclass(frozen=True)
class RowCounts:
    """What became of the rows of a delivery; `read` is the sum of the others."""

    read: int = 0
    loaded: int = 0
    collapsed: int = 0
    quarantined: int = 0
    blocked: int = 0


class Judge:
    """Judges the rows on a shelf's stage that came from deliveries whose numbers are in a row. Afterwards the stage
    holds acceptable rows of them alone.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        shelf: Shelf,
        dataset: Dataset,
        contents: Sequence[Content],
    ) -> None:
        self._con = connection
        self._shelf = shelf
        self._stage = shelf.stage(dataset)
        self._ours = f"delivery between {contents[0].number} and {contents[-1].number}"
        self._rows = f"(from {self._stage} where {self._ours})"
        self._dataset = dataset
        self._contents = contents
        persons = [quoted(column.raw_name) for column in dataset.person_columns]
        self._person = persons[0] if persons else "null"

    def judge(self) -> dict[int, RowCounts]:
        """Count and sort every row; counts by the number of the delivery."""
        wrong = {content.number: len(content.wrong_rows[0]) for content in self._contents}
        staged = self._by_delivery(
            "select delivery, count(*), count(*) filter (where is_blocked), "
            f"count(*) filter (where faults is not null and not is_blocked) from {self._rows} group by delivery"
        )
        if any(blocked for _, blocked, _ in staged.values()):
            self._con.execute(f"delete from {self._stage} where {self._ours} and is_blocked")
        with self._known():
            if any(faulty for _, _, faulty in staged.values()):
                self._quarantine_faulty()
            if any(wrong.values()):
                self._quarantine_wrong()
            settled = self._settle_keys()
        return {
            number: _counts(staged.get(number, (0, 0, 0)), wrong[number], settled.get(number, (0, 0)))
            for number in wrong
        }

    def refuse(self, numbers: Collection[int]) -> None:
        """Take the rows of these deliveries off the stage."""
        if numbers:
            self._con.execute(
                f"delete from {self._stage} where {self._ours} and delivery in (select unnest($numbers))",
                {"numbers": list(numbers)},
            )

    @contextmanager
    def _known(self) -> Iterator[None]:
        """While it lasts, the deliveries are a relation that statements can join."""
        self._con.register(_BATCH, as_table(self._contents))
        try:
            yield
        finally:
            self._con.unregister(_BATCH)

    def _by_delivery(self, query: str) -> dict[int, tuple[int, ...]]:
        """`query` selects delivery, then counts."""
        return {number: tuple(counts) for number, *counts in self._con.execute(query).fetchall()}

    def _quarantine(self, rows: str, parameters: dict[str, str] | None = None) -> None:
        """`rows` selects delivery, row_number, column_name, reason, shown, person_id."""
        self._con.execute(
            f"insert into {self._shelf.quarantine()} select b.path, b.content_hash, f.row_number, f.column_name, "
            f"f.reason, f.shown, f.person_id from ({rows}) as f inner join {_BATCH} as b using (delivery)",
            parameters or {},
        )

    def _quarantine_faulty(self) -> None:
        self._quarantine(
            "select delivery, row_number, fault.column_name, fault.reason, fault.shown, "
            f"person_id from (select delivery, row_number, {self._person} as person_id, "
            f"unnest(faults) as fault from {self._rows})"
        )
        self._con.execute(f"delete from {self._stage} where {self._ours} and faults is not null")

    def _quarantine_wrong(self) -> None:
        self._con.register(_WRONG, wrong_rows(self._contents))
        self._quarantine(
            "select delivery, row_number, null as column_name, $reason as reason, "
            f"field_count || ' fields instead of ' || width as shown, null as person_id from {_WRONG}",
            {"reason": WRONG_COLUMN_COUNT},
        )
        self._con.unregister(_WRONG)

    def _settle_keys(self) -> dict[int, tuple[int, ...]]:
        """Collapse equal rows of a delivery, then quarantine what still shares a key. Both counts by delivery."""
        keys = ", ".join(("delivery", *(quoted(column.raw_name) for column in self._dataset.key)))
        # Rows with the same key have the same hash, and nearly always no two rows have.
        shared_hashes = f"(select hash({keys}) as h from {self._rows} group by h having count(*) > 1)"
        if self._con.execute(f"select 1 from {shared_hashes} limit 1").fetchone() is None:
            return {}
        shared_keys = (
            f"(select {keys} from {self._rows} where hash({keys}) in {shared_hashes} "
            f"group by {keys} having count(*) > 1)"
        )
        twins = self._shelf.twins()
        everything = ", ".join(("delivery", *(quoted(c.raw_name) for c in self._dataset.columns)))
        self._con.execute(
            f"{self._shelf.create} {twins} as with "
            f"shared as (select row_number, {everything} from {self._rows} "
            f"semi join {shared_keys} as k using ({keys})), "
            f"kept as (select *, min(row_number) over (partition by {everything}) as kept_row from shared), "
            "counted as (select delivery, row_number, kept_row, count(*) filter (where row_number = kept_row) "
            f"over (partition by {keys}) as contents from kept) "
            "select delivery, row_number, row_number <> kept_row as is_copy, contents > 1 as is_conflict from counted"
        )
        settled = self._by_delivery(
            "select delivery, count(*) filter (where is_copy), "
            f"count(*) filter (where is_conflict and not is_copy) from {twins} group by delivery"
        )
        if any(conflicting for _, conflicting in settled.values()):
            self._quarantine_conflicting(twins)
        self._con.execute(
            f"delete from {self._stage} where {self._ours} and (delivery, row_number) in "
            f"(select (delivery, row_number) from {twins} where is_copy or is_conflict)"
        )
        return settled

    def _quarantine_conflicting(self, twins: str) -> None:
        key = self._dataset.key[0]
        self._quarantine(
            "select delivery, row_number, $column_name as column_name, $reason as reason, "
            f"{sql_known_key(key)} as shown, {self._person} as person_id "
            f"from {self._rows} where (delivery, row_number) in "
            f"(select (delivery, row_number) from {twins} where is_conflict and not is_copy)",
            {"column_name": key.name, "reason": CONFLICTING_KEY},
        )


def _counts(staged: Sequence[int], wrong: int, settled: Sequence[int]) -> RowCounts:
    rows, blocked, faulty = staged
    collapsed, conflicting = settled
    read, quarantined = rows + wrong, faulty + wrong + conflicting
    return RowCounts(read, read - blocked - quarantined - collapsed, collapsed, quarantined, blocked)
