"""A table with a row per place (period and area), kept as columns: rows are made when a place is asked for."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from sys import intern

import duckdb
import pyarrow as pa

from dagster_project.sql_text import identifier as name

Row = Mapping[str, object]
PlaceKey = tuple[str, str, str]
_KEYS = ("period_type", "period", "area_code")
# Texts beside the codes, for those who ask in SQL: the report words everything by the code lists.
_WORDS = ("area_name", "sort_order")
_WORDED = ("label_sv", "label_en")
_KEPT = 512  # places; the exhibits of an area ask for the same ones again and again


class Placed:
    """The rows of a table by place: period type, period, area code (blank where the table has no areas).

    `counts` are the rows of each place, in the order of the table; `areas` are the codes of each area level.
    """

    def __init__(
        self,
        table: pa.Table | None = None,
        counts: Iterable[tuple[PlaceKey, int]] = (),
        areas: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        self._table = table
        # A country's teams have a quarter of a million places: each is two numbers and no tuple.
        self._numbers: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
        self._starts = array("Q", [0])
        for (kind, code, area), count in counts:
            self._numbers[kind, code][intern(area)] = len(self._starts) - 1
            self._starts.append(self._starts[-1] + count)
        self.areas = areas or {}
        self._rows = lru_cache(maxsize=_KEPT)(self._read)

    @property
    def places(self) -> Iterator[PlaceKey]:
        """Every place that has a row."""
        return ((kind, code, area) for (kind, code), areas in self._numbers.items() for area in areas)

    def rows(self, place: PlaceKey) -> list[Row]:
        """The rows of a place in a fixed order; none where it has none."""
        return self._rows(place)

    def _read(self, place: PlaceKey) -> list[Row]:
        kind, code, area = place
        number = self._numbers.get((kind, code), {}).get(area)
        if self._table is None or number is None:
            return []
        start, end = self._starts[number], self._starts[number + 1]
        rows: list[Row] = self._table.slice(start, end - start).to_pylist()
        return rows


def read_placed(
    con: duckdb.DuckDBPyConnection, schema: str, table: str, left_out: Collection[str] = ()
) -> Placed:
    """Read a table of `schema` that has a period type and a period, and perhaps an area level and code.

    `left_out` are the area levels of which nothing is read; labels are never read.
    """
    relation = f"{name(schema)}.{name(table)}"
    columns = [row[0] for row in con.execute(f"describe {relation}").fetchall()]
    if "area_level" in columns:
        # Relations that are read here hold no null level: the contracts of the indicators ask for one.
        relation = f"(from {relation} where area_level not in (select unnest($left_out::varchar[])))"
    parameters = {"left_out": list(left_out)} if "area_level" in columns else {}
    keys = [key for key in _KEYS if key in columns]
    plain = [column for column in columns if column not in _WORDS and not column.endswith(_WORDED)]
    ordered = ", ".join(name(column) for column in dict.fromkeys([*keys, *plain]))
    rows = con.execute(f"select {ordered} from {relation} order by {ordered}", parameters).to_arrow_table()
    listed = ", ".join(keys)
    levels: list[tuple[str, list[str]]] = []
    if "area_level" in columns:
        levels = con.execute(
            f"select area_level, list(distinct area_code) from {relation} group by area_level", parameters
        ).fetchall()
    counts = con.execute(
        f"select {listed}, count(*) from {relation} group by {listed} order by {listed}", parameters
    )
    places = iter(counts.fetchone, None)
    return Placed(
        rows,
        (((kind, code, area[0] if area else ""), count) for kind, code, *area, count in places),
        {level: frozenset(codes) for level, codes in levels},
    )
