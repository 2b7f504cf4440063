"""The catalog of the open release is valid Croissant by the standard's own validator, and tells what is there."""

import json

import duckdb
import pytest

from dagster_project.release.catalog import CATALOG, write_catalog
from dagster_project.release.database import export_parquet
from dagster_project.release.manifest import hash_files
from dagster_project.release.shapes import TableShape

VERSION = "20260102T030405Z-00000001"


@pytest.fixture
def folder(tmp_path):
    with duckdb.connect(str(tmp_path / "trisam_open.duckdb")) as con:
        con.execute("create schema open")
        con.execute(
            "create table open.question (period varchar not null, question_code varchar not null, "
            "total_count bigint, total_count_status varchar, share double, day date, is_so boolean)"
        )
        con.execute(
            "insert into open.question values ('2021', 'VÅRD', 12, 'shown', 1.5, date '2021-01-02', true), "
            "('2021', 'ARBETE', null, 'withheld', null, null, null)"
        )
        con.execute("comment on table open.question is 'New cases by question'")
        con.execute("comment on column open.question.total_count is 'All, \"whatever\" the gender.'")
    export_parquet(tmp_path / "trisam_open.duckdb", tmp_path / "parquet", ["open"])
    shapes = {"open.question": TableShape(key=["period", "question_code"])}
    write_catalog(tmp_path, "trisam_open.duckdb", VERSION, shapes)
    return tmp_path


@pytest.fixture
def validated():
    """Return a function that validates a catalog; mlcroissant raises where it is not valid."""
    import mlcroissant

    return lambda folder: mlcroissant.Dataset(jsonld=str(folder / CATALOG))


def test_the_validator_of_the_standard_finds_no_error(folder, validated):
    assert validated(folder).metadata.ctx.issues.errors == set()


@pytest.mark.parametrize("broken", ["@type", "distribution"])
def test_the_validator_would_find_one(folder, validated, broken):
    import mlcroissant

    catalog = json.loads((folder / CATALOG).read_text("utf-8"))
    del catalog[broken]
    (folder / CATALOG).write_text(json.dumps(catalog), encoding="utf-8")
    with pytest.raises((mlcroissant.ValidationError, ValueError)):
        validated(folder)


def test_rows_can_be_read_by_the_catalog_alone(folder, validated):
    rows = list(validated(folder).records("question"))
    assert [(r["question/question_code"].decode(), r["question/total_count"]) for r in rows] == [
        ("VÅRD", 12),
        ("ARBETE", None),
    ]


def test_files_bear_the_hashes_of_the_manifest(folder):
    catalog = json.loads((folder / CATALOG).read_text("utf-8"))
    hashed = hash_files(folder)
    assert CATALOG in hashed
    told = {file["@id"]: file["sha256"] for file in catalog["distribution"]}
    assert told == {name: entry.sha256 for name, entry in hashed.items() if name != CATALOG}


def test_keys_types_and_meanings_are_told(folder):
    catalog = json.loads((folder / CATALOG).read_text("utf-8"))
    (record,) = catalog["recordSet"]
    assert record["description"] == "New cases by question"
    assert record["key"] == [{"@id": "question/period"}, {"@id": "question/question_code"}]
    fields = {field["name"]: field for field in record["field"]}
    assert fields["total_count"]["description"] == 'All, "whatever" the gender.'
    assert [f["dataType"].removeprefix("sc:") for f in fields.values()] == [
        "Text", "Text", "Integer", "Text", "Float", "Date", "Boolean",
    ]  # fmt: skip
    assert catalog["datePublished"] == "2026-01-02"


def test_the_same_release_gives_the_same_bytes(folder):
    before = (folder / CATALOG).read_bytes()
    shapes = {"open.question": TableShape(key=["period", "question_code"])}
    write_catalog(folder, "trisam_open.duckdb", VERSION, shapes)
    assert (folder / CATALOG).read_bytes() == before
