"""What can be read in a database file: its tables and its views, which readers need not tell apart."""

from __future__ import annotations

from typing import NamedTuple

import duckdb


class Relation(NamedTuple):
    """A table or a view. `rows` is DuckDB's estimate, None of a view."""

    schema: str
    name: str
    comment: str | None
    rows: int | None


def relations(con: duckdb.DuckDBPyConnection) -> list[Relation]:
    """Every table and view of the database that is open, sorted."""
    found = con.execute(
        "select schema_name, table_name, comment, estimated_size from duckdb_tables() "
        "where database_name = current_database() and not internal "
        "union all select schema_name, view_name, comment, null from duckdb_views() "
        "where database_name = current_database() and not internal order by 1, 2"
    ).fetchall()
    return [Relation(*row) for row in found]
