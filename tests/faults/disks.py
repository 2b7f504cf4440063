"""Full and read-only disks, by mounts of this process's own. Where nothing can be mounted it is said, not hidden."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults import phases, verdict
from tests.faults.killing import perform
from tests.faults.scene import Scene
from tests.faults.situations import Situation, expect, quiet_home

_PAGE = 4096


def can_mount(folder: Path) -> bool:
    """Whether this process may mount."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with small_disk(folder, 1 << 20):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[None]:
    """A disk of so many bytes over a folder; the folder's content is copied onto it, and off it in the end."""
    content = folder.with_name(f"{folder.name}-content")
    shutil.copytree(folder, content, symlinks=True)
    mode = folder.stat().st_mode & 0o777
    _mount("-t", "tmpfs", "-o", f"size={size},mode={mode:04o}", "tmpfs", str(folder))
    try:
        shutil.copytree(content, folder, symlinks=True, dirs_exist_ok=True)
        yield
        shutil.rmtree(content)
        shutil.copytree(folder, content, symlinks=True)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
    shutil.rmtree(folder)
    content.rename(folder)


def _mount(*words: str) -> None:
    done = subprocess.run(["mount", *words], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise OSError(errno.EPERM, done.stderr.strip())


def _size(folder: Path) -> int:
    # A disk of memory gives whole pages, and one to every folder and link.
    sizes = [p.lstat().st_size for p in folder.rglob("*")]
    return sum(-(-s // _PAGE) * _PAGE + _PAGE for s in sizes) + _PAGE


def a_full_disk_under_ingestion_loses_nothing(scene: Scene, folder: Path) -> list[str]:
    lost = []
    raw = {a: verdict.raw_content(scene.home(a) / "work" / "warehouse.duckdb") for a in ("old", "new")}
    for room in (0, 64 << 10, 512 << 10, 2 << 20):
        settings = scene.copy(folder, release="old", work="old")
        # Only the work file: dbt's artefacts would make room for nothing.
        shutil.rmtree(settings.dbt_target_dir)
        with small_disk(settings.work_dir, _size(settings.work_dir) + room):
            full = perform(phases.take_in, settings)
        found = verdict.work_is_one_of(settings, *raw.values())
        found += verdict.published_is_one_of(settings, scene.old)
        again = perform(phases.take_in, settings)
        found += [again.error] if again.error else verdict.work_is_one_of(settings, raw["new"])
        if room == 0 and not full.error:
            found.append("the disk was not full")
        lost += [f"{room >> 10} KiB left: {fault}" for fault in found]
    return lost


def a_full_disk_under_the_release_leaves_the_old_one(scene: Scene, folder: Path) -> list[str]:
    made = _size(scene.made)
    rooms = {f"{share:.0%} of a release": int(made * share) for share in (0.01, 0.3, 0.7, 0.9)}
    rooms["all but half the manifest"] = made - (scene.made / "manifest.json").stat().st_size // 2
    lost = []
    for name, room in rooms.items():
        settings = scene.copy(folder, release="old", work="new")
        with small_disk(settings.releases_dir, _size(settings.releases_dir) + room):
            perform(phases.finish, settings, scene.made)
            found = verdict.published_is_one_of(settings, scene.old, scene.new)
            found += verdict.every_release_is_whole(settings)
        again = perform(phases.finish, settings, scene.made)
        found += [again.error] if again.error else verdict.published_is_one_of(settings, scene.new)
        lost += [f"room for {name}: {fault}" for fault in found]
    return lost


def a_full_home_is_told_in_a_sentence(scene: Scene, folder: Path) -> list[str]:
    settings = scene.copy(folder, release="old", work="old")
    with small_disk(settings.home, _size(settings.home) + (64 << 10)):
        (settings.home / "filler").write_bytes(b"\0" * _free(settings.home))
        lost = expect(settings, scene, 2, "cannot be written", "Make room")
    (settings.home / "filler").unlink()
    return lost


def _free(folder: Path) -> int:
    room = os.statvfs(folder)
    return room.f_bavail * room.f_frsize


def a_read_only_home_is_told_in_a_sentence(scene: Scene, folder: Path) -> list[str]:
    settings = quiet_home(scene, folder)
    _mount("--bind", str(settings.home), str(settings.home))
    try:
        _mount("-o", "remount,bind,ro", str(settings.home))
        lost = expect(settings, scene, 2, "cannot be written")
    finally:
        subprocess.run(["umount", "--lazy", str(settings.home)], check=True)
    return lost + expect(settings, scene, 0, "Nothing new")


MOUNTED: tuple[Situation, ...] = (
    a_full_disk_under_ingestion_loses_nothing,
    a_full_disk_under_the_release_leaves_the_old_one,
    a_full_home_is_told_in_a_sentence,
    a_read_only_home_is_told_in_a_sentence,
)
