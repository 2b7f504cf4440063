"""Comparing two computations: every way in which a table can differ is found, and none that does not matter."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from benchmarks.compare import Difference, compare

ROWS = [("2021", "21", 3, 50.0), ("2021", "2180", 2, 100 / 3), ("2022", "21", 1, None)]


def written(path: Path, rows: list[tuple[object, ...]], extra: str = "") -> Path:
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema indicators")
        connection.execute(
            "create table indicators.question (period varchar, area_code varchar, total_count bigint, share double)"
        )
        connection.executemany("insert into indicators.question values (?, ?, ?, ?)", rows)
        if extra:
            connection.execute(f"alter table indicators.question add column {extra}")
    return path


def question(release: Path, other: Path) -> Difference:
    (found,) = compare(release, other)
    return found


def test_the_same_rows_in_another_order_are_equal(tmp_path: Path):
    found = question(written(tmp_path / "a.duckdb", ROWS), written(tmp_path / "b.duckdb", ROWS[::-1]))

    assert (found.rows, found.equal, found.examples) == (3, True, ())


@pytest.mark.parametrize(
    "rows",
    [
        [*ROWS[:2], ("2022", "21", 2, None)],
        [*ROWS[:2], ("2022", "21", 1, 0.0)],
        [ROWS[0], ("2021", "2180", 2, 33.33333333), ROWS[2]],
        [("2021", "21 ", 3, 50.0), *ROWS[1:]],
    ],
    ids=["count", "null", "ninth digit", "text"],
)
def test_a_cell_that_differs_is_a_row_on_both_sides(tmp_path: Path, rows: list[tuple[object, ...]]):
    found = question(written(tmp_path / "a.duckdb", ROWS), written(tmp_path / "b.duckdb", rows))

    assert (found.only_release, found.only_other, len(found.examples)) == (1, 1, 2)


def test_a_row_that_stands_twice_is_not_a_row_that_stands_once(tmp_path: Path):
    found = question(
        written(tmp_path / "a.duckdb", [*ROWS, ROWS[0]]), written(tmp_path / "b.duckdb", [*ROWS, ROWS[1]])
    )

    assert (found.only_release, found.only_other) == (1, 1)


@pytest.mark.parametrize(("release", "other", "expected"), [(2, 3, (0, 1)), (3, 2, (1, 0))])
def test_a_row_too_many_is_found_on_either_side(
    tmp_path: Path, release: int, other: int, expected: tuple[int, int]
):
    found = question(
        written(tmp_path / "a.duckdb", ROWS[:release]), written(tmp_path / "b.duckdb", ROWS[:other])
    )

    assert (found.only_release, found.only_other) == expected


def test_noise_beyond_the_ninth_digit_and_labels_of_the_release_do_not_count(tmp_path: Path):
    noisy = [("2021", "21", 3, 50.00000000001), *ROWS[1:]]
    release = written(tmp_path / "a.duckdb", ROWS, extra="label_sv varchar default 'Vård'")

    assert question(release, written(tmp_path / "b.duckdb", noisy)).equal


def test_the_other_computation_may_be_a_folder_of_parquet_files(tmp_path: Path):
    release = written(tmp_path / "a.duckdb", ROWS)
    with duckdb.connect(str(release), read_only=True) as connection:
        connection.execute(f"copy indicators.question to '{tmp_path}/question.parquet'")

    assert question(release, tmp_path).equal


@pytest.mark.parametrize(("rows", "status"), [(ROWS, 0), (ROWS[:2], 1)], ids=["equal", "differing"])
def test_the_exit_status_tells_whether_anything_differs(
    tmp_path: Path, rows: list[tuple[object, ...]], status: int
):
    paths = [str(written(tmp_path / "a.duckdb", ROWS)), str(written(tmp_path / "b.duckdb", rows))]

    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks.compare", *paths],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        check=False,
    )

    assert ended.returncode == status
