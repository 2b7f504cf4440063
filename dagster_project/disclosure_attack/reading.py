"""Reads an open release as a reader has it: rows, shown counts, withheld counts, percents. Judges nothing."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import duckdb

LEADING = ("period_type", "period", "area_level", "area_code")
STATUS = "_status"
Row = tuple[object, ...]


class Place(NamedTuple):
    """A row of a table: its period (or wave), its area (blank for waves), and its other keys."""

    table: str
    period: str
    area: str
    keys: tuple[str, ...]


class Count(NamedTuple):
    """One count of a row."""

    place: Place
    column: str


@dataclass(frozen=True)
class Published:
    """Everything an open release says about people.

    `shown` and `withheld` are the counts by status, `figures` the other numbers, `odd` the counts whose value
    and status disagree, `key_columns` the names of the keys of each table after the leading columns.
    """

    places: frozenset[Place] = frozenset()
    shown: dict[Count, int] = field(default_factory=dict)
    withheld: set[Count] = field(default_factory=set)
    figures: dict[Count, float] = field(default_factory=dict)
    odd: list[Count] = field(default_factory=list)
    key_columns: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Layout:
    """Where in a row of a table stand its keys, its counts with their statuses, and its other numbers."""

    table: str
    columns: tuple[str, ...]
    types: tuple[str, ...]

    @property
    def counts(self) -> list[str]:
        return [c for c in self.columns if f"{c}{STATUS}" in self.columns]

    @property
    def keys(self) -> tuple[str, ...]:
        leading = [c for c in LEADING if c in self.columns] or self.columns[:1]
        return self.columns[len(leading) : self.columns.index(self.counts[0])]

    @property
    def numbers(self) -> list[str]:
        kinds = ("DOUBLE", "FLOAT", "DECIMAL")
        return [c for c, kind in zip(self.columns, self.types, strict=True) if kind.startswith(kinds)]


def read_published(path: Path) -> Published:
    """Read the schema `open` of a DuckDB file, read only."""
    found = Published()
    places: set[Place] = set()
    with duckdb.connect() as con:
        # Under a name of its own: a file called open.duckdb would hide its schema `open`.
        con.execute(f"attach '{str(path).replace(chr(39), chr(39) * 2)}' as released (read_only)")
        con.execute("use released")
        for layout in _layouts(con):
            if layout.counts:
                found.key_columns[layout.table] = layout.keys
                rows = con.execute(f'select * from open."{layout.table}"').fetchall()
                listed = _places(layout, rows)
                places.update(listed)
                _add_counts(found, layout, listed, rows)
                _add_figures(found, layout, listed, rows)
    return Published(
        frozenset(places), found.shown, found.withheld, found.figures, found.odd, found.key_columns
    )


def _layouts(con: duckdb.DuckDBPyConnection) -> list[_Layout]:
    rows = con.execute(
        "select table_name, list(column_name order by ordinal_position), "
        "list(data_type order by ordinal_position) from information_schema.columns "
        "where table_schema = 'open' and table_catalog = 'released' group by table_name order by table_name"
    ).fetchall()
    return [_Layout(table, tuple(columns), tuple(types)) for table, columns, types in rows]


def _places(layout: _Layout, rows: list[Row]) -> list[Place]:
    at = layout.columns.index
    keys = [at(key) for key in layout.keys]
    if "period" in layout.columns:
        period, area = at("period"), at("area_code")
        return [
            Place(layout.table, str(row[period]), str(row[area]), tuple([str(row[i]) for i in keys]))
            for row in rows
        ]
    wave = at("wave_code")
    return [Place(layout.table, str(row[wave]), "", tuple([str(row[i]) for i in keys])) for row in rows]


def _add_counts(found: Published, layout: _Layout, places: list[Place], rows: list[Row]) -> None:
    for column in layout.counts:
        at, status_at = layout.columns.index(column), layout.columns.index(f"{column}{STATUS}")
        for place, row in zip(places, rows, strict=True):
            count, value, status = Count(place, column), row[at], row[status_at]
            if status == "withheld":
                found.withheld.add(count)
            elif value is not None:
                found.shown[count] = int(str(value))
            if (status == "shown") == (value is None) or (status is None and value is not None):
                found.odd.append(count)


def _add_figures(found: Published, layout: _Layout, places: list[Place], rows: list[Row]) -> None:
    for column in layout.numbers:
        at = layout.columns.index(column)
        for place, row in zip(places, rows, strict=True):
            if row[at] is not None:
                found.figures[Count(place, column)] = float(str(row[at]))


def by_county(published: Published) -> dict[str, Published]:
    """Return what is published of each county, in the order of their codes; a blank stands for the survey waves."""
    places: dict[str, set[Place]] = {}
    for place in published.places:
        places.setdefault(place.area[:2], set()).add(place)
    parts = {
        county: Published(frozenset(places[county]), odd=[], key_columns=published.key_columns)
        for county in sorted(places)
    }
    for count, value in published.shown.items():
        parts[count.place.area[:2]].shown[count] = value
    for count in published.withheld:
        parts[count.place.area[:2]].withheld.add(count)
    for figure, number in published.figures.items():
        parts[figure.place.area[:2]].figures[figure] = number
    return parts
