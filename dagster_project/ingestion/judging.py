"""What becomes of the rows of a validated delivery: quarantined, collapsed, blocked or acceptable. No file is read."""

from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dagster_project.contract import Dataset
from dagster_project.ingestion.rules import CONFLICTING_KEY, WRONG_COLUMN_COUNT
from dagster_project.ingestion.shelves import Shelf
from dagster_project.ingestion.warehouse import quoted

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class RowCounts:
    """What became of the rows of a delivery; `read` is the sum of the others."""

    read: int = 0
    loaded: int = 0
    collapsed: int = 0
    quarantined: int = 0
    blocked: int = 0


class Judge:
    """Judges the rows on a shelf's stage, for one delivery. Afterwards the stage holds acceptable rows alone."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        shelf: Shelf,
        dataset: Dataset,
        path: str,
        content_hash: str,
    ) -> None:
        self._con = connection
        self._shelf = shelf
        self._stage = shelf.stage()
        self._dataset = dataset
        self._marks = {"path": path, "content_hash": content_hash}

    def judge(self, wrong_rows: tuple[Numbers, Numbers], width: int) -> RowCounts:
        """Count and sort every row. `wrong_rows` are numbers and field counts of rows that are not `width` wide."""
        wrong = len(wrong_rows[0])
        staged, blocked, faulty = self._counts(
            "select count(*), count(*) filter (where is_blocked), "
            f"count(*) filter (where faults is not null and not is_blocked) from {self._stage}"
        )
        if blocked:
            self._con.execute(f"delete from {self._stage} where is_blocked")
        if faulty:
            self._quarantine_faulty()
        if wrong:
            self._quarantine_wrong(*wrong_rows, width)
        collapsed, conflicting = self._settle_keys()
        read, quarantined = staged + wrong, faulty + wrong + conflicting
        return RowCounts(read, read - blocked - quarantined - collapsed, collapsed, quarantined, blocked)

    def accept(self, folder: str) -> None:
        """Put the acceptable rows on the shelf."""
        columns = ", ".join(quoted(column.raw_name) for column in self._dataset.columns)
        self._con.execute(
            f"insert into {self._shelf.accepted(self._dataset)} "
            f"select $path, $party, row_number, {columns} from {self._stage}",
            {"path": self._marks["path"], "party": folder},
        )

    def _counts(self, query: str) -> tuple[int, ...]:
        row = self._con.execute(query).fetchone()
        return tuple(int(value) for value in row or ())

    def _quarantine(self, rows: str, parameters: dict[str, Any] | None = None) -> None:
        """`rows` selects row_number, column_name, reason, shown, person_id."""
        self._con.execute(
            f"insert into {self._shelf.quarantine()} select $path, $content_hash, * from ({rows})",
            {**self._marks, **(parameters or {})},
        )

    def _quarantine_faulty(self) -> None:
        self._quarantine(
            "select row_number, fault.column_name, fault.reason, fault.shown, fault_person_id from "
            f"(select row_number, fault_person_id, unnest(faults) as fault from {self._stage})"
        )
        self._con.execute(f"delete from {self._stage} where faults is not null")

    def _quarantine_wrong(self, numbers: Numbers, counts: Numbers, width: int) -> None:
        self._con.register("wrong_rows", pa.table({"row_number": numbers, "field_count": counts}))
        self._quarantine(
            "select row_number, null, $reason, field_count || ' fields instead of ' || $width, null from wrong_rows",
            {"reason": WRONG_COLUMN_COUNT, "width": width},
        )
        self._con.unregister("wrong_rows")

    def _settle_keys(self) -> tuple[int, int]:
        """Collapse equal rows, then quarantine what still shares a key. Returns both counts."""
        keys = ", ".join(quoted(column.raw_name) for column in self._dataset.key)
        shared_keys = f"(select {keys} from {self._stage} group by {keys} having count(*) > 1)"
        if self._counts(f"select count(*) from {shared_keys}") == (0,):
            return 0, 0
        twins, everything = self._shelf.twins(), ", ".join(quoted(c.raw_name) for c in self._dataset.columns)
        self._con.execute(
            f"{self._shelf.create} {twins} as with "
            f"shared as (select row_number, {everything} from {self._stage} "
            f"semi join {shared_keys} as k using ({keys})), "
            f"kept as (select *, min(row_number) over (partition by {everything}) as kept_row from shared), "
            "counted as (select row_number, kept_row, count(*) filter (where row_number = kept_row) "
            f"over (partition by {keys}) as contents from kept) "
            "select row_number, row_number <> kept_row as is_copy, contents > 1 as is_conflict from counted"
        )
        collapsed, conflicting = self._counts(
            f"select count(*) filter (where is_copy), count(*) filter (where is_conflict and not is_copy) from {twins}"
        )
        if conflicting:
            self._quarantine(
                f"select row_number, $column_name, $reason, shown_key, fault_person_id from {self._stage} "
                f"where row_number in (select row_number from {twins} where is_conflict and not is_copy)",
                {"column_name": self._dataset.key[0].name, "reason": CONFLICTING_KEY},
            )
        self._con.execute(
            f"delete from {self._stage} "
            f"where row_number in (select row_number from {twins} where is_copy or is_conflict)"
        )
        return collapsed, conflicting
