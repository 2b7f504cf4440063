"""Reads an open release as a reader has it: rows, shown counts, withheld counts, percents. Judges nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import duckdb

LEADING = ("period_type", "period", "area_level", "area_code")
STATUS = "_status"


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


def read_published(path: Path) -> Published:
    """Read the schema `open` of a DuckDB file, read only."""
    found = Published()
    places: set[Place] = set()
    with duckdb.connect() as con:
        # Under a name of its own: a file called open.duckdb would hide its schema `open`.
        con.execute(f"attach '{str(path).replace(chr(39), chr(39) * 2)}' as released (read_only)")
        con.execute("use released")
        for table, columns in _tables(con).items():
            counts = [c for c in columns if f"{c}{STATUS}" in columns]
            if not counts:
                continue
            leading = [c for c in LEADING if c in columns] or columns[:1]
            keys = columns[len(leading) : columns.index(counts[0])]
            found.key_columns[table] = tuple(keys)
            for row in con.execute(f'select * from open."{table}"').fetchall():
                named = dict(zip(columns, row, strict=True))
                place = _place(table, named, keys)
                places.add(place)
                _counts(found, place, named, counts)
                for column, value in named.items():
                    if isinstance(value, float | Decimal):
                        found.figures[Count(place, column)] = float(value)
    return Published(
        frozenset(places), found.shown, found.withheld, found.figures, found.odd, found.key_columns
    )


def _tables(con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    rows = con.execute(
        "select table_name, column_name from information_schema.columns where table_schema = 'open' "
        "and table_catalog = 'released' "
        "order by table_name, ordinal_position"
    ).fetchall()
    tables: dict[str, list[str]] = {}
    for table, column in rows:
        tables.setdefault(table, []).append(column)
    return tables


def _place(table: str, row: dict[str, object], keys: list[str]) -> Place:
    rest = tuple(str(row[key]) for key in keys)
    if "period" in row:
        return Place(table, str(row["period"]), str(row["area_code"]), rest)
    return Place(table, str(row["wave_code"]), "", rest)


def _counts(found: Published, place: Place, row: dict[str, object], columns: list[str]) -> None:
    for column in columns:
        count, value, status = Count(place, column), row[column], row[f"{column}{STATUS}"]
        if status == "withheld":
            found.withheld.add(count)
        elif value is not None:
            found.shown[count] = int(str(value))
        if (status == "shown") == (value is None) or (status is None and value is not None):
            found.odd.append(count)


def counties(published: Published) -> Iterator[str]:
    """Yield the codes of the counties, and a blank for the survey waves."""
    yield from sorted({place.area[:2] for place in published.places})
