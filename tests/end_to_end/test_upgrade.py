"""Homes of earlier versions are brought forward by a run or a rebuild; a home of a later version is refused in words."""

import json
import os
import shutil

import pytest

from dagster_project.home_version import known_version
from tests import homes
from tests.end_to_end.conftest import digest, trisam
from tests.faults.scene import content
from tests.shared import made_once

LONG_AFTER = 4102444800  # the year 2100


def do(root, *words):
    done = trisam(*words, "--inbox", str(root / "inbox"), "--home", str(root / "home"), "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="session")
def fresh(tmp_path_factory):
    """What today's code makes of the deliveries of the kept homes."""

    def publish(root):
        homes.prepare(root)
        assert do(root, "run")["ending"] == "published"

    return content(made_once(tmp_path_factory, "published_small", publish) / "home" / "published")


def unpacked_beside_an_older_checkout(name, root):
    """Every file of the home is newer than the code that is to bring it forward, as after a container image is built."""
    homes.unpack(name, root)
    for path in (root / "home").rglob("*"):
        os.utime(path, (LONG_AFTER, LONG_AFTER), follow_symlinks=False)


def test_a_home_of_each_version_that_is_in_use_is_kept():
    assert {"7fa019d", "b305a77"} <= set(homes.kept())


@pytest.mark.parametrize("name", homes.kept())
def test_a_run_brings_a_home_of_an_earlier_version_forward(fresh, tmp_path, name):
    unpacked_beside_an_older_checkout(name, tmp_path)
    (left,) = (tmp_path / "home" / "releases").iterdir()
    answer = do(tmp_path, "run")
    assert answer["ending"] == "published"
    assert content(tmp_path / "home" / "published") == fresh
    assert (tmp_path / "home" / "home_version").read_text() == f"{known_version()}\n"
    # The release of the earlier version is whole still, and can be gone back to.
    home = ("--home", str(tmp_path / "home"))
    assert trisam("verify", left.name, *home).returncode == 0
    back = trisam("rollback", *home, "--json")
    assert json.loads(back.stdout)["version"] == left.name
    assert do(tmp_path, "run")["held"]["rolled_back_from"] == answer["version"]


def test_a_rebuild_mends_a_home_in_which_another_version_was_built(fresh, tmp_path):
    unpacked_beside_an_older_checkout("7fa019d", tmp_path)
    work = tmp_path / "home" / "work"
    # A record that says that all was built, beside databases in which nothing was.
    other = tmp_path / "other"
    homes.unpack("b305a77", other)
    shutil.copyfile(other / "home" / "work" / "built.json", work / "built.json")
    assert do(tmp_path, "rebuild")["ending"] == "published"
    assert content(tmp_path / "home" / "published") == fresh


@pytest.mark.parametrize(
    "words", [["run"], ["rebuild"], ["status"], ["rollback"], ["verify"], ["forget"]], ids=lambda w: w[0]
)
def test_a_home_of_a_later_version_is_refused_in_words_and_left_as_it_is(tmp_path, words):
    homes.unpack("b305a77", tmp_path)
    home = tmp_path / "home"
    (home / "home_version").write_text(f"{known_version() + 1}\n")
    before = digest(home)
    done = trisam(*words, "--home", str(home), stdin="")
    assert done.returncode == 2
    assert f"has layout {known_version() + 1}" in done.stderr
    assert "Traceback" not in done.stderr
    assert digest(home) == before
