"""Every release brings the dbt docs of its tables, sealed with the rest, and no path of the machine in them."""

from __future__ import annotations

from dagster_project.release.manifest import read_manifest

from .conftest import PROJECT


def test_the_docs_of_a_release_are_one_page_of_its_own(clean_home):
    release = (clean_home / "home" / "published").resolve()
    assert [path.name for path in (release / "docs").iterdir()] == ["index.html"]
    assert "docs/index.html" in read_manifest(release).files
    assert (release / "docs" / "index.html").stat().st_mode & 0o777 == 0o640


def test_the_docs_tell_every_table_of_the_release_and_no_path_of_the_machine(clean_home):
    release = (clean_home / "home" / "published").resolve()
    text = (release / "docs" / "index.html").read_text("utf-8")
    names = {name.split(".")[1] for name in read_manifest(release).tables if not name.startswith("quality.")}
    assert len(names) > 30
    assert {name for name in names if f'"unique_id":"model.trisam.{name}"' not in text} == set()
    assert text.count('"id":"row_count"') == len(names)
    for folder in (PROJECT, clean_home, clean_home.resolve()):
        assert str(folder) not in text
