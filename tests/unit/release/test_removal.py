"""What bears a release's name is whole: removal takes the name away first, and what is left of it goes later."""

import shutil

import pytest

from dagster_project.release import switch
from dagster_project.release.versions import releases

V1, V2 = "20260301T120000Z-01234567", "20260302T120000Z-01234567"


@pytest.fixture
def folder(tmp_path):
    for version in (V1, V2):
        (tmp_path / version).mkdir()
        (tmp_path / version / "manifest.json").write_text("{}")
    return tmp_path


def test_a_removal_that_is_killed_leaves_no_half_release_under_a_releases_name(folder, monkeypatch):
    def killed(path):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", killed)
        with pytest.raises(KeyboardInterrupt):
            switch.remove_release(folder, V1)
    assert releases(folder) == [V2]
    switch.clear_candidates(folder)
    assert [path.name for path in folder.iterdir()] == [V2]


def test_clearing_up_touches_no_release(folder):
    (folder / f".candidate-{V1}").mkdir()
    switch.clear_candidates(folder)
    assert releases(folder) == [V1, V2]
    assert all((folder / version / "manifest.json").exists() for version in (V1, V2))
