"""What is loaded is what the release holds: values, types, keys, comments, rights; and only that."""

from __future__ import annotations

import json

import psycopg
import pytest

from dagster_project.errors import TrisamError

from .comparing import differences
from .releases import write_release
from .server import PUBLISHER, server_log


def test_every_table_holds_the_same_rows_both_ways(server, publish, homes):
    publish(homes[0])
    assert differences(server, homes[0]) == {}


def test_a_view_of_the_release_is_a_table_on_the_server(server, publish, tmp_path):
    view = "create view indicators.all_values as select period, question_code, total_count from indicators.question"
    comment = "comment on view indicators.all_values is 'Every value once more.'"
    publish(write_release(tmp_path, 1, view, comment))
    counted = server.rows("select count(*), sum(total_count) from indicators.question")
    assert server.rows("select count(*), sum(total_count) from indicators.all_values") == counted
    assert server.rows(
        "select relkind::text, obj_description(oid) from pg_class where oid = 'indicators.all_values'::regclass"
    ) == [("r", "Every value once more.")]


def test_a_second_release_takes_the_place_of_the_first(server, publish, homes):
    publish(homes[0])
    result = publish(homes[1])
    assert differences(server, homes[1]) == {}
    assert (result.previous_version, result.loaded) == ("20260101T000000Z-00000001", True)
    assert server.rows("select version from trisam.release") == [(result.version,)]
    schemas = server.rows("select nspname from pg_namespace where nspname !~ '^pg_' order by 1")
    assert [name for (name,) in schemas] == [
        "indicators",
        "information_schema",
        "marts",
        "open",
        "public",
        "trisam",
    ]


def test_the_same_release_is_loaded_only_when_asked_again(server, publish, homes):
    publish(homes[0])
    server.run("delete from indicators.question")
    assert publish(homes[0]).loaded is False
    assert publish(homes[0], again=True).loaded is True
    assert differences(server, homes[0]) == {}


def test_types_keys_references_indexes_and_comments_are_declared(server, publish, homes):
    publish(homes[0])
    types = server.rows(
        "select attname, format_type(atttypid, atttypmod) from pg_attribute "
        "where attrelid = 'indicators.every_type'::regclass and attnum > 0 order by attnum"
    )
    assert dict(types) == {
        "number": "integer", "note": "text", "big": "bigint", "ratio": "double precision", "is_so": "boolean",
        "day": "date", "moment": "timestamp without time zone", "amount": "numeric(12,2)", "mark": "bigint",
    }  # fmt: skip
    constraints = dict(
        server.rows(
            "select conrelid::regclass::text || ' ' || contype::text, pg_get_constraintdef(oid) from pg_constraint"
        )
    )
    assert constraints["marts.fct_case p"] == "PRIMARY KEY (case_id)"
    assert constraints["open.question p"] == "PRIMARY KEY (period, question_code)"
    assert constraints["indicators.every_type u"] == "UNIQUE NULLS NOT DISTINCT (number, note)"
    assert constraints["marts.fct_case f"] == "FOREIGN KEY (team_id) REFERENCES marts.dim_team(team_id)"
    indexed = server.rows(
        "select indexdef from pg_indexes where schemaname = 'marts' and tablename = 'fct_case'"
    )
    assert any("(team_id)" in definition for (definition,) in indexed)
    assert server.rows(
        "select obj_description('marts.fct_case'::regclass), col_description('marts.fct_case'::regclass, 2)"
    ) == [("One row per case; 100 % of them.", "Team of the consultation, the party's own id.")]


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        ("trisam_analyst", ("marts.fct_case", "indicators.question", "trisam.release"), ("open.question",)),
        ("trisam_open", ("open.question", "trisam.release"), ("marts.fct_case", "indicators.question")),
    ],
)
def test_a_role_reads_its_schemas_and_writes_nothing(server, publish, homes, role, may, may_not):
    publish(homes[0])
    publish(homes[1])
    server.make_account("anna", role)
    for table in may:
        assert server.rows(f"select count(*) > 0 from {table}", user="anna") == [(True,)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            server.run(f"delete from {table}", user="anna")
    for table in may_not:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            server.rows(f"select count(*) from {table}", user="anna")
    for schema in ("marts", "indicators", "open", "trisam", "public"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            server.run(f"create table {schema}.mine (x integer)", user="anna")


def test_grants_that_others_gave_outlive_a_swap(server, publish, homes):
    publish(homes[0])
    server.make_account("bo")
    server.run(
        "grant usage on schema open to bo", "grant select on open.question to bo",
        "grant usage on schema marts to bo", "grant select (mark) on marts.fct_case to bo",
    )  # fmt: skip
    publish(homes[1])
    assert server.rows("select distinct mark from open.question", user="bo") == [(2,)]
    assert server.rows("select distinct mark from marts.fct_case", user="bo") == [(2,)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        server.rows("select case_id from marts.fct_case", user="bo")


def test_what_a_killed_load_left_is_cleared_away(server, publish, homes):
    server.run(
        "create schema marts__next", "create table marts__next.fct_case (x integer)",
        f"alter schema marts__next owner to {PUBLISHER}", f"alter table marts__next.fct_case owner to {PUBLISHER}",
    )  # fmt: skip
    publish(homes[0])
    assert differences(server, homes[0]) == {}


def test_schemas_of_somebody_else_are_left_alone(server, publish, homes):
    server.run("create schema marts", "create table marts.theirs as select 1 as x")
    with pytest.raises(TrisamError, match="not made here"):
        publish(homes[0])
    assert server.rows("select x from marts.theirs") == [(1,)]


def test_a_home_without_a_release_is_told(publish, server, tmp_path):
    with pytest.raises(TrisamError, match="Nothing is published"):
        publish(tmp_path)


def test_a_release_from_before_keys_were_kept_is_loaded_without_them(server, publish, tmp_path):
    home = write_release(tmp_path, 1)
    path = home / "published" / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    del manifest["shapes"]
    path.write_text(json.dumps(manifest), encoding="utf-8")
    publish(home)
    assert differences(server, home) == {}
    assert server.rows("select count(*) from pg_constraint where connamespace = 'marts'::regnamespace") == [
        (0,)
    ]


def test_a_type_without_counterpart_is_told_with_its_column(publish, server, tmp_path):
    home = write_release(tmp_path, 1, "create table marts.fct_odd as select [1, 2] as numbers")
    with pytest.raises(TrisamError, match=r"marts\.fct_odd\.numbers"):
        publish(home)


def test_roles_that_are_missing_and_may_not_be_made_are_told_with_the_statements(server, publish, homes):
    server.run(f"alter role {PUBLISHER} nocreaterole")
    with pytest.raises(TrisamError, match="create role trisam_analyst nologin"):
        publish(homes[0])


@pytest.mark.parametrize(
    "changed", [{"host": "127.0.0.2"}, {"database": "elsewhere"}, {"user": "nobody_known"}]
)
def test_a_server_that_cannot_be_reached_is_told_without_the_password(server, publish, homes, changed):
    with pytest.raises(TrisamError) as raised:
        publish(homes[0], **changed)
    assert server.password not in str(raised.value)


def test_the_password_is_in_no_log_of_the_server_and_no_text_of_the_settings(server, publish, homes):
    from dagster_project.postgres.settings import load_postgres_settings

    publish(homes[0])
    log = server_log(server)
    # Accounts are made by the tests with a password in the statement; nothing of ours repeats it.
    assert server.password not in log
    settings = load_postgres_settings()
    assert server.password not in f"{settings} {settings!r} {settings.model_dump_json()}"
