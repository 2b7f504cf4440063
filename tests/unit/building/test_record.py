"""What lies built is believed where both files bear its number, and not while a build is under way or after it failed."""

import json
import stat

import duckdb
import pytest

from dagster_project.building.build import begin, begin_some, finish
from dagster_project.building.record import Answer, read_record
from dagster_project.settings import load_settings

MANIFEST = {
    "sources": {"source.trisam.raw.team": {"source_name": "raw", "name": "team"}},
    "nodes": {
        "model.trisam.dim_team": {
            "resource_type": "model",
            "fqn": ["trisam", "marts", "dim_team"],
            "schema": "marts",
            "database": "outgoing",
            "alias": "dim_team",
            "config": {},
        },
        "model.trisam.dim_goal": {
            "resource_type": "model",
            "fqn": ["trisam", "marts", "dim_goal"],
            "schema": "marts",
            "database": "outgoing",
            "alias": "dim_goal",
            "config": {},
        },
        "test.trisam.unique_team": {"resource_type": "test", "fqn": ["trisam", "unique_team"], "config": {}},
    },
    "parent_map": {
        "model.trisam.dim_team": ["source.trisam.raw.team"],
        "model.trisam.dim_goal": [],
        "test.trisam.unique_team": ["model.trisam.dim_team"],
    },
}


@pytest.fixture
def settings(tmp_path):
    settings = load_settings(tmp_path / "inbox", tmp_path / "home")
    settings.dbt_target_dir.mkdir(parents=True)
    with duckdb.connect(str(settings.work_db)) as con:
        for schema in ("raw", "quality", "ops"):
            con.execute(f"create schema {schema}")
        con.execute("create table raw.team (team_id varchar)")
        con.execute("create table ops.blocked_person (person_id varchar)")
        con.execute("create table ops.setting (name varchar primary key, value varchar)")
        con.execute(
            "create table quality.delivery as select 'rg/team_2021.csv' as delivery_id, 'rg' as party, 'team' as "
            "dataset, date '2021-01-01' as period_start, date '2021-12-31' as period_end, 'in_force' as status, "
            "'h1' as content_hash, 1 as rows_loaded"
        )
    return settings


def build(settings, said="pass"):
    """What a run does, dbt being played: a table for each model, and a result of the test that is run."""
    plan = begin(settings, MANIFEST)
    with duckdb.connect(str(settings.outgoing_db)) as con:
        con.execute("create schema if not exists marts")
        for unique_id in plan.outdated & {"model.trisam.dim_team", "model.trisam.dim_goal"}:
            con.execute(
                f"create table marts.{unique_id.rpartition('.')[2]} as select {len(plan.outdated)} as n"
            )
    run = [u for u in plan.outdated if u.startswith("test.")]
    results = {"results": [{"unique_id": u, "status": said, "failures": 0} for u in run]}
    (settings.dbt_target_dir / "run_results.json").write_text(json.dumps(results))
    finish(settings, plan, MANIFEST)
    return plan


def other_content(settings):
    with duckdb.connect(str(settings.work_db)) as con:
        con.execute("update quality.delivery set content_hash = content_hash || 'x'")


def tables(settings):
    with duckdb.connect(str(settings.outgoing_db), read_only=True) as con:
        return {name for (name,) in con.execute("select table_name from duckdb_tables()").fetchall()}


def test_a_second_build_of_the_same_has_nothing_to_do(settings):
    assert build(settings).is_whole
    assert not begin(settings, MANIFEST).outdated


def test_what_goes_out_is_its_owners_alone(settings):
    build(settings)
    assert stat.S_IMODE(settings.outgoing_db.stat().st_mode) == 0o600


def test_a_build_that_was_not_finished_leaves_nothing_to_build_on(settings):
    build(settings)
    other_content(settings)
    begin(settings, MANIFEST)
    assert read_record(settings) is None
    assert begin(settings, MANIFEST).is_whole


