"""A DuckDB dialect that Great Expectations can push its work down to.

Belongs here: the connection only. duckdb-engine closes each transaction with a rollback, which discards the
result that Great Expectations has not fetched yet, so every expectation errors. The boundary reads a file
that nobody writes, hence there is nothing to roll back, and the three calls do nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from duckdb_engine import Dialect
from sqlalchemy.dialects import registry

NAME = "trisamduckdb"


class ReadOnlyDuckDB(Dialect):
    """duckdb-engine without transactions; for read-only connections."""

    name = NAME
    supports_statement_cache = False

    def do_begin(self, connection: Any) -> None:
        """Begin nothing."""

    def do_rollback(self, connection: Any) -> None:
        """Keep the open result."""

    def do_commit(self, connection: Any) -> None:
        """Commit nothing."""


def connection_string(database: Path) -> str:
    """Register the dialect and return the read-only address of a DuckDB file."""
    registry.register(NAME, __name__, ReadOnlyDuckDB.__name__)
    return f"{NAME}:///{database}?access_mode=read_only"
