"""The database of a release holds what was built and tested, with its comments, and nothing that lay beside."""

import duckdb
import pytest

from dagster_project.release.database import copy_database, describe_tables


@pytest.fixture
def files(tmp_path):
    """The two files that a build leaves: what goes out, and the work file."""
    outgoing, work = tmp_path / "outgoing.duckdb", tmp_path / "work.duckdb"
    with duckdb.connect(str(work)) as con:
        for schema in ("quality", "raw"):
            con.execute(f"create schema {schema}")
        con.execute("create table raw.team as select 'x' as team_id")
        con.execute("create table quality.delivery as select 'rg/team_2021.csv' as delivery_id")
        con.execute("create table quality.volume_before as select 4 as row_count")
    with duckdb.connect(str(outgoing)) as con:
        for schema in ("marts", "indicators"):
            con.execute(f"create schema {schema}")
        con.execute("create table marts.fct_case as select 1 as case_id")
        con.execute("create table marts.fct_case__dbt_tmp as select 2 as case_id")
        con.execute("create table indicators.renamed_since as select 3 as value")
        con.execute("create view indicators.left_over as select 4 as value")
        for table in ("fct_case", "fct_case__dbt_tmp"):
            con.execute(f"comment on table marts.{table} is 'One row per case.'")
            con.execute(f"comment on column marts.{table}.case_id is 'Of the party.'")
    return outgoing, work


def test_only_models_and_what_is_told_of_quality_are_copied(files, tmp_path):
    target = tmp_path / "release.duckdb"
    copy_database(*files, target, [("version", "v", "", "published", "")], {("marts", "fct_case")})
    assert set(describe_tables(target)) == {"marts.fct_case", "quality.delivery", "quality.publication"}


def test_comments_come_along(files, tmp_path):
    target = tmp_path / "release.duckdb"
    copy_database(*files, target, [], {("marts", "fct_case")})
    with duckdb.connect(str(target), read_only=True) as con:
        assert con.execute(
            "select comment from duckdb_tables() where table_name = 'fct_case'"
        ).fetchall() == [("One row per case.",)]
        assert con.execute(
            "select comment from duckdb_columns() where column_name = 'case_id'"
        ).fetchall() == [("Of the party.",)]
