"""The shared folder: an absolute path that is there, for its owner alone, or an object store."""

import stat
from pathlib import Path

import pytest

from dagster_project.engine.place import SparkFolderError, shared_folder


@pytest.mark.parametrize("folder", ["relative/folder", "/no/such/folder"])
def test_a_folder_that_is_not_there_is_refused_with_the_name_of_the_setting(folder):
    with pytest.raises(SparkFolderError) as refused:
        shared_folder(folder)
    assert "TRISAM_SPARK_FOLDER" in refused.value.message


def test_an_address_of_no_known_kind_is_refused():
    with pytest.raises(SparkFolderError):
        shared_folder("carrier-pigeon://coop/trisam")


def test_a_folder_that_is_made_is_for_its_owner_alone(shared):
    place = shared.under("trisam", "run-1")
    place.make()
    assert stat.S_IMODE(Path(place.path).stat().st_mode) == 0o700


def test_spark_and_this_machine_mean_the_same_folder(shared):
    place = shared.under("trisam", "raw")
    assert place.location == Path(place.path).as_uri()


def test_a_store_is_called_as_hadoop_calls_it_and_what_is_for_pyarrow_stays_here():
    place = shared_folder("s3://bucket/trisam/?region=eu-north-1")
    assert place.path == "bucket/trisam"
    assert place.under("raw").location == "s3a://bucket/trisam/raw"


def test_folders_are_listed_and_removed_with_all_that_lies_in_them(shared):
    for folder in ("run-2", "run-1"):
        shared.under(folder, "raw").make()
    assert shared.folders() == ["run-1", "run-2"]
    shared.under("run-1").remove()
    shared.under("never-made").remove()
    assert shared.folders() == ["run-2"]
