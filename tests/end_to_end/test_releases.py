"""Releases that are kept: compared cell by cell, explained by deliveries, verified, rolled back."""

import json
import shutil

from tests.end_to_end.conftest import trisam


def ask(root, *arguments):
    done = trisam(*arguments, "--home", str(root / "home"), "--json")
    return done.returncode, json.loads(done.stdout)


def versions(root):
    return [row["version"] for row in ask(root, "releases")[1]]


def test_releases_are_listed_oldest_first_and_the_published_one_is_marked(two_releases):
    _, rows = ask(two_releases, "releases")
    assert [row["published"] for row in rows] == ["", "*"]
    assert rows[0]["version"] < rows[1]["version"]


def test_a_difference_names_the_cells_and_the_delivery_that_explains_them(two_releases):
    _, found = ask(two_releases, "diff", *versions(two_releases))
    assert found["deliveries"] == [
        {"delivery": "rg/moten_2021.csv", "change": "went"},
        {"delivery": "rg/moten_2021_r2.csv", "change": "came"},
        {"delivery": "rg/moten_2022.csv", "change": "went"},
    ]
    assert {cell["indicator"] for cell in found["cells"]} <= {"meeting", "meeting_cancellation"}
    county = [
        c
        for c in found["cells"]
        if (c["measure"], c["period"], c["area_code"]) == ("scheduled_count", "2021", "21")
    ]
    assert [c["change"] for c in county] == [-1]


def test_only_the_tables_that_the_delivery_touches_have_changed(two_releases):
    manifest = json.loads((two_releases / "home" / "published" / "manifest.json").read_text())
    changed = {t for t in manifest["changed_tables"] if t.startswith("indicators.")}
    assert "indicators.meeting" in changed
    assert "indicators.question" not in changed


def test_a_file_that_was_touched_is_found_by_its_hash(two_releases, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(two_releases / "home", root / "home", symlinks=True)
    assert ask(root, "verify") == (0, [])
    target = root / "home" / "published" / "trisam.duckdb"
    content = bytearray(target.read_bytes())
    content[len(content) // 2] ^= 1
    target.write_bytes(content)
    assert ask(root, "verify") == (1, [{"file": "trisam.duckdb", "fault": "changed"}])


def test_rollback_puts_the_release_before_in_force(two_releases, tmp_path):
    shutil.copytree(two_releases / "home", tmp_path / "home", symlinks=True)
    (tmp_path / "home" / "work").chmod(0o700)
    first, _ = versions(tmp_path)
    assert trisam("rollback", "--home", str(tmp_path / "home")).returncode == 0
    assert (tmp_path / "home" / "published").readlink().name == first
    assert ask(tmp_path, "verify") == (0, [])
