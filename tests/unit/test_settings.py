"""Settings: variables are read once, arguments win, and a bad value is named but never shown."""

import os
from pathlib import Path

import pytest

from dagster_project.dbt_artifacts import dbt_environment
from dagster_project.settings import SettingsError, load_settings


def test_an_argument_wins_over_the_environment(monkeypatch):
    monkeypatch.setenv("TRISAM_HOME", "from-environment")
    assert load_settings(home=Path("/given")).home == Path("/given")
    assert load_settings().home == Path.cwd() / "from-environment"


def test_a_value_that_does_not_parse_is_named_and_not_shown(monkeypatch):
    monkeypatch.setenv("TRISAM_KEEP_RELEASES", "secret-value")
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert "TRISAM_KEEP_RELEASES" in refused.value.message
    assert "secret-value" not in str(refused.value)


@pytest.mark.parametrize("value", ["0", "-1"])
def test_a_threshold_below_one_is_refused(monkeypatch, value):
    monkeypatch.setenv("TRISAM_DISCLOSURE_THRESHOLD", value)
    with pytest.raises(SettingsError):
        load_settings()


def test_the_memory_for_building_grows_with_the_work_file_between_bounds(tmp_path):
    settings = load_settings(home=tmp_path)
    assert settings.working_memory == "1300MB"
    settings.work_dir.mkdir()
    with settings.work_db.open("wb") as file:
        file.truncate(10**9)
        assert settings.working_memory in {"2000MB", _quarter_of_this_machine()}
        file.truncate(10**13)
        assert settings.working_memory == _quarter_of_this_machine()


def test_a_memory_limit_that_is_set_is_taken_as_it_is(tmp_path):
    assert load_settings(home=tmp_path, memory_limit="4GB").working_memory == "4GB"


def _quarter_of_this_machine() -> str:
    quarter = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 4
    return f"{max(13 * 10**8, quarter) // 10**6}MB"


def test_what_dbt_is_told_at_the_start_is_not_what_it_is_told_when_there_is_more_data(tmp_path, monkeypatch):
    settings = load_settings(home=tmp_path)
    for name, value in dbt_environment(settings).items():
        monkeypatch.setenv(name, value)
    settings.work_dir.mkdir(parents=True)
    with settings.work_db.open("wb") as file:
        file.truncate(16 * 10**8)
    told = dbt_environment(load_settings(home=tmp_path))
    assert told["TRISAM_WORKING_MEMORY"] in {"3200MB", _quarter_of_this_machine()}
    assert told["TRISAM_MODELS_AT_ONCE"] == "1"


@pytest.mark.parametrize(
    ("size", "said", "engine", "at_once"),
    [(0, None, "duckdb", 4), (2, None, "duckdb", 1), (2, 3, "duckdb", 3), (2, None, "spark", 4)],
)
def test_large_models_are_built_one_after_the_other(tmp_path, size, said, engine, at_once):
    settings = load_settings(home=tmp_path, dbt_threads=said, engine=engine)
    settings.work_dir.mkdir(parents=True)
    with settings.work_db.open("wb") as file:
        file.truncate(size * 10**9)
    assert settings.models_at_once == at_once
