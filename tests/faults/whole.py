"""Faults that only a whole run can show: much damaged at once, a disk that fills in mid-run, a rebuild."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.faults import disks, verdict
from tests.faults.scene import Scene, trisam
from tests.faults.situations import Situation, overwrite, truncate


def a_home_damaged_in_every_folder_recovers_in_one_run(scene: Scene, folder: Path) -> list[str]:
    settings = scene.copy(folder, release="old", work="old")
    shutil.rmtree(settings.published_link.resolve())
    shutil.copytree(scene.made, settings.releases_dir / ".candidate-20200101T000000Z-00000000")
    for name in ("manifest.json", "partial_parse.msgpack", "run_results.json"):
        truncate(settings.dbt_target_dir / name, 0.5)
    for name in ("extracts_outcomes.json", "release_outcomes.json", "candidate.json"):
        truncate(settings.work_dir / name, 0.5)
    truncate(settings.dagster_home / "history" / "runs" / "index.db", 0.5)
    overwrite(settings.work_db, 0.5, 65536)
    code, said = trisam(settings)
    lost = [] if code == 0 else [f"the run ended with {code}: {said[-600:]}"]
    return lost + verdict.published_is_one_of(settings, scene.new)


def a_disk_that_fills_during_dbt_is_refused_and_mended_by_room(scene: Scene, folder: Path) -> list[str]:
    settings = scene.copy(folder, release="old", work="old")
    size = sum(p.stat().st_size for p in settings.work_dir.rglob("*") if p.is_file())
    with disks.small_disk(settings.work_dir, size + (6 << 20)):
        code, said = trisam(settings)
        lost = [] if code in {1, 2} else [f"the run on a full disk ended with {code}: {said[-600:]}"]
        lost += verdict.published_is_one_of(settings, scene.old)
    code, said = trisam(settings)
    lost += [] if code == 0 else [f"the next run ended with {code}: {said[-600:]}"]
    return lost + verdict.published_is_one_of(settings, scene.new)


def a_rebuilt_release_equals_the_incremental_one_row_for_row(scene: Scene, folder: Path) -> list[str]:
    settings = scene.copy(folder, release="new", work="new")
    code, said = trisam(settings, "rebuild")
    lost = [] if code == 0 else [f"the rebuild ended with {code}: {said[-600:]}"]
    if settings.published_link.resolve().name == scene.made.name:
        lost.append("the rebuild published nothing")
    return lost + verdict.differing_rows(scene.made, settings.published_link.resolve())


WHOLE: tuple[Situation, ...] = (
    a_rebuilt_release_equals_the_incremental_one_row_for_row,
    a_home_damaged_in_every_folder_recovers_in_one_run,
)
WHOLE_MOUNTED: tuple[Situation, ...] = (a_disk_that_fills_during_dbt_is_refused_and_mended_by_room,)
