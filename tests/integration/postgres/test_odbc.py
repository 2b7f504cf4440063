"""What Excel, Power BI and the like do over ODBC: connect with least rights, list, read comments, ask the star."""

from __future__ import annotations

import duckdb
import pytest

from .server import DATABASE

DRIVER = "PostgreSQL Unicode"


@pytest.fixture
def odbc(server, publish, homes):
    """Return a function that connects as an account over psqlODBC."""
    pyodbc = pytest.importorskip("pyodbc", exc_type=ImportError)
    if DRIVER not in pyodbc.drivers():
        pytest.skip("psqlODBC is not installed (Debian: apt-get install odbc-postgresql unixodbc)")
    publish(homes[0])
    server.make_account("anna", "trisam_analyst")
    server.make_account("bo", "trisam_open")

    def connect(user: str):
        return pyodbc.connect(
            f"Driver={{{DRIVER}}};Server={server.host};Port={server.port};Database={DATABASE};"
            f"Uid={user};Pwd={server.password};SSLmode=prefer;ReadOnly=1"
        )

    return connect


def test_schemas_tables_and_keys_are_listed(odbc):
    with odbc("anna") as con, con.cursor() as cursor:
        tables = {(row.table_schem, row.table_name) for row in cursor.tables(tableType="TABLE")}
        assert {("marts", "fct_case"), ("marts", "dim_team"), ("indicators", "question")} <= tables
        assert [row.column_name for row in cursor.primaryKeys("fct_case", schema="marts")] == ["case_id"]
        joins = {
            (row.fktable_name, row.fkcolumn_name, row.pktable_name)
            for row in cursor.foreignKeys(foreignTable="fct_case", foreignSchema="marts")
        }
        assert joins == {("fct_case", "team_id", "dim_team")}


def test_column_comments_are_read(odbc):
    with odbc("anna") as con:
        found = con.execute(
            "select a.attname, col_description(a.attrelid, a.attnum) from pg_attribute as a "
            "where a.attrelid = 'marts.fct_case'::regclass and a.attname = ?",
            "team_id",
        ).fetchall()
    assert [tuple(row) for row in found] == [("team_id", "Team of the consultation, the party's own id.")]


def test_a_star_query_answers_as_the_release_does(odbc, homes):
    query = (
        "select t.team_id, count(*) as cases, min(c.consulted_on) as since from marts.fct_case as c "
        "inner join marts.dim_team as t on c.team_id = t.team_id group by t.team_id order by t.team_id"
    )
    with odbc("anna") as con:
        asked = [tuple(row) for row in con.execute(query).fetchall()]
    with duckdb.connect(str(homes[0] / "published" / "trisam.duckdb"), read_only=True) as own:
        assert asked == own.execute(query).fetchall()


def test_every_type_arrives_as_it_is(odbc, homes):
    query = "select number, note, big, is_so, day, moment, amount from indicators.every_type order by number"
    with odbc("anna") as con:
        asked = [tuple(row) for row in con.execute(query).fetchall()]
    with duckdb.connect(str(homes[0] / "published" / "trisam.duckdb"), read_only=True) as own:
        expected = own.execute(query).fetchall()
    # The driver tells booleans as the texts 0 and 1 unless told otherwise.
    asked = [(*row[:3], None if row[3] is None else bool(int(row[3])), *row[4:]) for row in asked]
    assert asked == expected


@pytest.mark.parametrize(("user", "table"), [("bo", "marts.fct_case"), ("anna", "open.question")])
def test_what_a_role_may_not_read_it_cannot_read_here_either(odbc, user, table):
    import pyodbc

    with odbc(user) as con, pytest.raises(pyodbc.Error, match="permission denied"):
        con.execute(f"select count(*) from {table}")
