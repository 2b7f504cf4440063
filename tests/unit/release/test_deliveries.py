"""A release that lacks a delivery is another than one that lacks none, or lacks it for another reason."""

import duckdb
import pytest

from dagster_project.release.deliveries import left_out_deliveries
from dagster_project.release.fingerprint import state_fingerprint
from dagster_project.release.manifest import LeftOutEntry


@pytest.fixture
def con():
    with duckdb.connect() as con:
        con.execute("create schema quality")
        con.execute(
            "create table quality.delivery (delivery_id varchar, content_hash varchar, status varchar)"
        )
        con.execute("insert into quality.delivery values ('rg/team_2021.csv', 'a', 'in_force')")
        con.execute(
            "create table quality.left_out_delivery (delivery_id varchar, left_out_by varchar, left_out_why varchar)"
        )
        yield con


def test_what_is_left_out_changes_the_state(con):
    states = [state_fingerprint(con)]
    for statement in (
        "insert into quality.left_out_delivery values ('af/ersattning_2021.csv', 'NN', 'broken')",
        "update quality.left_out_delivery set left_out_why = 'doubled rows'",
        "delete from quality.left_out_delivery",
    ):
        con.execute(statement)
        states.append(state_fingerprint(con))
    assert states[3] == states[0]
    assert len(set(states)) == 3


def test_a_work_file_from_before_deliveries_were_left_out_has_a_state(con):
    state = state_fingerprint(con)
    con.execute("drop table quality.left_out_delivery")
    assert state_fingerprint(con) == state


def test_what_is_left_out_is_told_with_who_and_why(con):
    con.execute("insert into quality.left_out_delivery values ('af/ersattning_2021.csv', 'NN', 'broken')")
    (entry,) = left_out_deliveries(con)
    assert entry == LeftOutEntry(delivery="af/ersattning_2021.csv", who="NN", why="broken")
    assert str(entry) == "af/ersattning_2021.csv (left out by NN: broken)"
