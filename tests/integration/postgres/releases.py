"""Small releases made by hand, with every type, a star, an open table; each bears its mark in every row."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from dagster_project.release.shapes import Reference, TableShape
from dagster_project.settings import load_settings
from tests.releases import publish

SHAPES = {
    "marts.dim_team": TableShape(key=["team_id"]),
    "marts.fct_case": TableShape(
        key=["case_id"],
        references=[Reference(column="team_id", table="marts.dim_team", table_column="team_id")],
    ),
    "indicators.question": TableShape(
        key=["period", "question_code"],
        references=[Reference(column="team_id", table="marts.dim_team", table_column="team_id")],
    ),
    "indicators.every_type": TableShape(key=["number", "note"]),
    "open.question": TableShape(key=["period", "question_code"]),
}
_MARTS = (
    "create table marts.dim_team as select 'T' || i as team_id, {mark} as mark from range(3) as r(i)",
    "alter table marts.dim_team alter team_id set not null",
    "create table marts.fct_case as select 'C' || i as case_id, 'T' || (i % 3) as team_id, "
    "date '2021-01-01' + i::integer as consulted_on, {mark} as mark from range({rows}) as r(i)",
    "alter table marts.fct_case alter case_id set not null",
    "comment on table marts.fct_case is 'One row per case; 100 % of them.'",
    "comment on column marts.fct_case.team_id is 'Team of the consultation, the party''s own id.'",
)
_INDICATORS = (
    "create table indicators.question (period varchar not null, question_code varchar not null, "
    "total_count bigint not null, percent double, mark bigint, team_id varchar)",
    "insert into indicators.question select '2021', 'Q' || i, i, 100.0 * i / 7, {mark}, 'T1' from range({rows}) as r(i)",
    "create table indicators.every_type (number integer not null, note varchar, big bigint, ratio double, "
    "is_so boolean, day date, moment timestamp, amount decimal(12, 2), mark bigint)",
    "insert into indicators.every_type values "
    "(1, 'å ä ö | \\ % {{}} \"quoted\"', 9223372036854775807, 0.1, true, date '2021-02-28', "
    "timestamp '2021-03-28 02:30:00.123456', -1234.50, {mark}), "
    "(2, null, null, 'nan'::double, null, date '1899-12-31', null, 0.01, {mark}), "
    "(3, '', -1, 'infinity'::double, false, date '2999-12-31', timestamp '1970-01-01', null, {mark}), "
    "(4, 'a\nb', 0, -0.0, false, null, null, null, {mark})",
)
_OPEN = (
    "create table open.question (period varchar not null, question_code varchar not null, total_count bigint, "
    "total_count_status varchar, mark bigint)",
    "insert into open.question select '2021', 'Q' || i, i, 'shown', {mark} from range({rows}) as r(i)",
    "comment on table open.question is 'New cases'",
)


ROWS = 200


def write_release(home: Path, mark: int, *changes: str) -> Path:
    """A home whose `published` points to a release of that mark; `changes` are statements on its trisam.duckdb."""
    publish(
        load_settings(home / "inbox", home),
        f"2026010{mark}T000000Z-{mark:08x}",
        lambda folder: _fill(folder, mark, changes),
        SHAPES,
    )
    return home


def _fill(folder: Path, mark: int, changes: Sequence[str]) -> None:
    for file, schemas, statements in (
        ("trisam.duckdb", ("marts", "indicators", "quality"), (*_MARTS, *_INDICATORS)),
        ("trisam_open.duckdb", ("open",), _OPEN),
    ):
        with duckdb.connect(str(folder / file)) as con:
            for schema in schemas:
                con.execute(f"create schema {schema}")
            for statement in statements:
                con.execute(statement.format(mark=mark, rows=ROWS + mark))
            for change in changes if file == "trisam.duckdb" else ():
                con.execute(change)
