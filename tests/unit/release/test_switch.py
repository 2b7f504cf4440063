"""The switch: the link always points to a complete release, and retention never takes it."""

import stat

import pytest

from dagster_project.release import switch

V1, V2, V3 = "20260301T120000Z-01234567", "20260302T120000Z-01234567", "20260303T120000Z-01234567"


@pytest.fixture
def home(tmp_path):
    (tmp_path / "releases").mkdir()
    return tmp_path


def publish(home, version, content="x"):
    folder = switch.candidate_dir(home / "releases", version)
    folder.mkdir()
    (folder / "trisam.duckdb").write_text(content)
    (folder / "trisam_open.duckdb").write_text(content)
    switch.seal(folder)
    switch.put_in_force(home / "releases", home / "published", version)


def test_publishing_switches_to_the_new_release_and_keeps_the_old(home):
    publish(home, V1, "old")
    publish(home, V2, "new")
    assert (home / "published" / "trisam.duckdb").read_text() == "new"
    assert (home / "releases" / V1 / "trisam.duckdb").read_text() == "old"


def test_the_link_is_relative_so_that_the_home_can_be_moved(home):
    publish(home, V1)
    assert (home / "published").readlink().as_posix() == f"releases/{V1}"


def test_a_reader_keeps_what_it_holds(home):
    publish(home, V1, "old")
    with (home / "published" / "trisam.duckdb").open() as held:
        publish(home, V2, "new")
        assert held.read() == "old"


def test_files_of_the_open_release_are_for_all_and_every_other_file_for_the_group(home):
    folder = switch.candidate_dir(home / "releases", V1)
    private = ("trisam.duckdb", "parquet/marts/fct_case.parquet", "parquet/opening.parquet", "manifest.json")
    open_to_all = (
        "trisam_open.duckdb",
        "parquet/open/question.parquet",
        "catalog.jsonld",
        "report-open/index.html",
    )
    for name in (*private, *open_to_all):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    switch.seal(folder)
    modes = {name: stat.S_IMODE((folder / name).stat().st_mode) for name in (*private, *open_to_all)}
    assert modes == dict.fromkeys(private, 0o640) | dict.fromkeys(open_to_all, 0o644)


def test_files_are_for_the_group_and_the_open_file_for_all(home):
    publish(home, V1)
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in (home / "published").iterdir()}
    assert modes == {"trisam.duckdb": 0o640, "trisam_open.duckdb": 0o644}


def test_retention_keeps_the_newest_and_never_removes_what_is_published(home):
    for version in (V1, V2, V3):
        publish(home, version)
    switch.point_to(home / "published", home / "releases" / V1)
    assert switch.retain(home / "releases", home / "published", keep=1) == [V2]
    assert switch.current_version(home / "published") == V1


def test_left_over_candidates_are_removed_and_releases_are_not(home):
    publish(home, V1)
    switch.candidate_dir(home / "releases", V2).mkdir()
    switch.clear_candidates(home / "releases")
    assert [p.name for p in (home / "releases").iterdir()] == [V1]
