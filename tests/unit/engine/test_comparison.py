"""The comparison of the two engines finds what differs, and nothing else."""

import duckdb
import pytest

from tests.spark.comparison import compare

ROWS = "values ('a', 1, 0.5::double), ('a', 1, 0.7), ('b', null, null)"


def database(path, rows=ROWS, columns="(key, n, share)"):
    with duckdb.connect(str(path)) as con:
        con.execute("create schema indicators")
        con.execute(f"create table indicators.t as from ({rows}) as t{columns}")
    return path


def test_equal_tables_are_equal_whatever_the_order_of_rows_and_the_last_digits(tmp_path):
    other = "values ('b', null, null::double), ('a', 1, 0.7 + 1e-12), ('a', 1, 0.5)"
    found = compare(database(tmp_path / "one"), database(tmp_path / "other", other), ["indicators"])
    assert (found.tables, found.rows, found.cells, found.differences) == (1, 3, 9, [])


@pytest.mark.parametrize(
    "rows",
    [
        "values ('a', 1, 0.5::double), ('a', 1, 0.70001), ('b', null, null)",
        "values ('a', 1, 0.5::double), ('a', 2, 0.7), ('b', null, null)",
        "values ('a', 1, 0.5::double), ('a', 1, 0.7), ('b', null, 0)",
        "values ('a', 1, 0.5::double), ('a', 1, 0.7)",
        ROWS + ", ('b', null, null)",
        "select '' as key, 1 as n, 0.5::double as share where false",
    ],
)
def test_a_value_or_row_that_differs_is_found(tmp_path, rows):
    found = compare(database(tmp_path / "one"), database(tmp_path / "other", rows), ["indicators"])
    assert len(found.differences) == 1


def test_another_type_or_name_of_a_column_is_found(tmp_path):
    one = database(tmp_path / "one")
    renamed = database(tmp_path / "renamed", columns="(key, number, share)")
    retyped = database(tmp_path / "retyped", "values ('a', 1::bigint, 0.5::double)")
    assert compare(one, renamed, ["indicators"]).differences
    assert compare(one, retyped, ["indicators"]).differences
