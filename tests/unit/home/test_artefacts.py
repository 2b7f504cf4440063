"""What dbt and Dagster leave in a home may be cut off by a kill; it is then made anew."""

import pytest

from dagster_project import dagster_storage, dbt_artifacts
from dagster_project.release import dbt_results
from dagster_project.settings import load_settings


@pytest.fixture
def settings(tmp_path):
    settings = load_settings(tmp_path / "inbox", tmp_path / "home")
    settings.dbt_target_dir.mkdir(parents=True)
    return settings


@pytest.mark.parametrize("text", ["", '{"nodes": {"mod'])
def test_a_manifest_of_dbt_that_is_cut_off_is_parsed_anew(settings, monkeypatch, text):
    manifest = settings.dbt_target_dir / "manifest.json"
    manifest.write_text(text)
    asked = []

    def parse(command, **_):
        asked.append(command)
        manifest.write_text("{}")
        return type("Done", (), {"returncode": 0})()

    monkeypatch.setattr(dbt_artifacts.subprocess, "run", parse)
    assert dbt_artifacts.ensure_manifest(settings).read_text() == "{}"
    assert len(asked) == 1
    dbt_artifacts.ensure_manifest(settings)
    assert len(asked) == 1


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
