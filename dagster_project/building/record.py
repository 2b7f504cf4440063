"""What lies built in the work folder: the version of each table, and what each test has said of it.

The record holds for two files, which can be lost or put back one by one; it is believed where both bear its number and
hold every table that it names. It is gone while dbt is at work: what a build that failed has left is nothing to build
on.
"""

from __future__ import annotations

import secrets
from contextlib import closing
from pathlib import Path

import duckdb
from pydantic import BaseModel, ConfigDict

from dagster_project.atomic_files import write_atomically
from dagster_project.building.inputs import Inputs
from dagster_project.settings import Settings

_SETTING = "build"


class Answer(BaseModel):
    """What dbt said of a data test, in its own words; `failures` are rows."""

    model_config = ConfigDict(frozen=True)

    status: str
    failures: int | None = None


class Record(BaseModel):
    """One finished build: what it was made from, versions of models, seeds and tests, and results of tests, by dbt's
    unique id; `tables` and views that were built, as `schema.table`, by file name.
    """

    model_config = ConfigDict(frozen=True)

    number: str
    code: str
    inputs: Inputs
    versions: dict[str, str]
    results: dict[str, Answer]
    tables: dict[str, frozenset[str]]


def read_record(settings: Settings) -> Record | None:
    """The record of what lies built; None where there is none that can be believed."""
    try:
        record = Record.model_validate_json(_path(settings).read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    own = (
        _number(settings.work_db, "select value from ops.setting where name = 'build'"),
        _number(settings.outgoing_db, "select number from ops.build"),
    )
    return record if own == (record.number, record.number) and _all_there(settings, record) else None


def new_number() -> str:
    """A number that no other build has."""
    return secrets.token_hex(8)


def write_record(settings: Settings, record: Record) -> None:
    """Keep what has been built; both files get its number first."""
    with closing(duckdb.connect(str(settings.outgoing_db))) as con:
        con.execute("create schema if not exists ops")
        con.execute("create or replace table ops.build (number varchar)")
        con.execute("insert into ops.build values (?)", [record.number])
    with closing(duckdb.connect(str(settings.work_db))) as con:
        con.execute("insert or replace into ops.setting values (?, ?)", [_SETTING, record.number])
    write_atomically(_path(settings), record.model_dump_json())


def remove_record(settings: Settings) -> None:
    """Say that nothing is known of what lies built."""
    _path(settings).unlink(missing_ok=True)


def _path(settings: Settings) -> Path:
    return settings.work_dir / "built.json"


def _number(file: Path, query: str) -> str | None:
    if not file.exists():
        return None
    try:
        with closing(duckdb.connect(str(file), read_only=True)) as con:
            row = con.execute(query).fetchone()
    except duckdb.Error:
        return None
    return str(row[0]) if row else None


def _all_there(settings: Settings, record: Record) -> bool:
    """Whether the databases hold what the record names: a number alone does not tell which project was built."""
    return all(named <= _relations(settings.work_dir / file) for file, named in record.tables.items())


def _relations(file: Path) -> set[str]:
    try:
        with closing(duckdb.connect(str(file), read_only=True)) as con:
            rows = con.execute("select table_schema, table_name from information_schema.tables").fetchall()
    except duckdb.Error:
        return set()
    return {f"{schema}.{table}" for schema, table in rows}
