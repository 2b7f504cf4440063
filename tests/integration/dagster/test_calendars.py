"""What the calendars start and what they turn red, as Dagster is told."""

import asyncio
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import dagster as dg
import duckdb
import pytest
from dagster._core.definitions.freshness import FreshnessState
from dagster._core.definitions.freshness_evaluator import FRESHNESS_EVALUATORS_BY_POLICY_TYPE
from dagster._core.loader import LoadingContextForTest
from dagster._core.test_utils import freeze_time
from dagster._utils.schedules import schedule_execution_time_iterator

from dagster_project.automation.calendar import load_duties, load_report_days, owed_until
from dagster_project.contract import load_contract
from dagster_project.defs.keys import duty_key, raw_key
from dagster_project.defs.watching import IN_TIME, POLICY
from dagster_project.ingestion.warehouse import ensure_tables
from dagster_project.keys import prepare_work
from dagster_project.settings import load_settings

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def ticks_of(schedule, start):
    """The moments at which a schedule starts its job, from a day on."""
    moment = datetime(start.year, start.month, start.day, tzinfo=STOCKHOLM)
    lines, zone = schedule.cron_schedule, schedule.execution_timezone
    return schedule_execution_time_iterator(moment.timestamp(), lines, zone)


def test_every_day_of_the_report_calendar_is_a_tick_of_its_schedule_in_swedish_time(repository):
    wanted = {(day.report, day.month, day.day, day.hour) for day in load_report_days()}
    found = set()
    for name in {day.report for day in load_report_days()}:
        schedule = repository.get_schedule_def(name)
        assert schedule.job_name == "publish_release"
        ticks = ticks_of(schedule, date(2026, 1, 1))
        for _ in range(sum(day.report == name for day in load_report_days())):
            moment = next(ticks).astimezone(STOCKHOLM)
            found.add((name, moment.month, moment.day, moment.hour))
    assert found == wanted


def test_every_duty_is_an_asset_with_a_freshness_policy(repository):
    graph = repository.asset_graph
    for duty in load_duties():
        assert graph.get(duty_key(duty.party, duty.dataset)).freshness_policy == POLICY


def test_a_mark_counts_on_the_day_it_was_made(repository):
    morning = repository.get_schedule_def("every_morning")
    tick = next(ticks_of(morning, date(2026, 11, 22)))
    looked = tick.astimezone(STOCKHOLM)
    deadline = datetime(2026, 11, 22, 7, tzinfo=STOCKHOLM)
    assert deadline - POLICY.lower_bound_delta <= looked < deadline
    assert looked - timedelta(days=1) < deadline - POLICY.lower_bound_delta


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """A warehouse in which everybody delivered all that the calendar ever asks for, but for one municipality."""
    monkeypatch.setenv("TRISAM_HOME", str(tmp_path / "home"))
    settings = load_settings()
    prepare_work(settings)
    with duckdb.connect(str(settings.work_db)) as con:
        ensure_tables(con, load_contract())
        for duty in load_duties():
            end = owed_until(duty, date(2026, 11, 22))
            if (duty.party, duty.dataset) == ("kommun-2104", "avslut"):
                end = date(2022, 10, 31)
            con.execute(
                "insert into quality.delivery (delivery_id, party, dataset, status, period_start, period_end) "
                "values (?, ?, ?, 'in_force', ?, ?)",
                [f"{duty.party}/{duty.dataset}", duty.party, duty.dataset, duty.first_day, end],
            )
    return settings


def look(definitions, monkeypatch):
    monkeypatch.setattr("dagster_project.defs.watching.today", lambda: date(2026, 11, 22))
    with dg.DagsterInstance.ephemeral() as instance:
        return definitions.resolve_job_def("watch_deliveries").execute_in_process(instance=instance)


@pytest.mark.usefixtures("settings")
def test_a_party_that_is_late_gets_no_mark_and_turns_its_dataset_red(definitions, monkeypatch):
    result = look(definitions, monkeypatch)
    marked = {event.asset_key for event in result.get_asset_materialization_events()}
    every = {duty_key(duty.party, duty.dataset) for duty in load_duties()}
    assert every - marked == {duty_key("kommun-2104", "avslut")}
    checks = {e.asset_key: e for e in result.get_asset_check_evaluations() if e.check_name == IN_TIME}
    assert set(checks) == {raw_key(name) for name in load_contract().datasets}
    failed = [evaluation for evaluation in checks.values() if not evaluation.passed]
    assert [evaluation.asset_key for evaluation in failed] == [raw_key("avslut")]
    assert failed[0].severity == dg.AssetCheckSeverity.ERROR
    assert not failed[0].blocking
    assert "kommun-2104/avslut: 2022-11-01 to 2022-12-31" in failed[0].description


def test_where_no_run_was_made_everybody_is_late(definitions, monkeypatch, tmp_path):
    monkeypatch.setenv("TRISAM_HOME", str(tmp_path / "fresh"))
    result = look(definitions, monkeypatch)
    assert not result.get_asset_materialization_events()
    assert all(not e.passed for e in result.get_asset_check_evaluations() if e.check_name == IN_TIME)


AVSLUT = duty_key("kommun-2104", "avslut")


def state_at(repository, instance, moment):
    """What Dagster makes of the freshness policy at a moment."""
    evaluator = FRESHNESS_EVALUATORS_BY_POLICY_TYPE[type(POLICY)]()
    node = repository.asset_graph.get(AVSLUT)
    with freeze_time(moment):
        return asyncio.run(evaluator.evaluate_freshness(LoadingContextForTest(instance), node))


def mark_at(instance, moment):
    with freeze_time(moment):
        instance.report_runless_asset_event(dg.AssetMaterialization(AVSLUT))


def at(day, hour):
    return datetime(2026, 11, day, hour, 1, tzinfo=STOCKHOLM)


def test_a_party_is_fresh_while_each_morning_finds_it_in_time_and_red_on_the_first_that_does_not(repository):
    with dg.instance_for_test() as instance:
        assert state_at(repository, instance, at(20, 8)) == FreshnessState.UNKNOWN
        mark_at(instance, at(20, 6))
        assert state_at(repository, instance, at(20, 8)) == FreshnessState.PASS
        assert state_at(repository, instance, at(21, 5)) == FreshnessState.PASS
        assert state_at(repository, instance, at(21, 8)) == FreshnessState.FAIL
        mark_at(instance, at(21, 15))
        assert state_at(repository, instance, at(21, 16)) == FreshnessState.PASS
        assert state_at(repository, instance, at(22, 8)) == FreshnessState.FAIL
