"""The open indicators in the shape of version 2 of Kolada's API: points by key figure, municipality, year and gender.

Only what that shape can say is exported: years (it knows no half-years), counties and municipalities. Key figures
are named `trisam.TABLE.MEASURE.CODES`; they are not Kolada's own. `M` is men and unknown gender counted together,
since the open release does not tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import duckdb

from dagster_project.disclosure.spec import AREA_KEYS, Measure, Offer, load_offer
from dagster_project.errors import TrisamError
from dagster_project.sql_text import identifier

Gender = Literal["T", "K", "M"]
Row = dict[str, Any]
SHOWN, WITHHELD, MISSING = "", "withheld", "missing"
GENDERS: dict[Gender, str] = {"T": "totalt", "K": "kvinnor", "M": "män och okänt kön"}
NOTE = (
    "M står för män och okänt kön, räknade tillsammans (the open release counts men and unknown gender together). "
    "status: tom = visas, withheld = undertryckt, missing = nämnaren är noll. Nyckeltalen är Trisams egna."
)
_GENDER_OF = {"T": "T", "K": "K", "MA": "M"}
# The columns that say one count by gender, side by side.
_BY_GENDER: dict[str, Gender] = {"women_count": "K", "men_or_unknown_count": "M", "total_count": "T"}
_DIVIDED_COUNT = "count"


@dataclass(frozen=True)
class Point:
    """A value of a key figure. `count` is the number of municipalities in it, always 1, as in Kolada's own."""

    kpi: str
    municipality: str
    period: int
    gender: Gender
    value: float | None
    status: str
    count: int = 1


@dataclass(frozen=True)
class KeyFigure:
    """A key figure: what it is, and whether it is told by gender and for municipalities."""

    id: str
    title: str
    description: str
    by_gender: bool
    municipality_type: str


@dataclass(frozen=True)
class Export:
    """Everything that is exported, sorted. `municipalities` are ids, names and types (K municipality, L county)."""

    points: Sequence[Point]
    key_figures: Sequence[KeyFigure]
    municipalities: Sequence[tuple[str, str, str]]


def read_export(open_database: Path) -> Export:
    """Read the points of an open release. Raises TrisamError where there is none."""
    if not open_database.exists():
        raise TrisamError("There is no open release to export.", "Run `trisam run` first.")
    offer = load_offer()
    with duckdb.connect(str(open_database), read_only=True) as con:
        rows = {table: _rows(con, table) for table in _area_tables(con, offer)}
        comments = _comments(con)
        registry = {row["name"]: row for row in _all(con, "select * from open.indicator")}
    points: list[Point] = []
    labels: dict[str, tuple[str, str]] = {}
    for table, found in rows.items():
        for row in found:
            own = list(_points(table, row, offer))
            points += own
            labels |= {point.kpi: (table, str(row.get("label_sv") or "")) for point in own}
    points.sort(key=lambda p: (p.kpi, p.municipality, p.period, p.gender))
    figures = [_key_figure(kpi, labels[kpi], points, comments, registry) for kpi in sorted(labels)]
    areas = {
        _municipality(row): row["area_name"] or row["area_code"] for found in rows.values() for row in found
    }
    named = [(code, name, "L" if code.startswith("00") else "K") for code, name in sorted(areas.items())]
    return Export(points, figures, named)


def _area_tables(con: duckdb.DuckDBPyConnection, offer: Offer) -> list[str]:
    wanted = [t.name for t in offer.people if not t.by_wave] + [
        t.name for t in offer.plain if t.rows == "areas"
    ]
    known = {row["table_name"] for row in _all(con, "select table_name from duckdb_tables()")}
    return sorted(set(wanted) & known)


def _rows(con: duckdb.DuckDBPyConnection, table: str) -> list[Row]:
    return _all(con, f"select * from open.{identifier(table)} where period_type = 'year' order by all")


def _all(con: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    result = con.execute(query)
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _comments(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], str]:
    rows = _all(
        con, "select table_name, column_name, comment from duckdb_columns() where comment is not null"
    )
    return {(row["table_name"], row["column_name"]): row["comment"] for row in rows}


def _municipality(row: Row) -> str:
    """Kolada's id of an area: four digits, those of a county after two zeros."""
    return str(row["area_code"]).rjust(4, "0")


def _points(table: str, row: Row, offer: Offer) -> Iterator[Point]:
    keys, measures = _columns(table, row, offer)
    codes = [str(row[key]) for key in keys if key != "gender"]
    divided = all(column in row for column in _BY_GENDER)
    for column, measure in measures.items():
        status = _status(row, column, measure)
        if status is None:
            continue
        in_gender = divided and column in _BY_GENDER
        gender: Any = _BY_GENDER[column] if in_gender else _GENDER_OF[row.get("gender", "T")]
        name = _DIVIDED_COUNT if in_gender else column
        value = None if row[column] is None else float(row[column])
        kpi = ".".join(("trisam", table, name, *codes))
        yield Point(kpi, _municipality(row), int(row["period"]), gender, value, status)


def _columns(table: str, row: Row, offer: Offer) -> tuple[Sequence[str], dict[str, Measure | None]]:
    """The category columns of a table, and its values with what each is computed from (None: a count itself)."""
    people = {spec.name: spec for spec in offer.people}
    if table in people:
        spec = people[table]
        return spec.keys, {name: spec.measures.get(name) for name in spec.value_columns}
    numbers = [
        n for n, v in row.items() if isinstance(v, int | float) and n not in (*AREA_KEYS, "sort_order")
    ]
    keys = [name for name in row if name.endswith(("_code", "_type")) and name not in AREA_KEYS]
    return keys, dict.fromkeys(numbers)


def _status(row: Row, column: str, measure: Measure | None) -> str | None:
    """Shown, withheld or missing; None where the release does not offer the cell."""
    counted = measure.depends_on if measure else (column,)
    said = [row[f"{name}_status"] for name in counted if f"{name}_status" in row]
    if None in said and row[column] is None:
        return None
    if row[column] is not None:
        return SHOWN
    return WITHHELD if WITHHELD in said or (measure and measure.group) else MISSING


def _key_figure(
    kpi: str,
    table_and_label: tuple[str, str],
    points: Sequence[Point],
    comments: dict[tuple[str, str], str],
    registry: dict[str, Row],
) -> KeyFigure:
    table, label = table_and_label
    _, _, measure, *codes = kpi.split(".")
    own = [point for point in points if point.kpi == kpi]
    by_gender = any(point.gender != "T" for point in own)
    entry = registry.get(table, {})
    column = "total_count" if measure == _DIVIDED_COUNT else measure
    meaning = comments.get((table, column), measure)
    parts = [str(entry.get("title_sv") or table), meaning.rstrip("."), label or ", ".join(codes)]
    description = " ".join(filter(None, [entry.get("definition_sv"), meaning, NOTE if by_gender else ""]))
    counties_only = all(point.municipality.startswith("00") for point in own)
    return KeyFigure(
        kpi, " – ".join(filter(None, parts)), description, by_gender, "L" if counties_only else "A"
    )
