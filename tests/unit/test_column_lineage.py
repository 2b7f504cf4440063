"""Which columns a column is made of, told by SQL alone; and kept until the SQL is another."""

import pytest

from dagster_project import column_lineage
from dagster_project.column_lineage import as_markdown, lineage_of, lineage_of_models

CASE = ("intermediate", "int_case")
COLUMNS = {CASE: ["case_id", "team_id", "kon"], ("marts", "dim_team"): ["team_id", "unit"]}


def test_a_column_is_followed_through_renaming_joins_and_sums():
    sql = """
        with cases as (select * from "warehouse"."intermediate"."int_case"),
        named as (
            select c.case_id as number, t.unit, case when c.kon = 'K' then 1 else 0 end as woman
            from cases as c inner join "warehouse"."marts"."dim_team" as t on t.team_id = c.team_id
        )
        select unit, sum(woman) as women_count, count(number) as case_count, 1 as one from named group by unit
    """
    assert lineage_of(sql, COLUMNS) == {
        "unit": [(("marts", "dim_team"), "unit")],
        "women_count": [(CASE, "kon")],
        "case_count": [(CASE, "case_id")],
        "one": [],
    }


def test_both_sides_of_a_union_count():
    sql = "select case_id as x from intermediate.int_case union all select team_id from intermediate.int_case"
    assert lineage_of(sql, COLUMNS) == {"x": [(CASE, "case_id"), (CASE, "team_id")]}


def test_people_read_one_line_per_column():
    text = as_markdown({"women_count": [(CASE, "kon")], "one": []})
    assert "| women_count | intermediate.int_case.kon |" in text
    assert "| one |  |" in text


@pytest.mark.parametrize("sql", ["", "select from where", "select ("])
def test_what_cannot_be_read_has_no_lineage_and_stops_nothing(sql):
    assert lineage_of(sql, COLUMNS) == {}


def model(schema, name, *parents):
    return {
        "package_name": "trisam",
        "original_file_path": f"models/{name}.sql",
        "resource_type": "model",
        "schema": schema,
        "name": name,
        "depends_on": {"nodes": list(parents)},
    }


MANIFEST = {
    "nodes": {
        "model.trisam.fct_case": model("marts", "fct_case", "model.trisam.int_case"),
        "model.trisam.int_case": model("intermediate", "int_case", "source.trisam.raw.arenden"),
    },
    "sources": {
        "source.trisam.raw.arenden": {
            "schema": "raw",
            "name": "arenden",
            "columns": {"arende_id": {}, "team": {}},
        }
    },
}
DOCUMENTED = ("raw", "arenden")


@pytest.fixture
def project(tmp_path):
    """A manifest with two models, their compiled SQL, and a way to write the second anew."""
    models = tmp_path / "compiled" / "trisam" / "models"
    models.mkdir(parents=True)
    (models / "int_case.sql").write_text("select arende_id as case_id, team as team_id from raw.arenden")

    def ask(sql):
        (models / "fct_case.sql").write_text(sql)
        return lineage_of_models(MANIFEST, tmp_path / "compiled", tmp_path / "kept.json")

    return ask


def test_columns_of_a_model_are_told_by_its_own_query_and_those_of_a_source_are_documented(project):
    assert project("select * from intermediate.int_case") == {
        CASE: {"case_id": [(DOCUMENTED, "arende_id")], "team_id": [(DOCUMENTED, "team")]},
        ("marts", "fct_case"): {"case_id": [(CASE, "case_id")], "team_id": [(CASE, "team_id")]},
    }


def test_the_answer_is_kept_until_a_query_is_another(project, monkeypatch):
    first = project("select case_id from intermediate.int_case")
    with monkeypatch.context() as patch:
        patch.setattr(column_lineage, "lineage_of", lambda sql, columns: pytest.fail("read again"))
        assert project("select case_id from intermediate.int_case") == first
    changed = project("select team_id from intermediate.int_case")
    assert changed["marts", "fct_case"] == {"team_id": [(CASE, "team_id")]}


def test_a_kept_answer_that_is_damaged_is_made_anew(project, tmp_path):
    first = project("select case_id from intermediate.int_case")
    (tmp_path / "kept.json").write_text("{")
    assert project("select case_id from intermediate.int_case") == first
