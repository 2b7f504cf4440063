"""What dbt and Dagster leave in a home may be cut off by a kill; it is then made anew."""

import json
import os
import shutil
from pathlib import Path

import pytest

from dagster_project import column_lineage, dagster_storage, dbt_artifacts
from dagster_project.dbt_process import parsed
from dagster_project.keys import prepare_work
from dagster_project.release import dbt_results
from dagster_project.settings import load_settings

EMPTY = '{"nodes": {}}'


@pytest.fixture
def settings(tmp_path):
    settings = load_settings(tmp_path / "inbox", tmp_path / "home")
    settings.dbt_target_dir.mkdir(parents=True)
    return settings


@pytest.fixture
def parses(monkeypatch):
    """The parses that were asked of dbt; each writes what dbt would."""
    asked = []

    def parse(command, env, **_):
        if "parse" in command:
            asked.append(command)
        target = Path(env["DBT_TARGET_PATH"])
        (target / "manifest.json").write_text(EMPTY)
        (target / "partial_parse.msgpack").write_bytes(b"parsed")
        return type("Done", (), {"returncode": 0})()

    monkeypatch.setattr(dbt_artifacts.subprocess, "run", parse)
    return asked


@pytest.mark.parametrize("text", ["", '{"nodes": {"mod'])
def test_a_manifest_of_dbt_that_is_cut_off_is_parsed_anew(settings, parses, tmp_path, text):
    nothing = tmp_path / "nothing"
    (settings.dbt_target_dir / "manifest.json").write_text(text)
    (settings.dbt_target_dir / "parsed.msgpack").write_bytes(b"parsed")
    assert dbt_artifacts.ensure_manifest(settings, nothing).read_text() == EMPTY
    assert len(parses) == 1
    dbt_artifacts.ensure_manifest(settings, nothing)
    assert len(parses) == 1


@pytest.mark.usefixtures("parses")
def test_a_new_home_that_a_code_server_sees_first_can_be_entered_by_its_owner_alone(tmp_path):
    settings = load_settings(tmp_path / "inbox", tmp_path / "new")
    dbt_artifacts.ensure_manifest(settings, tmp_path / "nothing")
    prepare_work(settings)
    assert settings.work_dir.stat().st_mode & 0o777 == 0o700


def test_a_home_takes_over_what_was_parsed_when_the_project_was_set_up(settings, parses, tmp_path):
    prepared = tmp_path / "prepared"
    dbt_artifacts.prepare(prepared)
    assert len(parses) == 1
    assert dbt_artifacts.ensure_manifest(settings, prepared).read_text() == EMPTY
    assert (settings.dbt_target_dir / "parsed.msgpack").read_bytes() == b"parsed"
    assert len(parses) == 1


@pytest.mark.parametrize("older", ["manifest.json", "parsed.msgpack"])
def test_what_was_parsed_before_a_model_changed_is_not_taken_over(settings, parses, tmp_path, older):
    prepared = tmp_path / "prepared"
    dbt_artifacts.prepare(prepared)
    os.utime(prepared / older, (1, 1))
    dbt_artifacts.ensure_manifest(settings, prepared)
    assert len(parses) == 2


@pytest.fixture(scope="module")
def really_prepared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("prepared")
    dbt_artifacts.prepare(folder)
    return folder


def test_lineage_is_told_at_set_up_and_a_home_takes_it_over(really_prepared, settings, monkeypatch):
    assert dbt_artifacts.taken_over(settings.dbt_target_dir, really_prepared)
    monkeypatch.setattr(column_lineage, "lineage_of", lambda sql, columns: pytest.fail("told again"))
    target = settings.dbt_target_dir
    dbt_artifacts.compile_models(settings, target)
    manifest = json.loads((target / "manifest.json").read_bytes())
    told = column_lineage.lineage_of_models(manifest, target / "compiled", target / dbt_artifacts.LINEAGE)
    assert told["marts", "fct_case"]["case_id"] == [(("intermediate", "int_case"), "case_id")]
    assert [relation for relation, columns in told.items() if not columns] == []


def test_dbt_is_handed_every_node_that_the_manifest_names(really_prepared):
    named = json.loads((really_prepared / "manifest.json").read_bytes())
    assert set(parsed(really_prepared).nodes) == set(named["nodes"])


@pytest.mark.parametrize("damage", ["missing", "cut off", "older than a model", "of another dbt"])
def test_dbt_parses_by_itself_where_what_was_parsed_cannot_serve(
    really_prepared, tmp_path, monkeypatch, damage
):
    folder = shutil.copytree(really_prepared, tmp_path / "target")
    kept = folder / "parsed.msgpack"
    if damage == "missing":
        kept.unlink()
    elif damage == "cut off":
        kept.write_bytes(kept.read_bytes()[:1000])
    elif damage == "older than a model":
        os.utime(kept, (1, 1))
    else:
        monkeypatch.setattr("dagster_project.dbt_process.installed", "1.0.0")
    assert parsed(folder) is None


def test_results_of_dbt_that_are_cut_off_name_no_failure(settings):
    manifest = settings.dbt_target_dir / "manifest.json"
    results = settings.dbt_target_dir / "run_results.json"
    manifest.write_text('{"nodes": {}}')
    results.write_text('{"results": [{"unique_id"')
    assert dbt_results.failures(manifest, results) == []


@pytest.mark.parametrize(
    "content", [b"", b"SQLite format 3\x00" + b"\xa5" * 5000, b"no database at all" * 300]
)
def test_damaged_storage_of_dagster_is_set_aside_and_sound_storage_kept(tmp_path, content):
    home = tmp_path / "dagster"
    dagster_storage.prepare(home)
    assert (home / "dagster.yaml").exists()
    (home / "history").mkdir()
    (home / "history" / "kept").touch()
    dagster_storage.prepare(home)
    assert (home / "history" / "kept").exists()
    (home / "history" / "runs.db").write_bytes(content)
    dagster_storage.prepare(home)
    assert [p.name for p in home.iterdir()] == ["dagster.yaml"]
    assert (tmp_path / "dagster-damaged" / "history" / "runs.db").exists()
