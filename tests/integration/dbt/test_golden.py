"""The golden cases: every indicator table equals an independent computation, row by row and in both directions."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from .conftest import golden_database
from .golden import GOLDEN, difference, expected_tables

CASES = ["clean", "messy"]


@pytest.fixture(scope="module", params=CASES)
def golden(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, duckdb.DuckDBPyConnection]]:
    case = request.param
    with duckdb.connect(str(golden_database(tmp_path_factory, case)), read_only=True) as con:
        yield case, con


def expected(case: str, table: str) -> str:
    return f"read_parquet('{GOLDEN / case / 'expected' / table}.parquet')"


def test_every_expected_table_equals_the_computed_one(golden: tuple[str, duckdb.DuckDBPyConnection]):
    case, con = golden
    tables = expected_tables(case)

    differences = {
        table: difference(con, expected(case, table), f"indicators.{table}")[:5] for table in tables
    }

    assert len(tables) == 25
    assert {table: lines for table, lines in differences.items() if lines} == {}


def test_every_published_figure_has_an_answer(golden: tuple[str, duckdb.DuckDBPyConnection]):
    _, con = golden

    answers = con.sql("select count(*), count(status) from indicators.reconciliation").fetchone()

    assert answers == (118, 118)


def test_one_relation_holds_what_the_tables_hold(golden: tuple[str, duckdb.DuckDBPyConnection]):
    _, con = golden

    apart = con.sql(
        """
        select * from (
            select period_type, period, area_level, area_code, question_code, women_count from indicators.question
        ) except all
        select period_type, period, area_level, area_code, category, cast(value as bigint)
        from indicators.indicator_value
        where indicator = 'question' and measure = 'women_count' and gender = 'K'
        """
    ).fetchall()
    percents = con.sql(
        """
        select indicator, measure from indicators.indicator_value
        where unit = 'percent' and abs(value - 100 * numerator / denominator) > 1e-9
        """
    ).fetchall()

    assert apart == []
    assert percents == []


def test_every_table_and_column_says_what_it_holds(golden: tuple[str, duckdb.DuckDBPyConnection]):
    _, con = golden

    silent = con.sql(
        """
        select schema_name, table_name, null as column_name from duckdb_tables()
        where schema_name in ('marts', 'indicators') and comment is null
        union all
        select schema_name, view_name, null as column_name from duckdb_views()
        where schema_name in ('marts', 'indicators') and comment is null
        union all
        select schema_name, table_name, column_name from duckdb_columns()
        where schema_name in ('marts', 'indicators') and comment is null
        """
    ).fetchall()

    assert silent == []


def test_every_indicator_table_is_registered(golden: tuple[str, duckdb.DuckDBPyConnection]):
    _, con = golden

    tables = {
        name
        for (name,) in con.sql(
            "select table_name from information_schema.tables "
            "where table_schema = 'indicators' and table_name != 'indicator'"
        ).fetchall()
    }
    registered = {name for (name,) in con.sql("select name from indicators.indicator").fetchall()}

    assert tables == registered


@pytest.mark.parametrize(
    ("spoiled", "first_word"),
    [
        ("select 1::bigint as n, 2.0000001::double as share", "missing:"),
        ("select 1::bigint as n, 2::double as share union all select 1, 2", "too"),
        ("select 1::bigint as n, null::double as share", "missing:"),
        ("select 1::integer as n, 2::double as share", "column"),
    ],
)
def test_the_comparison_finds_a_planted_difference(tmp_path: Path, spoiled: str, first_word: str):
    with duckdb.connect(str(tmp_path / "two.duckdb")) as con:
        con.sql("create table wanted as select 1::bigint as n, 2::double as share")
        con.sql(f"create table found as {spoiled}")

        lines = difference(con, "wanted", "found")

    assert lines
    assert lines[0].split()[0] == first_word
