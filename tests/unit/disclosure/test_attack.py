"""The attack finds nothing in a sound open release and every leak that is planted."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from dagster_project.disclosure import OpenReleaseReport, build_open_release
from dagster_project.disclosure.figures import split
from dagster_project.disclosure.offering import open_source, read_offered
from dagster_project.disclosure.spec import load_offer
from dagster_project.disclosure_attack import AttackReport, attack
from tests.unit.disclosure.small_county import write_county

Tampered = Callable[..., Path]


def kinds(report: AttackReport) -> set[str]:
    return {finding.kind for finding in report.findings}


def withheld(released: Path, table: str, column: str, where: str = "true") -> tuple[object, ...]:
    with duckdb.connect(str(released), read_only=True) as con:
        keys = ", ".join(load_offer().table(table).key_columns)
        found = con.execute(
            f"select {keys} from open.{table} where {column}_status = 'withheld' and {where} order by all"
        ).fetchone()
    assert found is not None
    return found


def true_value(indicators: Path, table: str, column: str, key: tuple[object, ...]) -> int:
    for figures in split(read_offered(open_source(indicators), load_offer())).values():
        for cell, value in figures.values.items():
            if (cell.table, cell.column, cell.period, cell.area) == (
                table,
                column,
                key[1],
                key[3],
            ) and cell.keys == tuple(map(str, key[4:])):
                return value
    raise AssertionError("no such count")


def matching(table: str) -> str:
    return " and ".join(f"{k} = ?" for k in load_offer().table(table).key_columns)


def test_a_sound_release_gives_nothing_away(released: tuple[Path, OpenReleaseReport]) -> None:
    target, report = released
    found = attack(target)
    assert [str(finding) for finding in found.findings] == []
    assert found.ok
    assert (found.offered, found.shown, found.withheld) == (report.offered, report.shown, report.withheld)
    assert found.narrowest is not None
    assert found.narrowest >= 5
    assert found.undecided == 0


@pytest.mark.parametrize(("seed", "cases", "threshold"), [(11, 25, 5), (12, 70, 3), (13, 4, 5)])
def test_releases_of_other_counties_give_nothing_away(
    seed: int, cases: int, threshold: int, tmp_path: Path
) -> None:
    source = write_county(tmp_path / "source.duckdb", seed, cases, municipalities=2)
    target = tmp_path / "open.duckdb"
    report = build_open_release(source, target, threshold)
    found = attack(target, threshold)
    assert report.contradictions == ()
    assert report.withheld
    assert [str(finding) for finding in found.findings] == []


def test_nothing_is_withheld_and_nothing_found_with_a_threshold_of_one(everything: Path) -> None:
    found = attack(everything, threshold=1)
    assert (found.withheld, found.narrowest, found.findings) == (0, None, ())


def test_what_a_release_without_withholding_shows_is_found(everything: Path) -> None:
    assert {"a small count is shown", "a small rest is shown"} <= kinds(attack(everything, threshold=5))


@pytest.mark.parametrize(
    ("table", "column"),
    [("question", "total_count"), ("initiating_party", "new_count")],
)
def test_a_secondary_count_left_in_is_found(
    table: str, column: str, indicators: Path, released: tuple[Path, OpenReleaseReport], tampered: Tampered
) -> None:
    with duckdb.connect(str(released[0]), read_only=True) as con:
        keys = ", ".join(load_offer().table(table).key_columns)
        candidates = con.execute(
            f"select {keys} from open.{table} where {column}_status = 'withheld' order by all"
        ).fetchall()
    secondary = [(k, v) for k in candidates if (v := true_value(indicators, table, column, k)) >= 5]
    key, value = secondary[0]
    change = f"update open.{table} set {column} = ?, {column}_status = 'shown' where {matching(table)}"
    assert "a withheld count is told" in kinds(attack(tampered(change, value, *key)))


def test_percents_left_in_are_found_and_so_is_what_they_tell(
    indicators: Path, released: tuple[Path, OpenReleaseReport], tampered: Tampered
) -> None:
    key = withheld(released[0], "support_follow_up", "start_count", "cohort_count_status = 'shown'")
    start = true_value(indicators, "support_follow_up", "start_count", key)
    change = f"update open.support_follow_up set start_percent = 100.0 * ? / cohort_count where {matching('support_follow_up')}"
    found = attack(tampered(change, start, *key))
    assert {"a percent is left beside a withheld count", "a withheld count is told"} <= kinds(found)
    told = {
        (f.low, f.high)
        for f in found.findings
        if f.cell.column == "start_count" and f.cell.place.keys == tuple(map(str, key[4:]))
    }
    assert (start, start) in told


def test_a_share_left_in_a_group_is_found(
    released: tuple[Path, OpenReleaseReport], tampered: Tampered
) -> None:
    key = withheld(released[0], "destination", "person_case_count")
    change = "update open.destination set share_percent = 20 where period = ? and horizon_months = ? and destination_code = 'OKAND'"
    assert "a percent is left beside a withheld count" in kinds(attack(tampered(change, key[1], key[4])))


def test_a_count_of_the_period_before_left_in_is_found(
    indicators: Path, released: tuple[Path, OpenReleaseReport], tampered: Tampered
) -> None:
    key = withheld(released[0], "initiating_party", "previous_count")
    value = true_value(indicators, "initiating_party", "previous_count", key)
    change = f"update open.initiating_party set previous_count = ?, previous_count_status = 'shown' where {matching('initiating_party')}"
    assert "a withheld count is told" in kinds(attack(tampered(change, value, *key)))


@pytest.mark.parametrize(
    ("table", "column"),
    [("support_follow_up", "start_count"), ("proposal", "total_count"), ("step_progress", "backward_count")],
)
def test_a_row_that_was_dropped_is_found(
    table: str, column: str, released: tuple[Path, OpenReleaseReport], tampered: Tampered
) -> None:
    key = withheld(released[0], table, column)
    found = attack(tampered(f"delete from open.{table} where {matching(table)}", *key))
    assert kinds(found) & {
        "a row is missing",
        "shown counts contradict each other",
        "a withheld count is told",
    }


def test_a_median_left_beside_a_withheld_count_is_found(tampered: Tampered) -> None:
    change = (
        "update open.lead_time set plan_count = null, plan_count_status = 'withheld' where period = '2021'"
    )
    assert "a figure is left beside a withheld count" in kinds(attack(tampered(change)))


def test_a_value_under_the_word_withheld_is_found(
    released: tuple[Path, OpenReleaseReport], tampered: Tampered
) -> None:
    key = withheld(released[0], "question", "total_count")
    found = attack(tampered(f"update open.question set total_count = 3 where {matching('question')}", *key))
    assert "value and status disagree" in kinds(found)


def test_shown_counts_that_cannot_be_true_together_are_found(tampered: Tampered) -> None:
    change = "update open.case_volume set total_count = total_count + 1 where area_level = 'county' and period = '2021'"
    assert "shown counts contradict each other" in kinds(attack(tampered(change)))
