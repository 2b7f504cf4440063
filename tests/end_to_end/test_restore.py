"""A home goes on where it was moved, restored from a backup or run by another account, locale and time zone."""

import json
import os
import shutil
import stat
import subprocess
from contextlib import contextmanager

import pytest

from dagster_project.release.switch import current_version
from dagster_project.release.versions import releases
from dagster_project.settings import load_settings
from tests.end_to_end.conftest import digest, trisam
from tests.faults.disks import can_mount
from tests.faults.scene import content

# An account without a home or a locale of its own, nine hours from UTC.
SERVICE_ACCOUNT = {"HOME": "/nonexistent", "LANG": "C", "LC_ALL": "C", "TZ": "Asia/Tokyo"}


def do(root, *words, **more):
    done = trisam(*words, "--inbox", str(root / "inbox"), "--home", str(root / "home"), "--json", **more)
    return done, json.loads(done.stdout) if done.stdout.startswith("{") else None


def copied(source, target, *parts):
    for part in parts:
        if (source / part).is_symlink() or (source / part).is_file():
            shutil.copy2(source / part, target / part, follow_symlinks=False)
        else:
            shutil.copytree(source / part, target / part, symlinks=True)


def home_of(root, *, work, released):
    """A home with the work folder of one backup and the releases of another."""
    (root / "home").mkdir()
    copied(work / "home", root / "home", "work", "pseudonym.key")
    (root / "home" / "work").chmod(0o700)
    copied(released / "home", root / "home", "releases", "published")
    return load_settings(root / "inbox", root / "home")


@contextmanager
def read_only(folder, tmp_path):
    """A folder in which nobody can write: by its rights, or for root, whom rights do not stop, by a mount."""
    if os.geteuid():
        for path in [*folder.rglob("*"), folder]:
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~0o222)
        yield
        for path in [folder, *folder.rglob("*")]:
            path.chmod(stat.S_IMODE(path.stat().st_mode) | stat.S_IWUSR)
        return
    if not can_mount(tmp_path / "tried"):
        pytest.skip("root can write everywhere, and cannot mount here")
    for words in (["--bind", str(folder), str(folder)], ["-o", "remount,ro,bind", str(folder)]):
        subprocess.run(["mount", *words], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_home_that_was_moved_is_run_by_another_account_from_a_checkout_that_it_cannot_write(
    clean_home, two_releases, own_project, tmp_path
):
    # Without Dagster's history, and with the deliveries of the first release again: so its tables are to come out.
    moved = tmp_path / "moved åäö"
    moved.mkdir()
    copied(clean_home, moved, "inbox")
    settings = home_of(moved, work=two_releases, released=two_releases)
    last = current_version(settings.published_link)
    with read_only(own_project, tmp_path):
        done, answer = do(moved, "run", "--withdraw", project=own_project, **SERVICE_ACCOUNT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (answer["ending"], answer["version"] > last) == ("published", True)
    assert content(settings.published_link) == content(clean_home / "home" / "published")
    assert not [path for path in own_project.rglob("*") if path.name in {"target", "logs", ".user.yml"}]


def test_releases_that_are_older_than_the_work_folder_are_brought_up_to_it(
    clean_home, two_releases, tmp_path
):
    copied(two_releases, tmp_path, "inbox")
    settings = home_of(tmp_path, work=two_releases, released=clean_home)
    (restored,) = releases(settings.releases_dir)
    done, answer = do(tmp_path, "run", "--withdraw")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (answer["ending"], answer["version"] > restored) == ("published", True)
    assert content(settings.published_link) == content(two_releases / "home" / "published")


def test_a_work_folder_that_is_older_than_the_releases_is_brought_up_to_them(
    clean_home, two_releases, tmp_path
):
    copied(two_releases, tmp_path, "inbox")
    settings = home_of(tmp_path, work=clean_home, released=two_releases)
    before = digest(settings.releases_dir)
    done, answer = do(tmp_path, "run", "--withdraw")
    assert done.returncode == 0, done.stdout + done.stderr
    assert answer["ending"] == "nothing_new"
    assert digest(settings.releases_dir) == before