def test_what_is_built_anew_has_gone_before_and_what_stands_is_there(settings):
    build(settings)
    other_content(settings)
    plan = begin(settings, MANIFEST)
    assert plan.outdated == {"model.trisam.dim_team", "test.trisam.unique_team"}
    assert tables(settings) == {"dim_goal", "build"}


def test_a_file_that_holds_nothing_else_is_made_where_everything_is_built(settings):
    build(settings)
    with duckdb.connect(str(settings.outgoing_db)) as con:
        con.execute("create table marts.left_by_a_model_since_removed as select 1 as n")
    settings.work_dir.joinpath("built.json").unlink()
    begin(settings, MANIFEST)
    assert tables(settings) == set()


@pytest.mark.parametrize("lost", ["outgoing.duckdb", "built.json"])
def test_without_a_file_nothing_is_known(settings, lost):
    build(settings)
    (settings.work_dir / lost).unlink()
    assert read_record(settings) is None


@pytest.mark.parametrize("name", ["outgoing.duckdb", "warehouse.duckdb"])
def test_a_file_of_another_build_put_in_its_place_is_not_believed(settings, name):
    build(settings)
    earlier = (settings.work_dir / name).read_bytes()
    other_content(settings)
    build(settings)
    assert read_record(settings) is not None
    (settings.work_dir / name).write_bytes(earlier)
    assert read_record(settings) is None


@pytest.mark.parametrize("table", ["dim_team", "dim_goal"])
def test_a_record_that_names_a_table_which_is_not_there_is_not_believed(settings, table):
    build(settings)
    with duckdb.connect(str(settings.outgoing_db)) as con:
        con.execute(f"drop table marts.{table}")
    assert read_record(settings) is None
    assert begin(settings, MANIFEST).is_whole


def test_a_record_of_tables_in_the_other_file_is_not_believed(settings):
    # As after a build of a project of another version, which puts its marts elsewhere.
    elsewhere = json.loads(json.dumps(MANIFEST))
    elsewhere["nodes"]["model.trisam.dim_team"]["database"] = "warehouse"
    finish(settings, begin(settings, elsewhere), elsewhere)
    assert read_record(settings) is None


def test_a_record_from_before_tables_were_named_is_not_believed(settings):
    build(settings)
    path = settings.work_dir / "built.json"
    kept = json.loads(path.read_bytes())
    del kept["tables"]
    path.write_text(json.dumps(kept), encoding="utf-8")
    assert read_record(settings) is None


def test_half_a_record_is_none(settings):
    build(settings)
    record = settings.work_dir / "built.json"
    record.write_bytes(record.read_bytes()[:50])
    assert read_record(settings) is None


def test_results_that_stand_are_kept_beside_those_of_the_run(settings):
    build(settings)
    build(settings)
    assert read_record(settings).results == {"test.trisam.unique_team": Answer(status="pass", failures=0)}


def test_what_an_earlier_version_left_in_the_work_file_goes(settings):
    with duckdb.connect(str(settings.work_db)) as con:
        con.execute("create schema marts")
        con.execute("create table marts.dim_person as select 'p' as person_id")
    begin(settings, MANIFEST)
    with duckdb.connect(str(settings.work_db), read_only=True) as con:
        schemas = con.execute("select schema_name from duckdb_schemas() where not internal").fetchall()
    assert {schema for (schema,) in schemas} == {"ops", "quality", "raw"}


def test_models_that_a_person_chooses_are_built_beside_the_others_and_the_next_run_builds_everything(
    settings,
):
    build(settings)
    begin_some(settings, MANIFEST)
    assert tables(settings) == {"dim_team", "dim_goal", "build"}
    assert read_record(settings) is None
    assert begin(settings, MANIFEST).is_whole


def test_a_cluster_leaves_results_and_nothing_to_build_on(settings):
    on_spark = settings.model_copy(update={"engine": "spark"})
    build(on_spark)
    assert read_record(settings).results
    assert begin(settings, MANIFEST).is_whole
