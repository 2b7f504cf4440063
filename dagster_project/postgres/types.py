"""Types of PostgreSQL for those of DuckDB, spelled as `format_type` spells them, so that the two compare."""

from __future__ import annotations

import re

from dagster_project.errors import TrisamError

_TYPES = {
    "BOOLEAN": "boolean",
    "TINYINT": "smallint",
    "SMALLINT": "smallint",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "FLOAT": "real",
    "DOUBLE": "double precision",
    "VARCHAR": "text",
    "DATE": "date",
    "TIMESTAMP": "timestamp without time zone",
    "TIMESTAMP WITH TIME ZONE": "timestamp with time zone",
}
_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")


class UnknownTypeError(TrisamError):
    """A column has a type that has no counterpart."""


def postgres_type(duckdb_type: str, where: str) -> str:
    """The type that holds every value of a DuckDB type. Raises UnknownTypeError, which says `where`."""
    decimal = _DECIMAL.fullmatch(duckdb_type)
    if decimal:
        return f"numeric({decimal[1]},{decimal[2]})"
    if duckdb_type not in _TYPES:
        raise UnknownTypeError(
            f"{where} has the type {duckdb_type}, which is not loaded into PostgreSQL.",
            "Give the column a plain type in its model, or add a counterpart to postgres/types.py.",
        )
    return _TYPES[duckdb_type]
