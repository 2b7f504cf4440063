"""The open indicators in Kolada's shape: every shown cell once, withheld ones as null, M saying who is in it."""

import csv
import io
import json
import subprocess
import sys

import duckdb
import pytest

from dagster_project.errors import TrisamError
from dagster_project.export.kolada import read_export
from dagster_project.export.writing import data_csv, data_json, kpi_json, municipality_json, write_folder

PLACE = "period_type varchar, period varchar, area_level varchar, area_code varchar"
QUESTION = (
    f"create table open.question ({PLACE}, question_code varchar, women_count bigint, women_count_status varchar, "
    "men_or_unknown_count bigint, men_or_unknown_count_status varchar, total_count bigint, "
    "total_count_status varchar, label_sv varchar, area_name varchar)"
)
SELF_SUPPORT = (
    f"create table open.self_support ({PLACE}, gender varchar, horizon varchar, cohort_count bigint, "
    "cohort_count_status varchar, self_support_count bigint, self_support_count_status varchar, "
    "self_support_percent double, area_name varchar)"
)
MEETING = f"create table open.meeting ({PLACE}, scheduled_count bigint, cancelled_percent double, area_name varchar)"
INDICATOR = "create table open.indicator (name varchar, title_sv varchar, definition_sv varchar)"
COUNTY = "'county', '21'"


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "trisam_open.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("create schema open")
        for statement in (QUESTION, SELF_SUPPORT, MEETING, INDICATOR):
            con.execute(statement)
        con.execute(
            f"""insert into open.question values
            ('year', '2021', {COUNTY}, 'VARD', 20, 'shown', null, 'withheld', null, 'withheld', '=Vård', 'Län'),
            ('half_year', '2021H1', {COUNTY}, 'VARD', 9, 'shown', 9, 'shown', 18, 'shown', '=Vård', 'Län'),
            ('year', '2021', 'municipality', '2180', 'VARD', null, null, null, null, 7, 'shown', '=Vård', '=Gävle')"""
        )
        con.execute(
            f"""insert into open.self_support values
            ('year', '2021', {COUNTY}, 'K', '12', 10, 'shown', null, 'withheld', null, 'Län'),
            ('year', '2021', {COUNTY}, 'MA', '12', 0, 'shown', 0, 'shown', null, 'Län'),
            ('year', '2021', {COUNTY}, 'T', '12', 10, 'shown', 5, 'shown', 50.0, 'Län')"""
        )
        con.execute(f"insert into open.meeting values ('year', '2021', {COUNTY}, 12, 25.0, 'Län')")
        con.execute("insert into open.indicator values ('question', '=Frågor', 'Nya ärenden efter fråga.')")
        con.execute("comment on column open.question.total_count is 'All.'")
    return path


def points(database):
    return {
        (p.kpi, p.municipality, p.period, p.gender): (p.value, p.status, p.count)
        for p in read_export(database).points
    }


def test_counts_side_by_side_become_one_key_figure_by_gender(database):
    found = {key: value for key, value in points(database).items() if "question" in key[0]}
    kpi = "trisam.question.count.VARD"
    assert found == {
        (kpi, "0021", 2021, "K"): (20.0, "", 1),
        (kpi, "0021", 2021, "M"): (None, "withheld", 1),
        (kpi, "0021", 2021, "T"): (None, "withheld", 1),
        (kpi, "2180", 2021, "T"): (7.0, "", 1),
    }


def test_a_percent_is_withheld_with_its_count_and_missing_without_a_denominator(database):
    found = points(database)
    percents = {
        key[3]: value
        for key, value in found.items()
        if key[0] == "trisam.self_support.self_support_percent.12"
    }
    assert percents == {"K": (None, "withheld", 1), "M": (None, "missing", 1), "T": (50.0, "", 1)}


def test_tables_without_individuals_are_exported_as_they_are(database):
    found = points(database)
    assert found["trisam.meeting.scheduled_count", "0021", 2021, "T"] == (12.0, "", 1)
    assert found["trisam.meeting.cancelled_percent", "0021", 2021, "T"] == (25.0, "", 1)


def test_json_has_the_shape_of_kolada_and_says_who_m_is(database):
    export = read_export(database)
    data = json.loads(data_json(export))
    assert data["count"] == len(data["values"])
    entry = next(
        v for v in data["values"] if v["kpi"] == "trisam.question.count.VARD" and v["municipality"] == "0021"
    )
    assert set(entry) == {"kpi", "municipality", "period", "values"}
    assert [set(value) for value in entry["values"]] == [{"count", "gender", "status", "value"}] * 3
    assert "okänt kön" in data["note"]
    figures = {figure["id"]: figure for figure in json.loads(kpi_json(export))["values"]}
    assert set(figures) == {value["kpi"] for value in data["values"]}
    assert figures["trisam.question.count.VARD"]["is_divided_by_gender"] == 1
    assert "okänt kön" in figures["trisam.question.count.VARD"]["description"]
    assert figures["trisam.meeting.scheduled_count"]["municipality_type"] == "L"
    areas = json.loads(municipality_json(export))["values"]
    assert {(area["id"], area["type"]) for area in areas} == {("0021", "L"), ("2180", "K")}


def test_csv_holds_the_same_points_and_no_formula(database):
    export = read_export(database)
    rows = list(csv.DictReader(io.StringIO(data_csv(export)), delimiter=";"))
    assert len(rows) == len(export.points)
    told = {(r["kpi"], r["municipality"], int(r["period"]), r["gender"]): r for r in rows}
    for p in export.points:
        row = told[p.kpi, p.municipality, p.period, p.gender]
        assert (row["value"] == "") == (p.value is None)
        assert row["value"] == "" or float(row["value"]) == p.value
        assert row["gender_label"] == {"M": "män och okänt kön", "K": "kvinnor", "T": "totalt"}[p.gender]
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+@" and cell]


def test_a_code_that_looks_like_a_formula_is_neutralised(database):
    with duckdb.connect(str(database)) as con:
        con.execute("update open.question set period = '2021', area_code = '=1+1' where area_code = '2180'")
    assert "'=1+1" in data_csv(read_export(database))


def test_a_folder_gets_four_files(database, tmp_path):
    written = write_folder(read_export(database), tmp_path / "out")
    assert [path.name for path in written] == ["kpi.json", "municipality.json", "data.json", "data.csv"]
    assert all(path.stat().st_size for path in written)


def test_without_an_open_release_it_is_told(tmp_path):
    with pytest.raises(TrisamError, match="no open release"):
        read_export(tmp_path / "none.duckdb")


@pytest.mark.parametrize(("form", "start"), [("json", "{"), ("csv", "kpi;municipality")])
def test_the_command_writes_to_standard_output(database, tmp_path, form, start):
    home = tmp_path / "home"
    (home / "published").mkdir(parents=True)
    database.rename(home / "published" / "trisam_open.duckdb")
    command = [sys.executable, "-c", "from dagster_project.cli import main; main()"]
    done = subprocess.run(
        [*command, "export", "kolada", "--home", str(home), "--format", form],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith(start)
