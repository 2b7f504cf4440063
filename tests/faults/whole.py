"""Faults that only a whole run can show: much damaged at once, a disk that fills in mid-run, a rebuild."""

from __future__ import annotations

import shutil
from pathlib import Path

from dagster_project.dbt_artifacts import PARSED
from dagster_project.ingestion.erasure import canonical_numbers
from dagster_project.ingestion.pseudonyms import pseudonym
from dagster_project.keys import pseudonym_key
from dagster_project.release.versions import releases
from tests.faults import disks, phases, verdict
from tests.faults.killing import NEVER, Kill, perform
from tests.faults.scene import Scene, trisam
from tests.faults.situations import Situation, overwrite, truncate


def a_home_damaged_in_every_folder_recovers_in_one_run(scene: Scene, folder: Path) -> list[str]:
    settings = scene.copy(folder, release="old", work="old")
    shutil.rmtree(settings.published_link.resolve())
    shutil.copytree(scene.made, settings.releases_dir / ".candidate-20200101T000000Z-00000000")
    for name in ("manifest.json", PARSED, "run_results.json"):
        truncate(settings.dbt_target_dir / name, 0.5)
    for name in ("built.json", "extracts_outcomes.json", "release_outcomes.json", "candidate.json"):
        truncate(settings.work_dir / name, 0.5)
    truncate(settings.dagster_home / "history" / "runs" / "index.db", 0.5)
    overwrite(settings.work_db, 0.5, 65536)
    overwrite(settings.outgoing_db, 0.5, 65536)
    code, said = trisam(settings)
    lost = [] if code == 0 else [f"the run ended with {code}: {said[-600:]}"]
    return lost + verdict.published_is_one_of(settings, scene.new)


def a_disk_that_fills_during_dbt_is_refused_and_mended_by_room(scene: Scene, folder: Path) -> list[str]:
    settings = scene.copy(folder, release="old", work="old")
    # All is built, into a file of its own: a build that writes over what it replaces needs no room.
    settings.outgoing_db.unlink()
    size = sum(p.stat().st_size for p in settings.work_dir.rglob("*") if p.is_file())
    with disks.small_disk(settings.work_dir, size + (6 << 20)):
        code, said = trisam(settings)
        lost = [] if code in {1, 2} else [f"the run on a full disk ended with {code}: {said[-600:]}"]
        if "dbt_build: failure" not in said or "No space left on device" not in said or "Traceback" in said:
            lost.append(
                f"it is not told that the disk is full, or it was full at another step: {said[-600:]}"
            )
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


def an_erasure_killed_before_its_release_is_carried_out_by_the_next_run(
    scene: Scene, folder: Path
) -> list[str]:
    lost = []
    consents = (scene.inbox("old") / "rg" / "samtycke_20191101-20231231.csv").read_text(encoding="utf-8")
    number = consents.splitlines()[1].partition(";")[0]
    whole = perform(phases.erase, scene.copy(folder, release="old", work="old", inbox="old"), number)
    # The first rename puts the request aside, the second says that the erasure has begun.
    put_aside, begun_with = (Kill(operation=number + 1) for number in whole.renames[:2])
    for kill in (put_aside, begun_with, NEVER):
        settings = scene.copy(folder, release="old", work="old", inbox="old")
        person = pseudonym(pseudonym_key(settings), canonical_numbers([number])[0])
        if not verdict.knows(settings, person):
            lost.append("the person to be erased was not in the release before")
        begun = perform(phases.erase, settings, number, kill=kill)
        lost += [begun.error] if begun.error else []
        again = "forget" if kill is put_aside else "run"
        code, said = trisam(settings, again, said=f"{number}\n")
        lost += [] if code == 0 else [f"{again} ended with {code}: {said[-600:]}"]
        if verdict.knows(settings, person):
            lost.append(f"{kill}: the person is in the release of the next run")
        if len(releases(settings.releases_dir)) != 1:
            lost.append(f"{kill}: older releases, which hold the person, are left")
    return lost


WHOLE: tuple[Situation, ...] = (
    a_rebuilt_release_equals_the_incremental_one_row_for_row,
    a_home_damaged_in_every_folder_recovers_in_one_run,
    an_erasure_killed_before_its_release_is_carried_out_by_the_next_run,
)
WHOLE_MOUNTED: tuple[Situation, ...] = (a_disk_that_fills_during_dbt_is_refused_and_mended_by_room,)
