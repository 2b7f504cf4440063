"""Single faults: damaged, missing and held files, missing secrets, clocks, two runs at once. Cheap ones only.

Each takes the scene and a folder, and gives what was lost: nothing, when all is well.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from dagster_project import dagster_storage
from dagster_project.release.switch import current_version, point_to
from dagster_project.release.versions import next_version, releases
from dagster_project.settings import Settings
from tests.faults import phases, verdict
from tests.faults.killing import kill_group, perform
from tests.faults.scene import Scene, start_run, trisam

Situation = Callable[[Scene, Path], list[str]]


def quiet_home(scene: Scene, folder: Path) -> Settings:
    """A home that has nothing new: the next run answers within a second or two."""
    return scene.copy(folder, release="old", work="old", inbox="old")


def expect(settings: Settings, scene: Scene, code: int, *words: str) -> list[str]:
    """Run; the exit code, the words that its answer must hold, no traceback, and the old release in force."""
    found, said = trisam(settings)
    lost = [] if found == code else [f"exit code {found} instead of {code}: {said[-300:]}"]
    lost += [f"it does not say '{word}': {said[-300:]}" for word in words if word not in said]
    if "Traceback" in said:
        lost.append("it shows a traceback instead of a sentence")
    return lost + verdict.published_is_one_of(settings, scene.old)


def a_lock_left_by_a_dead_process_holds_nobody(scene: Scene, folder: Path) -> list[str]:
    settings = quiet_home(scene, folder)
    (settings.work_dir / "run.lock").touch(mode=0o600)
    owner = {
        "user": "somebody",
        "host": "elsewhere",
        "process": "4194304",
        "since": "2020-01-01T00:00:00+00:00",
    }
    (settings.work_dir / "run.owner.json").write_text(json.dumps(owner), encoding="utf-8")
    return expect(settings, scene, 0, "Nothing new")


def a_second_run_is_told_that_the_first_holds_the_warehouse(scene: Scene, folder: Path) -> list[str]:
    settings = quiet_home(scene, folder)
    first = start_run(settings.model_copy(update={"inbox": scene.inbox("new")}))
    try:
        assert verdict.waited(settings.work_dir / "run.owner.json")
        assert first.stdout is not None
        first.stdout.readline()  # it says that it is starting
        lost = expect(settings, scene, 3, "Another run holds the warehouse")
    finally:
        kill_group(first.pid)
        first.wait()
    return lost + expect(settings, scene, 0, "Nothing new")


def a_clock_that_goes_backwards_does_not_reorder_releases(scene: Scene, folder: Path) -> list[str]:
    settings = scene.copy(folder, release="old", work="new")
    future = f"{datetime.now(UTC) + timedelta(days=3650):%Y%m%dT%H%M%SZ}-0a0a0a0a"
    now = current_version(settings.published_link)
    assert now is not None
    (settings.releases_dir / now).rename(settings.releases_dir / future)
    manifest = settings.releases_dir / future / "manifest.json"
    text = manifest.read_text(encoding="utf-8").replace(now, future)
    manifest.chmod(0o600)
    manifest.write_text(text, encoding="utf-8")
    point_to(settings.published_link, settings.releases_dir / future)
    ended = perform(phases.finish, settings, scene.made)
    lost = [ended.error] if ended.error else []
    if releases(settings.releases_dir)[-1] != current_version(settings.published_link):
        lost.append("the newest release is not the last by name")
    if next_version([future], "0" * 16, datetime(2000, 1, 1, tzinfo=UTC)) <= future:
        lost.append("a later release got an earlier name")
    return lost + verdict.published_is_one_of(settings, scene.new)


def what_killed_runs_left_beside_the_releases_is_cleared(scene: Scene, folder: Path) -> list[str]:
    settings = scene.copy(folder, release="old", work="new")
    shutil.copytree(scene.made, settings.releases_dir / ".candidate-20200101T000000Z-00000000")
    shutil.copytree(scene.made, settings.releases_dir / ".removed-20200102T000000Z-00000000")
    (settings.home / ".published-next").symlink_to("releases/nowhere")
    (settings.work_dir / "candidate.json").write_text('{"version": "2020', encoding="utf-8")
    ended = perform(phases.finish, settings, scene.made)
    left = [
        p.name for p in [*settings.releases_dir.iterdir(), *settings.home.iterdir()] if p.name.startswith(".")
    ]
    lost = ([ended.error] if ended.error else []) + [f"{name} is left over" for name in left]
    return lost + verdict.published_is_one_of(settings, scene.new)


def an_inbox_that_goes_away_while_it_is_read_changes_nothing(scene: Scene, folder: Path) -> list[str]:
    settings = quiet_home(scene, folder)
    settings.work_db.unlink()
    inbox = folder / "inbox"
    shutil.copytree(scene.inbox("old"), inbox)
    settings = settings.model_copy(update={"inbox": inbox})
    perform(phases.take_in_without_inbox, settings)
    lost = expect(settings, scene, 2, "does not exist or is no folder")
    inbox.with_name("inbox-away").rename(inbox)
    again = perform(phases.take_in, settings)
    lost += [again.error] if again.error else []
    raw = verdict.raw_content(scene.home("old") / "work" / "warehouse.duckdb")
    return lost + verdict.work_is_one_of(settings, raw)


def truncate(path: Path, share: float) -> None:
    """Cut the end of a file off."""
    with path.open("r+b") as handle:
        handle.truncate(int(path.stat().st_size * share))


def overwrite(path: Path, share: float, length: int) -> None:
    """Put other bytes into a file, from a share of its length on."""
    with path.open("r+b") as handle:
        handle.seek(int(path.stat().st_size * share))
        handle.write(b"\xa5" * length)


def _lose_raw_blocks(work_db: Path) -> None:
    # The file still opens: only blocks of data are lost.
    size, step = work_db.stat().st_size, 262144
    with work_db.open("r+b") as handle:
        for start in range(12288 + step, size - step, step):
            handle.seek(start + 4096)
            handle.write(b"\xa5" * 64)


_DAMAGES: dict[str, Callable[[Path], object]] = {
    "cut to half": lambda path: truncate(path, 0.5),
    "cut by a tenth": lambda path: truncate(path, 0.9),
    "cut to nothing": lambda path: truncate(path, 0.0),
    "garbage at its head": lambda path: overwrite(path, 0.0, 8192),
    "garbage in its middle": lambda path: overwrite(path, 0.5, 65536),
    "garbage in every block": _lose_raw_blocks,
    "garbage as its log": lambda path: (
        path.with_name(path.name + ".wal").write_bytes(b"\xa5" * 4096) and None
    ),
    "a log without a file": lambda path: (
        path.with_name(path.name + ".wal").write_bytes(b"\xa5" * 4096),
        path.unlink(),
    ),
}


def rebuilt_after(scene: Scene, folder: Path, damage: str) -> list[str]:
    """Damage a work file, take in, and compare with what the newer inbox holds."""
    settings = scene.copy(folder, release="old", work="old")
    _DAMAGES[damage](settings.work_db)
    ended = perform(phases.take_in, settings)
    raw = verdict.raw_content(scene.home("new") / "work" / "warehouse.duckdb")
    lost = [ended.error] if ended.error else []
    lost += verdict.work_is_one_of(settings, raw) + verdict.published_is_one_of(settings, scene.old)
    return [f"{damage}: {fault}" for fault in lost]


def a_damaged_work_file_is_built_anew(scene: Scene, folder: Path) -> list[str]:
    return [fault for damage in _DAMAGES for fault in rebuilt_after(scene, folder, damage)]


def a_work_file_that_another_process_holds_is_not_removed(scene: Scene, folder: Path) -> list[str]:
    settings = quiet_home(scene, folder)
    inode = settings.work_db.stat().st_ino
    with duckdb.connect(str(settings.work_db)):
        lost = expect(settings, scene, 3, "Another process holds the work file")
    if settings.work_db.stat().st_ino != inode:
        lost.append("the work file was removed")
    return lost + expect(settings, scene, 0, "Nothing new")


def a_damaged_or_missing_key_is_never_replaced(scene: Scene, folder: Path) -> list[str]:
    settings = quiet_home(scene, folder)
    whole = settings.key_file.read_bytes()
    truncate(settings.key_file, 0.5)
    lost = expect(settings, scene, 2, "is damaged", "backup")
    truncate(settings.key_file, 0.0)
    lost += expect(settings, scene, 2, "is damaged", "backup")
    settings.key_file.unlink()
    lost += expect(settings, scene, 2, "is gone", "backup")
    if settings.key_file.exists():
        lost.append("a new key was made")
    settings.key_file.write_bytes(whole)
    settings.key_file.chmod(0o600)
    return lost + expect(settings, scene, 0, "Nothing new")


def half_a_list_of_blocked_persons_is_refused(scene: Scene, folder: Path) -> list[str]:
    settings = quiet_home(scene, folder)
    row = f"{'0' * 32};id-{'0' * 16};2024-01-01 00:00:00"
    lost = []
    for text in (f"{row}\n{row}\n", f"{row}\n{row[:40]}\n", f"{row}\nend;2;00\n", ""):
        settings.blocked_file.write_text(text, encoding="ascii")
        lost += expect(settings, scene, 2, "blocked persons", "damaged")
    settings.blocked_file.unlink()
    return lost + expect(settings, scene, 0, "Nothing new")


def damaged_storage_of_dagster_is_set_aside(scene: Scene, folder: Path) -> list[str]:
    lost = []
    for name in ("history/runs.db", "history/runs/index.db", "schedules/schedules.db"):
        for share in (0.0, 0.5):
            home = folder / "dagster"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            shutil.copytree(scene.home("old") / "dagster", home)
            truncate(home / name, share)
            dagster_storage.prepare(home)
            if (home / name).exists():
                lost.append(f"{name} cut to {share:.0%} is still in use")
            if not (home / "dagster.yaml").exists():
                lost.append(f"{name} cut to {share:.0%}: no configuration was made")
    return lost


CHEAP: tuple[Situation, ...] = (
    a_lock_left_by_a_dead_process_holds_nobody,
    a_second_run_is_told_that_the_first_holds_the_warehouse,
    a_clock_that_goes_backwards_does_not_reorder_releases,
    what_killed_runs_left_beside_the_releases_is_cleared,
    an_inbox_that_goes_away_while_it_is_read_changes_nothing,
    a_damaged_work_file_is_built_anew,
    a_work_file_that_another_process_holds_is_not_removed,
    a_damaged_or_missing_key_is_never_replaced,
    half_a_list_of_blocked_persons_is_refused,
    damaged_storage_of_dagster_is_set_aside,
)
