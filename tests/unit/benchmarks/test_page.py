"""Goals are judged by medians, and the page says what the results say."""

from pathlib import Path

import pytest

from benchmarks.goals import Goal, Quantity, judge, read_goals
from benchmarks.page import render, write_page
from benchmarks.results import Comparison, Machine, Result, Run, read_all, write

MACHINE = Machine(
    cores=2,
    memory_bytes=24_000_000_000,
    python="3.11.1",
    packages={"duckdb": "1.5.0"},
    settings={},
    load_before=0.1,
)


def run(contender: str, repetition: int, wall: float, **other: object) -> Run:
    usual = {"cpu_seconds": wall * 1.5, "peak_bytes": 2_500_000_000, "inner_seconds": wall - 1}
    return Run.model_validate(
        {"contender": contender, "repetition": repetition, "wall_seconds": wall, **usual, **other}
    )


def result(cases: int, *runs: Run, label: str = "") -> Result:
    return Result(
        cases=cases,
        label=label,
        municipalities=10,
        files=194,
        inbox_bytes=64_000_000,
        inbox_seconds=4.0,
        measured_on="2026-11-22",
        machine=MACHINE,
        runs=list(runs),
        comparisons=[Comparison(what="first run, bare DuckDB", tables=28, rows=1234, differing_rows=0)],
    )


SMALL = result(
    100_000,
    *(run("bare", n, wall) for n, wall in enumerate((4.0, 90.0, 5.0))),
    *(
        run("first", n, wall, steps={"start-up": 3.0, "dbt_build": wall - 3})
        for n, wall in enumerate((11.0, 12.0))
    ),
)
LARGE = result(1_000_000, run("first", 1, 50.0), run("nothing_new", 1, 9.0))
LIMITED = result(1_000_000, run("first", 1, 70.0), label="limited")


def verdict(of: Quantity, **limits: object) -> tuple[float | None, str]:
    judged = judge(
        Goal.model_validate({"title": "t", "of": of, "unit": "s", **limits}), [SMALL, LARGE, LIMITED]
    )
    return judged.value, judged.verdict


def first(cases: int | None = None, label: str = "") -> Quantity:
    return Quantity(contender="first", measure="wall_seconds", cases=cases, label=label)


def test_a_ratio_is_one_of_medians():
    bare = Quantity(contender="bare", measure="wall_seconds", cases=100_000)

    assert verdict(first(100_000), over=bare, at_most=2.3) == (2.3, "met")
    assert verdict(first(100_000), over=bare, at_most=2.2) == (2.3, "missed")
    assert verdict(first(100_000), over=bare, at_least=2.4) == (2.3, "missed")


def test_a_goal_without_a_size_is_judged_by_the_largest_value():
    assert verdict(first(), at_most=50) == (50.0, "met")


def test_results_under_another_label_are_judged_by_their_own_goals_alone():
    assert verdict(first(1_000_000, "limited")) == (70.0, "met")


@pytest.mark.parametrize("limits", [{"at_most": 5}, {"over": first(100_000), "at_most": 5}])
def test_what_was_not_measured_is_neither_met_nor_missed(limits: dict[str, object]):
    assert verdict(first(10_000_000), **limits) == (None, "not measured")


def test_every_goal_of_the_file_can_be_judged():
    assert len(read_goals()) >= 10
    assert {judge(goal, []).verdict for goal in read_goals()} == {"not measured"}


def test_results_are_kept_by_size_and_label(tmp_path: Path):
    for one in (LARGE, LIMITED, SMALL, SMALL):
        write(one, tmp_path)

    assert read_all(tmp_path) == [SMALL, LIMITED, LARGE]


def test_the_page_shows_medians_steps_and_what_was_compared():
    page = render([SMALL, LARGE, LIMITED])

    assert "| 100,000 | bare DuckDB | 5.0 | 4.0 | 7.5 | 2.50 | 3 |" in page
    assert "| 1,000,000 (limited) | pipeline, first run | 70.0 |" in page
    assert "| dbt_build | 8.5 |" in page
    assert "| 100,000 | first run, bare DuckDB | 28 | 1,234 | 0 |" in page
    assert "| Run with nothing new, the slowest size measured | ≤ 8 | 9.00 s | missed |" in page


def test_the_page_and_its_charts_are_written_side_by_side(tmp_path: Path):
    page = write_page([SMALL, LARGE, LIMITED], tmp_path)

    for chart in ("performance-time.svg", "performance-memory.svg"):
        assert f"]({chart})" in page.read_text()
        assert "bare DuckDB" in (tmp_path / chart).read_text()
