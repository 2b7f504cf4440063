"""Tables that come back are as dbt would have made them in the work file, or do not come back at all."""

from pathlib import Path

import duckdb
import pytest

from dagster_project.engine.returning import Column, Contract, ReturnError, bring_back, contracts

CONTRACT = Contract(
    schema="indicators",
    table="lead_time",
    description="Days until the plan's date.",
    columns=(
        Column("period", "string", not_null=True, description="Period's code."),
        Column("plan_count", "integer", not_null=True, description=""),
        Column("median_days", "double", not_null=False, description=""),
    ),
)


@pytest.fixture
def work_file() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def built(shared, query: str):
    folder = shared.under("indicators", "lead_time")
    folder.make()
    path = Path(folder.path)
    # As Spark leaves it: parts, and marks that are no data.
    duckdb.sql(query).write_parquet(str(path / "part-00000-x.snappy.parquet"))
    (path / "_SUCCESS").touch()
    (path / ".part-00000.crc").write_bytes(b"crc")
    return shared


def test_columns_have_the_order_types_and_comments_of_the_contract(work_file, shared):
    tables = built(shared, "select 12.5 as median_days, 3::bigint as plan_count, '2020' as period")
    assert bring_back(work_file, CONTRACT, tables) == 1
    described = work_file.execute(
        "select column_name, data_type, is_nullable, comment from duckdb_columns() "
        "where schema_name = 'indicators' order by column_index"
    ).fetchall()
    assert described == [
        ("period", "VARCHAR", False, "Period's code."),
        ("plan_count", "INTEGER", False, ""),
        ("median_days", "DOUBLE", True, ""),
    ]
    assert work_file.execute("from indicators.lead_time").fetchall() == [("2020", 3, 12.5)]
    comment = work_file.execute("select comment from duckdb_tables()").fetchone()
    assert comment == ("Days until the plan's date.",)


@pytest.mark.parametrize(
    "query",
    [
        "select null::varchar as period, 3 as plan_count, 1.0 as median_days",
        "select '2020' as period, 3 as plan_count",
        "select '2020' as period, 3000000000 as plan_count, 1.0 as median_days",
    ],
)
def test_what_breaks_the_contract_does_not_come_back_and_the_old_table_stays(work_file, shared, query):
    work_file.execute("create schema indicators")
    work_file.execute("create table indicators.lead_time as select 'before' as period")
    with pytest.raises(ReturnError, match=r"indicators\.lead_time"):
        bring_back(work_file, CONTRACT, built(shared, query))
    assert work_file.execute("from indicators.lead_time").fetchall() == [("before",)]


def test_a_table_that_spark_has_not_written_is_refused(work_file, shared):
    with pytest.raises(ReturnError, match="does not come back"):
        bring_back(work_file, CONTRACT, shared)


def test_contracts_are_those_of_models_that_promise_one():
    node = {
        "resource_type": "model",
        "schema": "marts",
        "name": "fct_case",
        "description": "Cases.",
        "config": {"contract": {"enforced": True}},
        "columns": {
            "case_id": {
                "name": "case_id",
                "data_type": "string",
                "constraints": [{"type": "not_null"}],
                "description": "Key.",
            }
        },
    }
    free = node | {"name": "int_case", "config": {"contract": {"enforced": False}}}
    found = contracts({"nodes": {"a": node, "b": free}})
    assert found == [Contract("marts", "fct_case", "Cases.", (Column("case_id", "string", True, "Key."),))]
