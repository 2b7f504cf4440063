"""Connections: psycopg for statements, ADBC for rows. What a server refuses is told without the password."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from dagster_project.errors import TrisamError
from dagster_project.postgres.settings import PostgresSettings

Connection = psycopg.Connection[tuple[Any, ...]]
# Held by the session that publishes, so that two of them never meet.
_ADVISORY_LOCK = 7_217_447_001


class ServerError(TrisamError):
    """The server cannot be reached, or refuses a statement."""


class BusyError(TrisamError):
    """Somebody else is publishing."""


@contextmanager
def connected(settings: PostgresSettings) -> Iterator[Connection]:
    """A connection in autocommit mode that alone may publish, until it is closed.

    Raises ServerError when the server cannot be reached, BusyError when another one is publishing.
    """
    try:
        con = psycopg.connect(make_conninfo(**settings.connection_words()), autocommit=True)
    except psycopg.OperationalError as error:
        raise ServerError(
            f"PostgreSQL on {settings.host}, port {settings.port}, cannot be reached: {_first_line(error)}",
            "See docs/bi.md, The server; the settings are TRISAM_POSTGRES_*.",
        ) from None
    with con:
        # Names are always written out; nothing must be found by accident.
        con.execute("set search_path = ''")
        if not value(con, "select pg_try_advisory_lock(%s)", _ADVISORY_LOCK):
            raise BusyError("Another publication into this database is under way.", "Wait for it.")
        yield con


@contextmanager
def told(doing: str) -> Iterator[None]:
    """Turn an error of the server into a sentence that says what was being done."""
    try:
        yield
    except psycopg.errors.InsufficientPrivilege as error:
        raise ServerError(
            f"PostgreSQL refuses {doing}: {_first_line(error)}",
            "Give the publishing account the rights named in docs/bi.md, The server.",
        ) from None
    except psycopg.Error as error:
        raise ServerError(f"PostgreSQL failed at {doing}: {_first_line(error)}") from None


def value(con: Connection, query: Any, *parameters: object) -> Any:
    """The first column of the first row."""
    row = con.execute(query, parameters).fetchone()
    return row[0] if row else None


@contextmanager
def bulk_connection(settings: PostgresSettings) -> Iterator[Any]:
    """An ADBC connection to the same server, for rows; commits are the caller's."""
    from adbc_driver_postgresql import dbapi  # type: ignore[import-untyped]  # noqa: PLC0415  loads a library

    with dbapi.connect(make_conninfo(**settings.connection_words())) as con:
        yield con


def _first_line(error: Exception) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
