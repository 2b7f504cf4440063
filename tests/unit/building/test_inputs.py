"""The version of what models read changes with the rows that they would read, and with nothing else."""

import duckdb
import pytest

from dagster_project.building.inputs import read_inputs

PERSON = "0123456789abcdef" * 2


@pytest.fixture
def con():
    with duckdb.connect() as con:
        for schema in ("raw", "quality", "ops"):
            con.execute(f"create schema {schema}")
        con.execute("create table raw.arenden (arende_id varchar)")
        con.execute("create table raw.moten (mote_id varchar)")
        con.execute("create table ops.blocked_person (person_id varchar)")
        con.execute(
            "create table quality.delivery (delivery_id varchar, party varchar, dataset varchar, period_start date, "
            "period_end date, status varchar, content_hash varchar, rows_loaded bigint)"
        )
        deliver(con, "rg/arenden_2021.csv", "arenden", "h1")
        deliver(con, "rg/moten_2021.csv", "moten", "h2")
        yield con


def deliver(con, name, dataset, content, status="in_force"):
    con.execute(
        "insert into quality.delivery values (?, 'rg', ?, date '2021-01-01', date '2021-12-31', ?, ?, 1)",
        [name, dataset, status, content],
    )


def changed(con, *statements):
    before = read_inputs(con).versions
    for statement in statements:
        con.execute(statement)
    after = read_inputs(con).versions
    return {table for table in before if before[table] != after[table]}


def test_other_content_changes_its_own_table_only(con):
    assert changed(con, "update quality.delivery set content_hash = 'h3' where dataset = 'moten'") == {
        "raw.moten"
    }


def test_a_revision_of_the_same_days_changes_its_own_table_only(con):
    revised = "update quality.delivery set delivery_id = 'rg/moten_2021_r2.csv' where dataset = 'moten'"
    assert changed(con, revised) == {"raw.moten"}


def test_other_days_change_the_coverage_too(con):
    longer = (
        "update quality.delivery set period_end = '2022-12-31', delivery_id = 'n' where dataset = 'moten'"
    )
    assert changed(con, longer) == {"raw.moten", "quality.delivery"}


def test_what_is_not_in_force_changes_nothing(con):
    before = read_inputs(con).versions
    deliver(con, "rg/moten_2021_r1.csv", "moten", "h0", status="superseded")
    deliver(con, "rg/moten_2022.csv", "moten", "h4", status="rejected")
    assert read_inputs(con).versions == before


def test_counts_and_the_order_of_rows_change_nothing(con):
    assert (
        changed(
            con,
            "update quality.delivery set rows_loaded = 7",
            "create or replace table quality.delivery as from quality.delivery order by delivery_id desc",
        )
        == set()
    )


def test_a_blocked_person_changes_every_table_of_rows(con):
    assert changed(con, f"insert into ops.blocked_person values ('{PERSON}')") == {
        "raw.arenden",
        "raw.moten",
        "ops.blocked_person",
    }


def test_rows_are_counted_by_deliverer_and_contents_listed_by_delivery(con):
    deliver(con, "rg/arenden_2022.csv", "arenden", "h5")
    inputs = read_inputs(con)
    assert inputs.rows == {"arenden": {"rg": 2}, "moten": {"rg": 1}}
    assert inputs.deliveries["arenden"] == {"rg/arenden_2021.csv": "h1", "rg/arenden_2022.csv": "h5"}
