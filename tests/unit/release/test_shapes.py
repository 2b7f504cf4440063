"""Keys and references of a release are those that dbt tests, and none that holds for a part of the rows only."""

from dagster_project.release.shapes import Reference, TableShape, open_shapes, published_shapes


def model(schema, name):
    return {"resource_type": "model", "schema": schema, "name": name, "alias": name}


def data_test(kind, attached, where=None, **arguments):
    return {
        "resource_type": "test",
        "test_metadata": {"name": kind, "kwargs": arguments},
        "attached_node": attached,
        "config": {"where": where},
    }


MANIFEST = {
    "nodes": {
        "model.fct_case": model("marts", "fct_case"),
        "model.dim_team": model("marts", "dim_team"),
        "model.int_case": model("intermediate", "int_case"),
        "test.1": data_test("unique", "model.dim_team", column_name="team_id"),
        "test.2": data_test("unique_combination", "model.fct_case", columns=["case_id", "day"]),
        "test.3": data_test(
            "relationships", "model.fct_case", column_name="team_id", to="ref('dim_team')", field="team_id"
        ),
        "test.4": data_test(
            "relationships", "model.fct_case", column_name="x", to="ref('int_case')", field="x"
        ),
        "test.5": data_test("unique", "model.int_case", column_name="case_id"),
        "test.6": data_test("not_null", "model.dim_team", column_name="team_id"),
    }
}


def test_keys_and_references_of_published_tables_are_found():
    assert published_shapes(MANIFEST) == {
        "marts.dim_team": TableShape(key=["team_id"]),
        "marts.fct_case": TableShape(
            key=["case_id", "day"],
            references=[Reference(column="team_id", table="marts.dim_team", table_column="team_id")],
        ),
    }


def test_what_is_unique_among_some_rows_only_is_no_key():
    nodes = {
        **MANIFEST["nodes"],
        "test.1": data_test("unique", "model.dim_team", "open", column_name="team_id"),
    }
    assert published_shapes({"nodes": nodes})["marts.dim_team"].key == []


def test_open_tables_have_the_keys_of_the_offer_or_of_their_indicator():
    shapes = open_shapes({"indicators.staffing": TableShape(key=["period", "role"])})
    assert shapes["open.question"].key == [
        "period_type",
        "period",
        "area_level",
        "area_code",
        "question_code",
    ]
    assert shapes["open.survey_answer"].key == ["wave_code", "gender", "answer_code"]
    assert shapes["open.staffing"].key == ["period", "role"]
