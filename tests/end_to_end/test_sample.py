"""The sample inbox reproduces every published figure, and one wrong case is enough to be found."""

import json
import shutil

import duckdb
import pytest

from tests.end_to_end.conftest import PROJECT, digest, trisam

QUESTIONS_2021 = [
    ("VARD", 0, 245, 124, 369),
    ("ARBETE", 0, 135, 80, 215),
    ("GRUNDPLAN", 0, 119, 70, 189),
    ("ERSATTNING", 0, 58, 45, 103),
    ("AKTIVITET", 0, 31, 39, 70),
    ("SOCIAL", 1, 6, 7, 14),
    ("TOTAL", 1, 594, 365, 960),
]


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    root = tmp_path_factory.mktemp("sample")
    shutil.copytree(PROJECT / "seeds" / "extracts", root / "inbox")
    where = ("--inbox", str(root / "inbox"), "--home", str(root / "home"))
    done = trisam("run", *where, "--reconcile", "enforce", "--json", TRISAM_DISCLOSURE_THRESHOLD="5")
    assert done.returncode == 0, done.stdout + done.stderr
    return root


def query(root, sql):
    with duckdb.connect(str(root / "home" / "published" / "trisam.duckdb"), read_only=True) as con:
        return con.execute(sql).fetchall()


def test_every_published_figure_is_a_match(published):
    assert query(published, "select status, count(*) from indicators.reconciliation group by 1") == [
        ("match", 118)
    ]


def test_the_question_table_of_2021_is_as_printed(published):
    rows = query(
        published,
        "select question_code, unknown_count, women_count, men_count, total_count from indicators.question "
        "where period_type = 'year' and period = '2021' and area_level = 'county' and area_code = '21'",
    )
    assert sorted(rows) == sorted(QUESTIONS_2021)


def test_column_comments_survive_into_the_release(published):
    bare = query(
        published,
        "select table_name, column_name from duckdb_columns() where schema_name in ('marts', 'indicators') "
        "and comment is null",
    )
    assert bare == []


def test_the_release_holds_the_open_tables_and_the_report(published):
    folder = published / "home" / "published"
    for part in (
        "trisam_open.duckdb",
        "report/index.html",
        "report-open/index.html",
        "docs/index.html",
        "manifest.json",
    ):
        assert (folder / part).is_file(), part


def test_the_manifest_has_a_result_for_every_expected_check(published):
    manifest = json.loads((published / "home" / "published" / "manifest.json").read_text())
    assert set(manifest["expected_checks"]) == {o["check_id"] for o in manifest["outcomes"]}
    assert len(manifest["expected_checks"]) > 300


def test_one_wrong_case_stops_a_run_that_enforces_reconciliation(published, tmp_path):
    for part in ("inbox", "home"):
        shutil.copytree(published / part, tmp_path / part, symlinks=True)
    (tmp_path / "home" / "work").chmod(0o700)
    release = (tmp_path / "home" / "published").resolve()
    before = digest(release)
    changed = change_one_case(tmp_path / "inbox" / "rg")
    where = ("--inbox", str(tmp_path / "inbox"), "--home", str(tmp_path / "home"))
    done = trisam("run", *where, "--reconcile", "enforce", "--json")
    assert done.returncode == 1, changed + done.stdout + done.stderr
    assert any("published_figures_match" in reason for reason in json.loads(done.stdout)["reasons"])
    assert (tmp_path / "home" / "published").resolve() == release
    assert digest(release) == before


def change_one_case(folder):
    """Give one new case of 2021 another question; returns the file's name."""
    path = folder / "arenden_2021Q3_r2.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    names = lines[0].split(";")
    kind, question = names.index("arendetyp"), names.index("fragestallning")
    chosen = next(
        n for n, x in enumerate(lines) if x.split(";")[kind] == "NY" and x.split(";")[question] == "VARD"
    )
    cells = lines[chosen].split(";")
    cells[question] = "ARBETE"
    lines[chosen] = ";".join(cells)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path.name
