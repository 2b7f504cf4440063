"""What users have built on the schemas keeps working, or is named in a refusal before anything is changed."""

from __future__ import annotations

import pytest

from dagster_project.errors import TrisamError

from .comparing import differences
from .releases import write_release
from .server import PUBLISHER


@pytest.fixture
def anna(server, publish, homes):
    """An analyst with a schema of her own, whose role the publishing account is a member of."""
    publish(homes[0])
    server.make_account("anna", "trisam_analyst")
    server.run("create schema anna authorization anna", f"grant anna to {PUBLISHER}")


def test_a_view_reads_the_new_release_and_stays_what_it_was(server, publish, homes, anna):
    server.run(
        "create view anna.cases with (security_barrier = true) as "
        "select c.case_id, c.mark, t.team_id from marts.fct_case as c inner join marts.dim_team as t using (team_id)",
        "create view anna.questions as select sum(total_count) as n, max(mark) as mark from indicators.question",
        "create view anna.on_a_view as select distinct mark from anna.cases where case_id like 'C1%'",
        "comment on view anna.cases is 'Mine.'",
        "grant usage on schema anna to public", "grant select on anna.on_a_view to public",
        user="anna",
    )  # fmt: skip
    server.make_account("bo")
    result = publish(homes[1])
    assert result.views_carried_over == ("anna.cases", "anna.questions")
    assert server.rows("select distinct mark from anna.cases", user="anna") == [(2,)]
    assert server.rows("select mark from anna.questions", user="anna") == [(2,)]
    assert server.rows("select mark from anna.on_a_view", user="bo") == [(2,)]
    assert server.rows(
        "select reloptions, obj_description(oid), pg_get_userbyid(relowner) from pg_class where oid = 'anna.cases'::regclass"
    ) == [(["security_barrier=true"], "Mine.", "anna")]
    assert publish(homes[0]).loaded


OBSTACLES = {
    "a materialised view": (
        "create materialized view anna.kept as select * from marts.fct_case",
        "anna.kept",
    ),
    "a foreign key": ("create table anna.notes (case_id text references marts.fct_case)", "notes"),
    "a function": (
        "create function anna.number() returns bigint begin atomic select count(*) from marts.fct_case; end",
        "anna.number",
    ),
    "a row type": ("create table anna.rows_of (r marts.fct_case)", "rows_of"),
    "a view of whole rows": ("create view anna.whole as select c from marts.fct_case as c", "anna.whole"),
    "a rule": (
        "create view anna.ruled as select 1 as x; "
        "create rule more as on insert to anna.ruled do instead insert into marts.dim_team select 'x'",
        "anna.ruled",
    ),
    "a table in the schema": ("create table marts.mine as select 1 as x", "marts.mine"),
    "a view in the schema": ("create view marts.mine as select * from marts.fct_case", "marts.mine"),
    "a policy": ("create policy one_sees on marts.fct_case using (true)", "policy one_sees"),
    "row security": ("alter table marts.fct_case enable row level security", "row security"),
    "a trigger": (
        "create function anna.nothing() returns trigger language plpgsql as 'begin return new; end'; "
        "create trigger told before insert on marts.fct_case execute function anna.nothing()",
        "trigger told",
    ),
    "a published table": ("create publication outside for table marts.fct_case", "publication outside"),
}


@pytest.mark.parametrize("kind", OBSTACLES)
def test_what_cannot_be_carried_over_is_named_and_nothing_is_changed(server, publish, homes, anna, kind):
    statement, name = OBSTACLES[kind]
    server.run(statement)
    with pytest.raises(TrisamError, match=name):
        publish(homes[1])
    assert differences(server, homes[0]) == {}
    assert server.rows("select count(*) from pg_namespace where nspname like '%\\_\\_%'") == [(0,)]


def test_a_view_whose_owner_the_publishing_account_may_not_act_for_is_named(server, publish, homes, anna):
    server.run(f"revoke anna from {PUBLISHER}", "create view anna.cases as select mark from marts.fct_case")
    with pytest.raises(TrisamError, match=r"anna\.cases"):
        publish(homes[1])
    assert differences(server, homes[0]) == {}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("alter table marts.fct_case drop column consulted_on", "has no column consulted_on"),
        (
            "alter table marts.fct_case alter consulted_on type timestamp",
            "is timestamp without time zone, was date",
        ),
        ("drop table marts.fct_case", r"no table marts\.fct_case"),
    ],
)
def test_a_view_that_the_new_release_would_break_is_named_with_the_reason(
    server, publish, anna, tmp_path, homes, change, said
):
    server.run("create view anna.days as select consulted_on from marts.fct_case", user="anna")
    with pytest.raises(TrisamError, match=said) as raised:
        publish(write_release(tmp_path, 3, change))
    assert "anna.days" in raised.value.message
    assert differences(server, homes[0]) == {}


def test_a_column_that_no_view_uses_may_go_and_come(server, publish, anna, tmp_path):
    server.run("create view anna.days as select consulted_on from marts.fct_case", user="anna")
    home = write_release(
        tmp_path,
        3,
        "alter table marts.fct_case drop column mark",
        "alter table marts.fct_case add column more integer",
    )
    assert publish(home).views_carried_over == ("anna.days",)
    assert differences(server, home) == {}
