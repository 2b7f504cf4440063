"""Names of releases sort by time, whatever the clock does."""

from datetime import UTC, datetime

from dagster_project.release.versions import is_version, next_version, releases

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


def test_a_version_is_its_time_and_fingerprint():
    assert next_version([], "0123456789abcdef", NOW) == "20260301T120000Z-01234567"


def test_a_clock_that_went_backwards_does_not_reorder_releases():
    last = "20270101T000000Z-aaaaaaaa"
    name = next_version([last], "0123456789abcdef", NOW)
    assert name > last
    assert name.startswith("20270101T000001Z")


def test_two_releases_in_one_second_have_two_names():
    first = next_version([], "0123456789abcdef", NOW)
    assert next_version([first], "0123456789abcdef", NOW) > first


def test_other_folders_are_no_releases(tmp_path):
    (tmp_path / "20260301T120000Z-01234567").mkdir()
    (tmp_path / ".candidate-20260301T120001Z-01234567").mkdir()
    (tmp_path / "notes").mkdir()
    assert releases(tmp_path) == ["20260301T120000Z-01234567"]
    assert not is_version("20260301T120000Z-0123456")
