"""Every table of a release beside the same table of the server, both ways."""

from __future__ import annotations

from pathlib import Path

import duckdb
from psycopg.conninfo import make_conninfo

from dagster_project.postgres.source import FILES

from .server import DATABASE, Server


def differences(server: Server, home: Path) -> dict[str, tuple[int, int]]:
    """Rows of the release that the server lacks, and the other way round, of tables where there are any."""
    from adbc_driver_postgresql import dbapi

    where = make_conninfo(
        host=server.host, port=server.port, user="postgres", dbname=DATABASE, password=server.password
    )
    found = {}
    with dbapi.connect(where) as con, con.cursor() as cursor:
        for schema, table in tables(home):
            cursor.execute(f'select * from "{schema}"."{table}"')
            loaded = cursor.fetch_arrow_table()
            with duckdb.connect(str(home / "published" / FILES[schema]), read_only=True) as own:
                own.register("loaded", loaded)
                names = ", ".join(f'"{name}"' for name in loaded.column_names)
                assert [
                    c[0] for c in own.execute(f'describe "{schema}"."{table}"').fetchall()
                ] == loaded.column_names
                pair = (f'select {names} from "{schema}"."{table}"', f"select {names} from loaded")
                counts = tuple(
                    own.execute(f"select count(*) from ({left} except all {right})").fetchone()[0]
                    for left, right in (pair, pair[::-1])
                )
            if counts != (0, 0):
                found[f"{schema}.{table}"] = counts
    return found


def tables(home: Path) -> list[tuple[str, str]]:
    """Schema and name of every table that is to be published."""
    named = []
    for schema, file in FILES.items():
        with duckdb.connect(str(home / "published" / file), read_only=True) as con:
            named += con.execute(
                "select schema_name, table_name from duckdb_tables() where schema_name = ? order by 2",
                [schema],
            ).fetchall()
    return named
