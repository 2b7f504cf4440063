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


@pytest.fixture
def model(tmp_path, monkeypatch):
    """A file that dbt parses, in a project of its own."""
    root = tmp_path / "project"
    (root / "dbt_project" / "models").mkdir(parents=True)
    for name in ("dbt_project.yml", "profiles.yml"):
        (root / "dbt_project" / name).write_text("name: small\n")
    file = root / "dbt_project" / "models" / "one.sql"
    file.write_text("select 1 as n")
    monkeypatch.setattr(dbt_artifacts, "PROJECT_ROOT", root)
    monkeypatch.setattr(dbt_artifacts, "DBT_PROJECT_DIR", root / "dbt_project")
    monkeypatch.setattr(dbt_artifacts, "_SOURCES", ((root / "dbt_project" / "models", "*"),))
    return file


def test_what_was_parsed_from_other_content_is_parsed_again_though_every_time_and_size_is_the_same(
    settings, parses, tmp_path, model
):
    prepared = tmp_path / "prepared"
    dbt_artifacts.prepare(prepared)
    dbt_artifacts.ensure_manifest(settings, prepared)
    assert len(parses) == 1
    status = model.stat()
    model.write_text("select 2 as n")
    os.utime(model, ns=(status.st_atime_ns, status.st_mtime_ns))
    dbt_artifacts.ensure_manifest(settings, prepared)
    assert len(parses) == 2


def test_the_same_content_is_not_parsed_again_whenever_its_files_were_written(
    settings, parses, tmp_path, model
):
    prepared = tmp_path / "prepared"
    dbt_artifacts.prepare(prepared)
    os.utime(model)
    os.utime(prepared / "manifest.json", (1, 1))
    dbt_artifacts.ensure_manifest(settings, prepared)
    assert len(parses) == 1


def test_a_checkout_at_another_place_is_parsed_again_since_dbt_keeps_the_path_of_each_seed(
    settings, parses, tmp_path, model, monkeypatch
):
    dbt_artifacts.ensure_manifest(settings, tmp_path / "nothing")
    moved = tmp_path / "moved"
    shutil.copytree(tmp_path / "project", moved)
    monkeypatch.setattr(dbt_artifacts, "PROJECT_ROOT", moved)
    monkeypatch.setattr(dbt_artifacts, "DBT_PROJECT_DIR", moved / "dbt_project")
    monkeypatch.setattr(dbt_artifacts, "_SOURCES", ((moved / "dbt_project" / "models", "*"),))
    dbt_artifacts.ensure_manifest(settings, tmp_path / "nothing")
    assert len(parses) == 2


def test_what_other_code_has_parsed_beside_an_old_stamp_is_parsed_again(settings, parses, tmp_path):
    # Code from before the stamp replaces the artefacts and leaves the stamp as it is.
    dbt_artifacts.ensure_manifest(settings, tmp_path / "nothing")
    (settings.dbt_target_dir / "parsed.msgpack").write_bytes(b"parsed by other code")
    dbt_artifacts.ensure_manifest(settings, tmp_path / "nothing")
    assert len(parses) == 2


def test_preparing_again_does_nothing_where_nothing_has_changed(really_prepared, monkeypatch):
    monkeypatch.setattr(dbt_artifacts, "_ask_dbt", lambda *_: pytest.fail("parsed again"))
    dbt_artifacts.prepare(really_prepared)


def test_dbt_is_told_to_compare_contents_too(settings):
    assert dbt_artifacts.dbt_environment(settings)["DBT_PARTIAL_PARSE"] == "false"


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


@pytest.mark.parametrize("damage", ["missing", "cut off", "made from other files", "of another dbt"])
def test_dbt_parses_by_itself_where_what_was_parsed_cannot_serve(
    really_prepared, tmp_path, monkeypatch, damage
):
    folder = shutil.copytree(really_prepared, tmp_path / "target")
    kept = folder / "parsed.msgpack"
    if damage == "missing":
        kept.unlink()
    elif damage == "cut off":
        kept.write_bytes(kept.read_bytes()[:1000])
    elif damage == "made from other files":
        monkeypatch.setattr(dbt_artifacts, "_DBT_PACKAGES", ())
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
