"""Rollback goes to a release that is as it was sealed, and to no other."""

import pytest

from dagster_project.errors import TrisamError
from dagster_project.release import switch
from dagster_project.release.rollback import NotAsSealedError, roll_back
from dagster_project.settings import load_settings
from tests.releases import V1, V2, V3, publish_small


@pytest.fixture
def settings(tmp_path):
    settings = load_settings(tmp_path / "inbox", tmp_path / "home")
    settings.releases_dir.mkdir(parents=True)
    for version in (V1, V2, V3):
        publish_small(settings, version)
    return settings


def go_back(settings, version=None):
    return roll_back(settings, version, by="A. Andersson").to_version


def now(settings):
    return switch.current_version(settings.published_link)


def test_rollback_goes_one_back_or_to_a_named_release(settings):
    assert go_back(settings) == V2
    assert go_back(settings, V1) == V1
    assert (settings.published_link / "trisam.duckdb").read_text() == f"all of {V1}"


def test_rollback_may_also_go_forth_again(settings):
    go_back(settings, V1)
    assert go_back(settings, V3) == V3


@pytest.mark.parametrize("version", [None, "20300101T000000Z-01234567", "../releases/" + V2])
def test_a_release_that_is_not_there_is_refused_and_nothing_changes(settings, version):
    go_back(settings, V1)
    with pytest.raises(switch.NoSuchReleaseError):
        go_back(settings, version)
    assert now(settings) == V1


def change_a_byte(folder):
    (folder / "trisam.duckdb").write_text(f"All of {folder.name}")


def remove_a_file(folder):
    (folder / "report" / "index.html").unlink()


def add_a_file(folder):
    (folder / "report" / "more.html").write_text("planted")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (change_a_byte, r"trisam\.duckdb \(changed\)"),
        (remove_a_file, r"report/index\.html \(missing\)"),
        (add_a_file, r"report/more\.html \(added\)"),
    ],
)
def test_a_damaged_release_is_not_put_in_force_and_the_refusal_names_the_file(settings, damage, said):
    damage(settings.releases_dir / V2)
    with pytest.raises(NotAsSealedError, match=said):
        go_back(settings)
    assert now(settings) == V3
    assert go_back(settings, V1) == V1


@pytest.mark.parametrize("text", [None, "", "{}"])
def test_a_release_without_a_manifest_that_reads_is_not_put_in_force(settings, text):
    manifest = settings.releases_dir / V2 / "manifest.json"
    manifest.unlink()
    if text is not None:
        manifest.write_text(text)
    with pytest.raises(TrisamError, match=V2):
        go_back(settings)
    assert now(settings) == V3
