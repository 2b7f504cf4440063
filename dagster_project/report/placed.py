"""A table with a row per place (period and area), kept as columns: rows are made when a place is asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from itertools import accumulate

import duckdb
import pyarrow as pa

from dagster_project.sql_text import identifier as name

Row = Mapping[str, object]
PlaceKey = tuple[str, str, str]
_KEYS = ("period_type", "period", "area_code")
_KEPT = 512  # places; the exhibits of an area ask for the same ones again and again


class Placed:
    """The rows of a table by place: period type, period, area code (blank where the table has no areas).

    `places` in order; `areas` are the codes of each area level.
    """

    def __init__(
        self,
        table: pa.Table | None = None,
        counts: Iterable[tuple[PlaceKey, int]] = (),
        areas: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        counted = list(counts)
        ends = list(accumulate(count for _, count in counted))
        self._table = table
        self._spans = {place: (end - count, count) for (place, count), end in zip(counted, ends, strict=True)}
        self.areas = areas or {}
        self._rows = lru_cache(maxsize=_KEPT)(self._read)

    @property
    def places(self) -> Iterable[PlaceKey]:
        """Every place that has a row."""
        return self._spans.keys()

    def rows(self, place: PlaceKey) -> list[Row]:
        """The rows of a place in a fixed order; none where it has none."""
        return self._rows(place)

    def _read(self, place: PlaceKey) -> list[Row]:
        if self._table is None or place not in self._spans:
            return []
        rows: list[Row] = self._table.slice(*self._spans[place]).to_pylist()
        return rows


def read_placed(
    con: duckdb.DuckDBPyConnection, schema: str, table: str, left_out: Collection[str] = ()
) -> Placed:
    """Read a table of `schema` that has a period type and a period, and perhaps an area level and code.

    `left_out` are the area levels of which nothing is read.
    """
    relation = f"{name(schema)}.{name(table)}"
    columns = [row[0] for row in con.execute(f"describe {relation}").fetchall()]
    if "area_level" in columns:
        # Relations that are read here hold no null level: the contracts of the indicators ask for one.
        relation = f"(from {relation} where area_level not in (select unnest($left_out::varchar[])))"
    parameters = {"left_out": list(left_out)} if "area_level" in columns else {}
    keys = [key for key in _KEYS if key in columns]
    ordered = ", ".join(name(column) for column in dict.fromkeys([*keys, *columns]))
    rows = con.execute(f"select * from {relation} order by {ordered}", parameters).to_arrow_table()
    listed = ", ".join(keys)
    counts = con.execute(
        f"select {listed}, count(*) from {relation} group by {listed} order by {listed}", parameters
    ).fetchall()
    levels: list[tuple[str, list[str]]] = []
    if "area_level" in columns:
        levels = con.execute(
            f"select area_level, list(distinct area_code) from {relation} group by area_level", parameters
        ).fetchall()
    return Placed(
        rows,
        [((kind, code, area[0] if area else ""), count) for kind, code, *area, count in counts],
        {level: frozenset(codes) for level, codes in levels},
    )
