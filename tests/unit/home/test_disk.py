"""A disk that is full or cannot be written is known by the words of whoever met it."""

import pytest

from dagster_project import disk
from dagster_project.settings import load_settings

SAID = (
    ("IO Error: Could not write file: No space left on device", True, True),
    ("[Errno 28] No space left on device: '/home/work'", True, True),
    ("(sqlite3.OperationalError) database or disk is full", True, True),
    ("(sqlite3.OperationalError) attempt to write a readonly database", False, True),
    ("[Errno 30] Read-only file system: '/home/work'", False, True),
    ("IO Error: Cannot open file: Permission denied", False, True),
    ("Binder Error: no such column", False, False),
    ("", False, False),
)


@pytest.mark.parametrize(("text", "full", "unwritable"), SAID)
def test_words_of_a_disk_are_known_whoever_says_them(text, full, unwritable):
    assert (disk.says_full(text) is not None) is full
    assert (disk.says_unwritable(text) is not None) is unwritable


def test_of_many_lines_the_one_that_says_it_is_told():
    assert disk.says_unwritable("first\nIO Error: disk is full\nlast") == "IO Error: disk is full"


def test_a_home_that_can_be_written_is_told_from_one_that_cannot(tmp_path):
    (tmp_path / "home").mkdir()
    settings = load_settings(tmp_path / "inbox", tmp_path / "home")
    assert disk.why_not_writable(settings) is None
    assert list(settings.home.iterdir()) == []
    gone = load_settings(settings.inbox, tmp_path / "unmounted")
    assert disk.why_not_writable(gone) == "No such file or directory"
