"""Around dbt's build: what the gate reads is of this build, and nothing of persons stays on the cluster."""

import json
from contextlib import contextmanager

import pytest

from dagster_project.engine import building
from dagster_project.settings import load_settings

from .conftest import FakeSession

MANIFEST = {
    "nodes": {"model.a": {"resource_type": "model", "schema": "marts"}},
    "sources": {"source.b": {"source_name": "raw"}},
}


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "shared").mkdir()
    found = load_settings(
        tmp_path / "inbox",
        tmp_path / "home",
        engine="spark",
        spark_host="spark.example",
        spark_folder=str(tmp_path / "shared"),
    )
    building.target_dir(found).mkdir(parents=True)
    (found.dbt_target_dir / "manifest.json").write_text(json.dumps(MANIFEST))
    return found


@pytest.fixture
def cluster(settings, monkeypatch):
    """A cluster on which everything succeeds: hands over and takes back nothing but says so."""
    root = building.shared_folder(settings.spark_folder).under("trisam")
    fake = FakeSession(
        {"trisam_raw": f"{root.location}/run/raw", "trisam_marts": f"{root.location}/run/marts"}
    )

    @contextmanager
    def session(_):
        yield fake

    monkeypatch.setattr(building, "session", session)
    monkeypatch.setattr(building, "hand_over", lambda *_: fake.statements.append("handed over"))
    monkeypatch.setattr(building, "take_back", lambda *_: fake.statements.append("taken back") or {"t": 1})
    return fake


def results(settings):
    return settings.dbt_target_dir / "run_results.json"


def test_results_of_an_earlier_build_are_gone_when_dbt_says_nothing(settings, cluster):
    for folder in (settings.dbt_target_dir, building.target_dir(settings)):
        (folder / "run_results.json").write_text('{"results": ["of an earlier build"]}')
    with building.on_spark(settings, lambda line: None):
        assert not results(settings).exists()
    assert not results(settings).exists()


@pytest.mark.parametrize("fails", [False, True])
def test_what_dbt_said_on_spark_lies_where_the_gate_looks(settings, cluster, fails):
    def build():
        with building.on_spark(settings, lambda line: None):
            (building.target_dir(settings) / "run_results.json").write_text('{"results": []}')
            if fails:
                raise RuntimeError("a data test failed")

    if fails:
        with pytest.raises(RuntimeError, match="a data test failed"):
            build()
    else:
        build()
    assert results(settings).read_text() == '{"results": []}'


def test_when_dbt_fails_nothing_comes_back_and_what_it_built_stays_to_be_looked_at(settings, cluster):
    with pytest.raises(RuntimeError), building.on_spark(settings, lambda line: None):
        raise RuntimeError("a model failed")
    assert cluster.statements == ["handed over"]
    root = building.shared_folder(settings.spark_folder).under("trisam")
    assert len(root.folders()) == 1


def test_after_a_build_neither_schemas_nor_folders_are_left(settings, cluster):
    root = building.shared_folder(settings.spark_folder).under("trisam")
    root.under("run-that-failed", "raw").make()
    with building.on_spark(settings, lambda line: None):
        assert len(root.folders()) == 2
    assert cluster.statements[:2] == ["handed over", "taken back"]
    assert cluster.statements[2:] == [
        "drop schema `trisam_marts` cascade",
        "drop schema `trisam_raw` cascade",
    ]
    assert root.folders() == []


def test_a_file_is_opened_within_the_memory_that_is_granted(settings):
    import duckdb

    duckdb.connect(str(settings.work_db)).close()
    granted = settings.model_copy(update={"memory_limit": "100MB"})
    with building.opened(settings.work_db, granted) as con:
        assert con.execute("select current_setting('memory_limit')").fetchone() == ("95.3 MiB",)
    with (
        building.opened(settings.work_db, granted, read_only=True) as con,
        pytest.raises(duckdb.Error, match="read-only"),
    ):
        con.execute("create table t as select 1 as n")
