"""Great Expectations on DuckDB: passes pass, failures fail, errors are errors, and no value comes out."""

import duckdb
import pytest

from dagster_project.quality.outcome import Finding
from dagster_project.quality.runner import run_suites
from dagster_project.quality.suites import ExpectationMeta, ExpectationSpec, Suite, SuiteMeta


def spec(check_id, type_, enforced="always", **kwargs):
    level = "warns" if check_id == "warns" else "blocks"
    meta = ExpectationMeta(
        id=check_id, level=level, reason="r", message="m.", since="2026-11", enforced_when=enforced
    )
    return ExpectationSpec(type=type_, kwargs=kwargs, meta=meta)


def suite(name, table, *expectations):
    meta = SuiteMeta(schema_name="raw", table=table, purpose="p")
    return Suite(name=name, meta=meta, expectations=list(expectations))


SECRET = "19570128-9935"


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    path = tmp_path_factory.mktemp("quality") / "w.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("create schema raw; create table raw.a as select 1 as x, ? as secret", [SECRET])
    suites = [
        suite(
            "a",
            "a",
            spec("passes", "expect_column_values_to_be_between", column="x", min_value=0),
            spec("fails", "unexpected_rows_expectation", unexpected_rows_query="select secret from {batch}"),
            spec("fails_by_value", "expect_column_values_to_be_in_set", column="secret", value_set=["b"]),
            spec(
                "warns",
                "unexpected_rows_expectation",
                unexpected_rows_query="select 'rg' as party, 'odd' as sentence, secret from {batch}",
            ),
            spec("errs", "unexpected_rows_expectation", unexpected_rows_query="select nowhere from {batch}"),
            spec(
                "reported",
                "unexpected_rows_expectation",
                "reconcile",
                unexpected_rows_query="select 1 from {batch}",
            ),
        ),
        suite("gone", "no_such_table", spec("gone", "expect_column_values_to_not_be_null", column="x")),
    ]
    return {o.check_id: o for o in run_suites(path, suites, enforce_reconcile=False)}


def test_every_expectation_has_exactly_one_outcome(outcomes):
    assert {k: v.status for k, v in outcomes.items()} == {
        "passes": "passed",
        "fails": "failed",
        "fails_by_value": "failed",
        "warns": "failed",
        "errs": "error",
        "reported": "failed",
        "gone": "error",
    }


def test_a_failure_blocks_unless_it_is_only_reported(outcomes):
    assert outcomes["fails"].stops
    assert not outcomes["reported"].stops
    assert not outcomes["warns"].stops
    assert outcomes["warns"].warns


def test_a_failure_names_what_its_query_found_by_place_and_sentence_alone(outcomes):
    assert outcomes["warns"].findings == [Finding(party="rg", what="odd")]
    assert outcomes["fails"].findings == []


def test_an_error_always_blocks(outcomes):
    assert outcomes["errs"].stops
    assert outcomes["gone"].stops


def test_no_value_of_the_data_comes_out(outcomes):
    assert SECRET not in "".join(o.model_dump_json() for o in outcomes.values())
