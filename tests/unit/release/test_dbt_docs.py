"""The page of the dbt docs tells the models and the release, and nothing of the machine that made it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import duckdb
import pytest

from dagster_project.release.dbt_docs import write_docs


def a_model(name: str, schema: str, **more: object) -> dict[str, object]:
    return {
        "name": name,
        "alias": name,
        "schema": schema,
        "resource_type": "model",
        "package_name": "trisam",
        "description": f"What {name} holds.",
        "original_file_path": f"models/{name}.sql",
        "build_path": f"/secret/place/run/{name}.sql",
        "compiled_path": f"/secret/place/compiled/{name}.sql",
        "created_at": 1795352109.8,
        **more,
    }


MANIFEST = {
    "metadata": {
        "project_name": "trisam",
        "generated_at": "2026-11-22T12:55:26Z",
        "invocation_id": "f260b876",
        "env": {"PASSWORD": "hunter2"},
    },
    "nodes": {
        "model.trisam.question": a_model("question", "indicators"),
        "model.trisam.stg_case": a_model("stg_case", "staging", raw_code="-- </script><b>å, ä, ö</b>"),
    },
    "macros": {
        "macro.trisam.own": {"package_name": "trisam", "name": "own", "root_path": "/secret/place"},
        "macro.dbt.theirs": {"package_name": "dbt", "name": "theirs"},
    },
    "disabled": {"model.trisam.old": [{"name": "old"}]},
}


@pytest.fixture
def page(tmp_path: Path) -> str:
    """The text of the page of a release with one table of the project and one that is none of its business."""
    manifest, database = tmp_path / "manifest.json", tmp_path / "trisam.duckdb"
    manifest.write_text(json.dumps(MANIFEST), encoding="utf-8")
    with duckdb.connect(str(database)) as con:
        con.execute("create schema indicators")
        con.execute("create table indicators.question (question_code varchar, total_count bigint)")
        con.execute("comment on column indicators.question.total_count is 'New cases.'")
        con.execute("insert into indicators.question values ('VARD', 7), ('ARBETE', 3)")
        con.execute("create table indicators.other as select 1 as one")
    return write_docs(manifest, database, tmp_path / "docs" / "index.html").read_text("utf-8")


def inlined(page: str, name: str) -> dict:
    """The data that stand in the page under a name, as a browser reads them."""
    start = page.index(f"{name}:{{", page.index('"$q","$http"')) + len(name) + 1
    return json.JSONDecoder().raw_decode(page[start:])[0]


def test_a_table_of_the_release_has_its_types_comments_and_rows(page):
    nodes = inlined(page, "catalog")["nodes"]
    assert list(nodes) == ["model.trisam.question"]
    question = nodes["model.trisam.question"]
    assert [(c["name"], c["type"], c["comment"]) for c in question["columns"].values()] == [
        ("question_code", "VARCHAR", None),
        ("total_count", "BIGINT", "New cases."),
    ]
    assert question["stats"]["row_count"]["value"] == 2


def test_models_that_the_release_does_not_hold_are_told_too(page):
    nodes = inlined(page, "manifest")["nodes"]
    assert nodes["model.trisam.stg_case"]["description"] == "What stg_case holds."
    assert nodes["model.trisam.stg_case"]["raw_code"] == "-- </script><b>å, ä, ö</b>"


def test_macros_of_dbt_itself_are_left_out(page):
    assert list(inlined(page, "manifest")["macros"]) == ["macro.trisam.own"]


@pytest.mark.parametrize(
    "told", ["/secret/place", "hunter2", "f260b876", "2026-11-22T12:55:26Z", "1795352109"]
)
def test_nothing_tells_of_the_run_or_of_its_machine(page, told):
    assert told not in page


def test_no_text_of_a_model_can_close_the_script_it_stands_in(page):
    assert "</script><b>" not in page


def test_the_page_fetches_nothing_by_itself(page):
    assert not re.search(r"<(?:script|img|iframe)[^>]+src=[\"']https?:", page)
    assert not re.search(r"<link[^>]+href=[\"']https?:", page)
