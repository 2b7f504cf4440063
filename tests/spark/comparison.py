"""Two databases beside each other, cell by cell, whatever the order of their rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

# Sums made in another order differ in their last binary digits.
_TOLERANCE = 1e-9
Columns = list[tuple[str, str]]


@dataclass(frozen=True)
class Comparison:
    """How many tables, rows and cells were compared, and what differs, a line each."""

    tables: int
    rows: int
    cells: int
    differences: list[str]


def compare(one: Path, other: Path, schemas: Sequence[str]) -> Comparison:
    """Hold every table of the schemas against the other's: columns, types, rows, values; doubles to 1e-9."""
    with duckdb.connect() as con:
        con.execute(f"attach '{one}' as one (read_only)")
        con.execute(f"attach '{other}' as other (read_only)")
        left, right = _tables(con, "one", schemas), _tables(con, "other", schemas)
        differences = [f"{table}: in one of them only" for table in sorted(set(left) ^ set(right))]
        rows = cells = 0
        for table in sorted(set(left) & set(right)):
            if left[table] != right[table]:
                differences.append(f"{table}: columns {left[table]} and {right[table]}")
                continue
            counted, unlike = _unlike(con, table, left[table])
            rows, cells = rows + counted, cells + counted * len(left[table])
            if unlike:
                differences.append(f"{table}: {unlike} rows have no equal among {counted}")
    return Comparison(len(left), rows, cells, differences)


def _tables(con: duckdb.DuckDBPyConnection, database: str, schemas: Sequence[str]) -> dict[str, Columns]:
    found: dict[str, Columns] = {}
    rows = con.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() "
        "where database_name = ? and schema_name in (select unnest(?)) order by 1, 2, column_index",
        [database, list(schemas)],
    ).fetchall()
    for schema, table, column, kind in rows:
        found.setdefault(f"{schema}.{table}", []).append((column, kind))
    return found


def _unlike(con: duckdb.DuckDBPyConnection, table: str, columns: Columns) -> tuple[int, int]:
    exact = [f'"{name}"' for name, kind in columns if kind != "DOUBLE"]
    doubles = [f'"{name}"' for name, kind in columns if kind == "DOUBLE"]
    # Rows that agree in all but doubles are paired in the order of these.
    place = f"row_number() over (partition by {', '.join(exact)} order by {', '.join(doubles) or '1'})"
    same = " and ".join(f"one_row.{name} is not distinct from other_row.{name}" for name in exact)
    near = " and ".join(
        f"(one_row.{n} is not distinct from other_row.{n} or coalesce(abs(one_row.{n} - other_row.{n}) "
        f"<= {_TOLERANCE} * greatest(1, abs(one_row.{n})), false))"
        for n in doubles
    )
    row = con.execute(
        f"with one_row as (select *, {place} as place from one.{table}), "
        f"other_row as (select *, {place} as place from other.{table}) "
        "select count(one_row.place), count(*) filter (where one_row.place is null or other_row.place is null "
        f"or not ({near or 'true'})) "
        f"from one_row full join other_row on one_row.place = other_row.place and {same}"
    ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])
