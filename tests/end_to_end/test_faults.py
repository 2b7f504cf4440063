"""Faults in a few of the places that `python -m tests.faults` tries in many: nothing is ever lost."""

import json
import random
import shutil

import duckdb
import pytest

from dagster_project.release.manifest import hash_files
from tests.faults import phases, situations, verdict
from tests.faults.points import PhasePoints
from tests.faults.scene import make_short_scene


@pytest.fixture(scope="module")
def scene(clean_home, tmp_path_factory):
    root = tmp_path_factory.mktemp("faults")
    return make_short_scene(root / "scene", clean_home / "home", clean_home / "inbox", phases.take_in)


@pytest.fixture(scope="module")
def points(scene, tmp_path_factory):
    return PhasePoints(scene, tmp_path_factory.mktemp("points"), random.Random(1))


def tried(points, phase, number):
    kills = points.kills(phase, number)
    return [points.try_point(phase, kill, i, whole_run_after=False) for i, kill in enumerate(kills)]


def test_killed_while_it_reads_a_run_leaves_the_old_rows_or_the_new_and_goes_on(points):
    assert [one.lost for one in tried(points, "ingestion", 3)] == [[]] * 3


def test_killed_while_it_copies_a_run_leaves_the_old_release_and_goes_on(points):
    assert [one.lost for one in tried(points, "copy", 1)] == [[]]


def test_killed_at_any_file_operation_of_the_switch_a_run_leaves_a_whole_release_and_goes_on(points):
    results = tried(points, "gate and switch", 6)
    assert [one.lost for one in results] == [[]] * 6
    assert not any(one.note for one in results if "operation" in one.fault)


@pytest.mark.parametrize(
    "situation",
    [
        situations.a_lock_left_by_a_dead_process_holds_nobody,
        situations.a_second_run_is_told_that_the_first_holds_the_warehouse,
        situations.a_clock_that_goes_backwards_does_not_reorder_releases,
        situations.what_killed_runs_left_beside_the_releases_is_cleared,
        situations.a_damaged_or_missing_key_is_never_replaced,
        situations.half_a_list_of_blocked_persons_is_refused,
        situations.damaged_storage_of_dagster_is_set_aside,
    ],
    ids=lambda situation: situation.__name__,
)
def test_nothing_is_lost(scene, tmp_path, situation):
    assert situation(scene, tmp_path / "place") == []


@pytest.mark.parametrize("damage", ["cut to half", "garbage in every block"])
def test_a_damaged_work_file_is_built_anew(scene, tmp_path, damage):
    assert situations.rebuilt_after(scene, tmp_path / "place", damage) == []


def a_changed_table(settings):
    with duckdb.connect(str(settings.published_link / "trisam.duckdb")) as con:
        con.execute("delete from indicators.case_volume where true")


def a_missing_file(settings):
    next((settings.published_link / "parquet").rglob("*.parquet")).unlink()


def a_link_that_leads_nowhere(settings):
    shutil.rmtree(settings.published_link.resolve())


def another_release(settings):
    folder = settings.published_link.resolve()
    manifest = json.loads((folder / "manifest.json").read_bytes())
    with duckdb.connect(str(folder / "trisam.duckdb")) as con:
        con.execute("delete from marts.dim_team where true")
    manifest["files"] = {k: v.model_dump() for k, v in hash_files(folder).items()}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


@pytest.mark.parametrize(
    "loss",
    [a_changed_table, a_missing_file, a_link_that_leads_nowhere, another_release],
    ids=lambda f: f.__name__,
)
def test_what_is_lost_is_seen(scene, tmp_path, loss):
    settings = scene.copy(tmp_path / "place", release="old", work="old")
    assert verdict.published_is_one_of(settings, scene.old) == []
    loss(settings)
    assert verdict.published_is_one_of(settings, scene.old) != []
