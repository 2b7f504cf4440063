"""The version of a home's layout: raised by a run, and a home that is ahead of the code is refused in words."""

import pytest

from dagster_project import home_version, work_file
from dagster_project.home_version import HomeVersionError, NewerHomeError, known_version
from dagster_project.keys import prepare_work
from dagster_project.settings import load_settings


@pytest.fixture
def home(tmp_path):
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_run_gives_a_home_the_number_of_the_codes_layout(home):
    settings = load_settings(home=home)
    prepare_work(settings)
    assert home_version.home_version(home) == 0
    work_file.ready(settings, print, rebuild=False)
    assert home_version.home_version(home) == known_version() >= 1


def test_a_home_of_an_earlier_layout_is_not_refused(home, monkeypatch):
    home_version.bring_forward(home)
    monkeypatch.setattr(home_version, "known_version", lambda: 2)
    load_settings(home=home)
    home_version.bring_forward(home)
    assert home_version.home_version(home) == 2


def test_a_home_of_a_later_layout_is_refused_and_nothing_is_changed(home):
    (home / "home_version").write_text(f"{known_version() + 1}\n")
    before = contents(home)
    with pytest.raises(NewerHomeError, match=f"layout {known_version() + 1}") as refused:
        load_settings(home=home)
    assert "version of the code that wrote the home" in refused.value.hint
    assert contents(home) == before


@pytest.mark.parametrize("content", [b"", b"1.5", b"-1", b"one", b"\xff\xfe"])
def test_a_number_that_cannot_be_read_is_not_taken_for_an_old_one(home, content):
    (home / "home_version").write_bytes(content)
    with pytest.raises(HomeVersionError, match="home_version"):
        load_settings(home=home)


def test_layouts_are_numbered_without_a_gap(tmp_path, monkeypatch):
    listed = tmp_path / "layouts.yml"
    listed.write_text("versions: [{version: 1, change: first}, {version: 3, change: third}]")
    monkeypatch.setattr(home_version, "_LAYOUTS", listed)
    with pytest.raises(ValueError, match="numbered 1, 2, 3"):
        known_version.__wrapped__()
