"""Settings: variables are read once, arguments win, and a bad value is named but never shown."""

from pathlib import Path

import pytest

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
