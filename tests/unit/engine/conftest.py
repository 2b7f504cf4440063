"""A work file as ingestion leaves it, in small; and a session that only remembers what it was told."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project.engine.place import Place, shared_folder


@pytest.fixture
def shared(tmp_path: Path) -> Place:
    folder = tmp_path / "shared"
    folder.mkdir()
    return shared_folder(str(folder))


@pytest.fixture
def work_file() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("create schema raw")
    con.execute("create schema quality")
    con.execute(
        "create table quality.delivery (delivery_id varchar, party varchar, period varchar, status varchar)"
    )
    con.execute(
        "insert into quality.delivery values ('af/a', 'af', '2020', 'in_force'), "
        "('af/b', 'af', '2021', 'in_force'), ('kommun-2180/c', 'kommun-2180', '2020', 'in_force'), "
        "('af/old', 'af', '2020', 'superseded')"
    )
    con.execute(
        "create table raw.medel (delivery_id varchar, party varchar, row_number bigint, "
        "belopp decimal(12, 2), fran date)"
    )
    con.execute(
        "insert into raw.medel values ('af/a', 'af', 3, 1.50, date '2020-01-02'), ('af/a', 'af', 2, null, null), "
        "('af/b', 'af', 2, 2.25, date '2021-01-02'), ('kommun-2180/c', 'kommun-2180', 2, 7, null), "
        "('af/old', 'af', 2, 99, null)"
    )
    return con


class FakeSession:
    """Answers about the schemas that a cluster has, and their locations; remembers statements."""

    def __init__(self, locations: dict[str, str]) -> None:
        self.locations = locations
        self.statements: list[str] = []

    def run(self, statement: str) -> None:
        self.statements.append(statement)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        if query == "show schemas":
            return [("default",), *((schema,) for schema in self.locations)]
        schema = query.removeprefix("describe schema ").strip("`")
        return [("Namespace Name", schema), ("Location", self.locations[schema]), ("Owner", "trisam")]
