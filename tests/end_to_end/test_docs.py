"""`trisam docs` leaves one page that needs no network and tells no path of the machine."""

from __future__ import annotations

import re

from .conftest import PROJECT, trisam


def test_the_docs_are_one_page_about_the_published_release(own_home):
    home = own_home / "home"
    release = (home / "published").resolve()
    before = sorted(p.name for p in release.rglob("*"))
    done = trisam("docs", "--home", str(home))
    assert done.returncode == 0, done.stdout + done.stderr
    assert [p.name for p in (home / "docs").iterdir()] == ["index.html"]
    text = (home / "docs" / "index.html").read_text("utf-8")
    assert "model.trisam.fct_follow_up" in text
    assert str(home) not in text
    assert str(PROJECT) not in text
    # What a browser would fetch by itself.
    assert not re.search(r"<(?:script|img|iframe)[^>]+src=[\"']https?:", text)
    assert not re.search(r"<link[^>]+href=[\"']https?:", text)
    assert sorted(p.name for p in release.rglob("*")) == before


def test_without_a_release_there_is_nothing_to_tell(tmp_path):
    done = trisam("docs", "--home", str(tmp_path / "home"))
    assert done.returncode == 2
    assert "Nothing is published" in done.stderr
