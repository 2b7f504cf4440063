"""A table with a row per place (period and area), kept as columns: an area's rows are made when it is asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from dagster_project.sql_text import identifier as name
from dagster_project.sql_text import literal

Row = Mapping[str, object]
PeriodKey = tuple[str, str]
ByPeriod = Mapping[PeriodKey, list[dict[str, object]]]
PERIOD_KEYS = ("period_type", "period")
_SORTED = ("area_code", *PERIOD_KEYS)
# Texts beside the codes, for those who ask in SQL: the report words everything by the code lists.
_WORDS = ("area_name", "sort_order")
_WORDED = ("label_sv", "label_en")
HASH = "row_hash"
_KEPT = 2  # areas; a report goes area by area


class Placed:
    """The rows of a table by area (blank where the table has none) and by period: its type and its code.

    `periods` are all that a row has, `areas` the codes of each area level.
    """

    def __init__(self, table: pa.Table | None = None) -> None:
        """`table` is sorted by area, where it has one; its column `row_hash` is no part of its rows."""
        if table is not None:
            self._hashes = table[HASH].to_numpy()
            table = table.drop([HASH])
        self._table = table
        self._spans = _spans(table) if table is not None else {}
        self.periods = frozenset(_distinct(table, *PERIOD_KEYS))
        levels: dict[str, set[str]] = defaultdict(set)
        for level, code in _distinct(table, "area_level", "area_code"):
            levels[level].add(code)
        self.areas: Mapping[str, set[str]] = levels
        self.of = lru_cache(maxsize=_KEPT)(self.read)

    def read(self, *areas: str) -> ByPeriod:
        """The rows of areas by period, in a fixed order; `of` does the same, and keeps what was asked for last."""
        found: dict[PeriodKey, list[dict[str, object]]] = defaultdict(list)
        if self._table is not None:
            for start, end in _joined(self._spans[area] for area in areas if area in self._spans):
                for row in self._table.slice(start, end - start).to_pylist():
                    found[row["period_type"], row["period"]].append(row)
        return dict(found)

    def content(self, *areas: str) -> bytes:
        """What tells the rows that `read` gives of these areas from all others: a hash of each, one after another."""
        spans = _joined(self._spans[area] for area in areas if area in self._spans)
        return b"".join(self._hashes[start:end].tobytes() for start, end in spans)


def _spans(table: pa.Table) -> dict[str, tuple[int, int]]:
    """Where the rows of each area begin and end."""
    if "area_code" not in table.column_names:
        return {"": (0, table.num_rows)}
    runs = pc.run_end_encode(table["area_code"].combine_chunks())
    ends = runs.run_ends.to_pylist()
    return dict(zip(runs.values.to_pylist(), zip([0, *ends], ends, strict=False), strict=True))


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans, those as one that follow upon each other: a county has hundreds of teams of a few rows each."""
    found: list[tuple[int, int]] = []
    for start, end in spans:
        first = found.pop()[0] if found and found[-1][1] == start else start
        found.append((first, end))
    return found


def _distinct(table: pa.Table | None, *columns: str) -> list[tuple[str, str]]:
    if table is None or not set(columns) <= set(table.column_names):
        return []
    found = table.group_by(list(columns)).aggregate([])
    return list(zip(*(found[column].to_pylist() for column in columns), strict=True))


def read_placed(
    con: duckdb.DuckDBPyConnection, schema: str, table: str, left_out: Collection[str] = ()
) -> Placed:
    """Read a table of `schema` that has a period type and a period, and perhaps an area level and code.

    `left_out` are the area levels of which nothing is read; labels are never read. The period stands first in a row.
    DuckDB hashes the rows, since pyarrow's own bytes say something else of a null each time.
    """
    relation = f"{name(schema)}.{name(table)}"
    columns = [row[0] for row in con.execute(f"describe {relation}").fetchall()]
    if "area_level" in columns and left_out:
        # Relations that are read here hold no null level: the contracts of the indicators ask for one. Literals,
        # since duckdb imports pandas for a parameter.
        relation = f"(from {relation} where area_level not in ({', '.join(map(literal, left_out))}))"
    plain = [column for column in columns if column not in _WORDS and not column.endswith(_WORDED)]
    selected = _listed(PERIOD_KEYS, plain)
    ordered = _listed([key for key in _SORTED if key in columns], plain)
    hashed = f"hash({_listed(plain, ())}) as {name(HASH)}"
    return Placed(
        con.execute(f"select {selected}, {hashed} from {relation} order by {ordered}").to_arrow_table()
    )


def _listed(first: Collection[str], columns: Collection[str]) -> str:
    return ", ".join(map(name, dict.fromkeys([*first, *columns])))
