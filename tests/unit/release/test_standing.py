"""A table's file is taken over from the release before where it was made from the same, and is whole; else never."""

import pytest

from dagster_project.release.manifest import FileEntry, Manifest, TableEntry, hash_files
from dagster_project.release.standing import no_release_before, tables_of, taken_from
from tests.releases import V1, manifest_of

TABLE, FILE = "marts.fct_case", "parquet/marts/fct_case.parquet"


@pytest.fixture
def release(tmp_path):
    folder = tmp_path / "release"
    (folder / FILE).parent.mkdir(parents=True)
    (folder / FILE).write_bytes(b"rows of cases")
    return folder


def published(files: dict[str, FileEntry], made_from: dict[str, str]) -> Manifest:
    return manifest_of(V1, files, made_from=made_from)


def test_the_same_is_copied(release, tmp_path):
    take = taken_from(release, published(hash_files(release), {TABLE: "v1"}), {TABLE: "v1"})
    target = tmp_path / "fct_case.parquet"
    assert take(TABLE, target)
    assert target.read_bytes() == b"rows of cases"
    assert not target.samefile(release / FILE)


@pytest.mark.parametrize(
    ("before", "now"),
    [({TABLE: "v1"}, {TABLE: "v2"}), ({TABLE: "v1"}, {}), ({}, {TABLE: "v1"}), ({}, {})],
)
def test_what_was_made_from_something_else_is_not(release, tmp_path, before, now):
    take = taken_from(release, published(hash_files(release), before), now)
    assert not take(TABLE, tmp_path / "target")
    assert not (tmp_path / "target").exists()


@pytest.mark.parametrize("damaged", [b"rows of casex", b"rows", None])
def test_a_file_that_is_not_as_its_manifest_says_is_not(release, tmp_path, damaged):
    manifest = published(hash_files(release), {TABLE: "v1"})
    if damaged is None:
        (release / FILE).unlink()
    else:
        (release / FILE).write_bytes(damaged)
    assert not taken_from(release, manifest, {TABLE: "v1"})(TABLE, tmp_path / "target")
    assert not (tmp_path / "target").exists()


def test_a_table_that_the_release_has_no_file_of_is_not(release, tmp_path):
    assert not taken_from(release, published({}, {TABLE: "v1"}), {TABLE: "v1"})(TABLE, tmp_path / "target")


def test_without_a_release_nothing_is(tmp_path):
    assert not no_release_before(TABLE, tmp_path / "target")


def test_what_is_said_of_a_table_holds_where_it_was_made_from_the_same():
    said = {
        name: TableEntry(rows=1, content_hash=name) for name in ("marts.a", "marts.b", "quality.delivery")
    }
    before = published({}, {"marts.a": "v1", "marts.b": "v1"}).model_copy(update={"tables": said})
    assert tables_of(before, {"marts.a": "v1", "marts.b": "v2", "marts.c": "v1"}) == {
        "marts.a": said["marts.a"]
    }
