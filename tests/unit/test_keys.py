"""The pseudonym key and the work folder: made for their owner alone, refused when others can read them."""

import stat

import pytest

from dagster_project.keys import RightsError, prepare_work, pseudonym_key
from dagster_project.settings import load_settings


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.delenv("TRISAM_PSEUDONYM_KEY", raising=False)
    made = load_settings(home=tmp_path / "home")
    prepare_work(made)
    return made


def test_the_first_run_makes_a_key_that_only_its_owner_reads(settings):
    key = pseudonym_key(settings)
    assert len(key) >= 32
    assert stat.S_IMODE(settings.key_file.stat().st_mode) == 0o600
    assert pseudonym_key(settings) == key


def test_the_work_folder_is_its_owners_alone(settings):
    assert stat.S_IMODE(settings.work_dir.stat().st_mode) == 0o700


def test_a_key_that_others_can_read_is_refused_with_the_command_that_mends_it(settings):
    pseudonym_key(settings)
    settings.key_file.chmod(0o640)
    with pytest.raises(RightsError) as refused:
        pseudonym_key(settings)
    assert refused.value.hint == f"Mend it with: chmod 0600 {settings.key_file}"


def test_a_work_folder_that_others_can_enter_is_refused_with_the_command_that_mends_it(settings):
    settings.work_dir.chmod(0o750)
    with pytest.raises(RightsError) as refused:
        prepare_work(settings)
    assert "chmod 0700" in refused.value.hint


def test_a_key_in_the_environment_is_used_and_never_written(tmp_path, monkeypatch):
    monkeypatch.setenv("TRISAM_PSEUDONYM_KEY", "a key of more than thirty-two characters")
    settings = load_settings(home=tmp_path / "home")
    prepare_work(settings)
    assert pseudonym_key(settings) == b"a key of more than thirty-two characters"
    assert not settings.key_file.exists()
    assert "thirty-two" not in repr(settings)
