"""The Thrift server of the cluster: one connection, statements without answers or with few rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dagster_project.errors import TrisamError
from dagster_project.settings import Settings


class SparkServerError(TrisamError):
    """The Thrift server does not answer, or refuses a statement."""


class Session:
    """A session at the Thrift server."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def run(self, statement: str) -> None:
        """Execute one statement that gives no rows. Raises SparkServerError with the server's own words."""
        self._execute(statement, fetch=False)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query. Raises SparkServerError with the server's own words."""
        return self._execute(query, fetch=True)

    def _execute(self, statement: str, *, fetch: bool) -> list[tuple[Any, ...]]:
        from pyhive.exc import Error  # noqa: PLC0415  of the extra `spark`
        from thrift.Thrift import TException  # noqa: PLC0415

        try:
            with self._connection.cursor() as cursor:
                cursor.execute(statement)
                return list(cursor.fetchall()) if fetch else []
        except (Error, TException, OSError) as error:
            raise SparkServerError(
                f"Spark refused a statement: {_words(error)}", "See the log of the Thrift server."
            ) from None


@contextmanager
def session(settings: Settings) -> Iterator[Session]:
    """A session while it lasts. Raises SparkServerError when nobody answers at the settings' address."""
    from pyhive import hive  # noqa: PLC0415  of the extra `spark`
    from thrift.Thrift import TException  # noqa: PLC0415

    try:
        connection = hive.connect(
            host=settings.spark_host,
            port=settings.spark_port,
            username=settings.spark_user,
            configuration={"spark.sql.session.timeZone": "UTC"},
        )
    except (TException, OSError) as error:
        raise SparkServerError(
            f"No Thrift server answers at {settings.spark_host}:{settings.spark_port}: {_words(error)}",
            "Start it, or mend TRISAM_SPARK_HOST and TRISAM_SPARK_PORT; or run without --engine spark.",
        ) from None
    try:
        yield Session(connection)
    finally:
        connection.close()


def name(text: str) -> str:
    """An identifier for Spark SQL, quoted."""
    return "`" + text.replace("`", "``") + "`"


def text(value: str) -> str:
    """A literal for Spark SQL, which knows backslashes inside of texts."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _words(error: Exception) -> str:
    # The server's answer is a structure with a stack trace; its first line says what it was.
    status = getattr(error.args[0], "status", None) if error.args else None
    said = str(getattr(status, "errorMessage", None) or error).strip()
    return said.splitlines()[0][:500] if said else type(error).__name__
