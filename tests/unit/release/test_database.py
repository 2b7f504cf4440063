"""The database of a release holds what was built and tested, with its comments, and nothing that lay beside."""

import duckdb
import pytest

from dagster_project.release.database import copy_database, describe_tables, export_parquet


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
        for schema in ("marts", "indicators", "ops"):
            con.execute(f"create schema {schema}")
        con.execute("create table marts.fct_case as select 1 as case_id")
        con.execute("create table marts.fct_case__dbt_tmp as select 2 as case_id")
        con.execute("create table indicators.renamed_since as select 3 as value")
        con.execute("create view indicators.left_over as select 4 as value")
        con.execute("create view marts.overview as select count(*) as cases from marts.fct_case")
        con.execute("create table ops.build as select '1' as number")
        for table in ("fct_case", "fct_case__dbt_tmp"):
            con.execute(f"comment on table marts.{table} is 'One row per case.'")
            con.execute(f"comment on column marts.{table}.case_id is 'Of the party.'")
    return outgoing, work


def test_only_models_and_what_is_told_of_quality_are_copied(files, tmp_path):
    target = tmp_path / "release.duckdb"
    models = {("marts", "fct_case"), ("marts", "overview")}
    copy_database(*files, target, [("version", "v", "", "published", "")], models)
    assert set(describe_tables(target)) == {
        "marts.fct_case",
        "marts.overview",
        "quality.delivery",
        "quality.publication",
    }
    with duckdb.connect(str(target), read_only=True) as con:
        schemas = con.execute("select schema_name from duckdb_schemas() where not internal").fetchall()
    assert {schema for (schema,) in schemas} == {"marts", "quality"}


def test_a_view_is_described_exported_and_read_under_another_name_of_the_file(files, tmp_path):
    target = tmp_path / "release.duckdb"
    copy_database(*files, target, [], {("marts", "fct_case"), ("marts", "overview")})
    assert describe_tables(target)["marts.overview"].rows == 1
    export_parquet(target, tmp_path / "parquet", ("marts",))
    assert {path.stem for path in (tmp_path / "parquet" / "marts").iterdir()} == {"fct_case", "overview"}
    with duckdb.connect() as con:
        con.execute(f"attach '{target}' as anything (read_only)")
        assert con.execute("select cases from anything.marts.overview").fetchall() == [(1,)]


def test_of_what_dbt_has_filled_only_models_become_parquet(files, tmp_path):
    outgoing, _ = files
    export_parquet(outgoing, tmp_path / "parquet", ("marts", "indicators"), only={("marts", "overview")})
    assert [path.name for path in (tmp_path / "parquet").rglob("*.parquet")] == ["overview.parquet"]


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
