"""A report that takes over what stands is the report that is written from nothing."""

import hashlib

import duckdb
import pytest

from dagster_project.report import Before, build_report

from .releases import small_open_release, small_release

CHANGES = (
    "update indicators.question set total_count = 6 where area_code = '2180' and question_code = 'TOTAL'",
    "update indicators.question set total_count = null where area_code = '2199'",
    "update indicators.case_volume set new_count = 9 where area_code = 'T1'",
    "update indicators.case_volume set total_count = 2000 where area_code = '2199'",
    "insert into indicators.case_volume values ('year', '2022', 'county', '21', 1, 1, 2, null, null)",
    "delete from indicators.participation",
    "update marts.dim_team set unit_name = 'Team Väst'",
    "update marts.dim_team set municipality_code = '2199'",
    "update indicators.grant_use set project_name = 'Annan'",
)


@pytest.fixture
def published(tmp_path):
    """A release with both reports, as they were published; the two databases lie beside them."""
    folder = tmp_path / "published"
    folder.mkdir()
    small_release(folder / "trisam.duckdb")
    small_open_release(folder / "trisam_open.duckdb")
    return folder


def built(folder, target, before):
    return build_report(
        folder / "trisam.duckdb", target, open_db=folder / "trisam_open.duckdb", before=before
    )


def before(folder, code="now"):
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.js")}
    hashes = {relative: hashlib.sha256(path.read_bytes()).hexdigest() for relative, path in files.items()}
    return Before(folder, hashes, code)


def contents(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def marked(folder):
    """The report of a release in which every part of an area bears a mark, so that one taken over is known by it."""
    built(folder, folder, Before(code="now"))
    for path in folder.rglob("omrade-*.js"):
        path.write_text(path.read_text(encoding="utf-8") + "// marked\n", encoding="utf-8")
    return before(folder)


def taken_over(folder, known):
    """The parts that a report has of the marked one."""
    target = folder.parent / "next"
    built(folder, target, known)
    parts = target.rglob("omrade-*.js")
    return {
        p.relative_to(target).as_posix()
        for p in parts
        if p.read_text(encoding="utf-8").endswith("// marked\n")
    }


AREAS = {"report/assets/omrade-21.js", "report/assets/omrade-2180.js", "report/assets/omrade-2199.js"}


def changed(folder, statement):
    with duckdb.connect(str(folder / "trisam.duckdb")) as con:
        con.execute(statement)


def test_all_parts_of_areas_are_taken_over_where_nothing_has_changed(published):
    found = taken_over(published, marked(published))
    assert found >= AREAS
    assert {part for part in found if part.startswith("report-open/")}


def test_what_holds_an_area_is_laid_out_anew_with_it_and_its_neighbour_is_not(published):
    known = marked(published)
    changed(published, CHANGES[0])
    assert taken_over(published, known) & AREAS == {"report/assets/omrade-2199.js"}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_has_changed_the_report_is_that_which_is_written_from_nothing(published, change):
    built(published, published, Before(code="now"))
    known = before(published)
    changed(published, change)
    nothing, standing = published.parent / "nothing", published.parent / "standing"
    built(published, nothing, Before(code="now"))
    built(published, standing, known)
    assert contents(nothing) == contents(standing)


def test_other_code_takes_nothing_over(published):
    known = marked(published)
    assert taken_over(published, Before(known.folder, known.files, "later")) == set()


def test_a_part_that_is_not_what_was_published_or_is_gone_is_not_handed_on(published):
    known = marked(published)
    with (published / "report/assets/omrade-2180.js").open("a", encoding="utf-8") as part:
        part.write("// marked\n")
    (published / "report/assets/omrade-2199.js").unlink()
    assert taken_over(published, known) & AREAS == {"report/assets/omrade-21.js"}


def test_a_part_that_no_manifest_names_is_not_handed_on(published):
    known = marked(published)
    assert taken_over(published, Before(known.folder, {}, known.code)) == set()
