"""The sensors as Dagster ticks them: the inbox starts a run, failures and late deliveries are told."""

from datetime import date

import dagster as dg
import pytest

from dagster_project.defs.keys import PUBLISHED
from dagster_project.defs.notices import (
    failed_run,
    notice_of_failed_run,
    notice_of_late_deliveries,
    notice_of_warnings,
)
from dagster_project.defs.publishing import WARNED_BY
from dagster_project.defs.refusals import refuse_where_blocked
from dagster_project.defs.sensors import inbox_sensor
from dagster_project.ingestion import ingest
from dagster_project.keys import prepare_work
from dagster_project.quality.outcome import Finding, Outcome
from dagster_project.release.rollback import roll_back
from dagster_project.settings import load_settings
from tests.releases import V1, V2, publish, publish_small

MEETINGS = "mote_id;team_id;motesdatum;form;status;installt_orsak\nM1;2180-01;2021-02-03;D;GENOMFORT;\n"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home and an inbox of their own, in the environment as a server has them."""
    (tmp_path / "inbox" / "rg").mkdir(parents=True)
    monkeypatch.setenv("TRISAM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TRISAM_INBOX", str(tmp_path / "inbox"))
    prepare_work(load_settings())
    return tmp_path


@pytest.fixture
def instance():
    with dg.instance_for_test() as instance:
        yield instance


def tick(sensor, repository, instance, cursor=None):
    context = dg.build_sensor_context(instance=instance, repository_def=repository, cursor=cursor)
    return sensor.evaluate_tick(context)


def test_the_second_tick_starts_the_job_with_a_key_of_the_content(repository, instance, home):
    (home / "inbox" / "rg" / "moten_2021.csv").write_text(MEETINGS)
    first = tick(inbox_sensor, repository, instance)
    second = tick(inbox_sensor, repository, instance, first.cursor)
    third = tick(inbox_sensor, repository, instance, second.cursor)
    assert first.run_requests == []
    assert "Waiting" in first.skip_message
    (request,) = second.run_requests
    assert request.run_key.startswith("inbox-")
    assert third.run_requests == []


def test_an_inbox_that_is_not_there_is_told_in_words(repository, instance, home):
    (home / "inbox" / "rg").rmdir()
    (home / "inbox").rmdir()
    assert "does not exist" in tick(inbox_sensor, repository, instance).skip_message


def test_a_tick_that_starts_nothing_says_that_a_release_is_held(repository, instance, home):
    settings = load_settings()
    publish_small(settings, V1)
    publish(settings, V2, lambda folder: (folder / "trisam.duckdb").touch(), fingerprint="1" * 16)
    roll_back(settings, by="A. Andersson")
    said = tick(inbox_sensor, repository, instance).skip_message
    assert f"Release {V1} is held: A. Andersson" in said
    assert V2 in said


def test_a_run_of_the_command_line_that_fails_is_told(
    definitions, repository, instance, home, webhook, monkeypatch
):
    monkeypatch.setenv("TRISAM_WEBHOOK_URL", webhook.url)
    begun = tick(notice_of_failed_run, repository, instance)
    job = definitions.resolve_job_def("rollback")
    run = job.execute_in_process(instance=instance, raise_on_error=False)
    assert not run.success
    tick(notice_of_failed_run, repository, instance, begun.cursor)
    (posted,) = webhook.posts
    assert (posted["kind"], posted["job"], posted["run_id"]) == ("run_failed", "rollback", run.run_id)
    assert posted["steps"] == ["roll_back"]


BLOCKED = Outcome(
    check_id="no_delivery_rejected",
    suite="delivery",
    table="quality.delivery",
    status="failed",
    message="One is.",
    findings=[Finding(party="kommun-2181", dataset="avslut", period="2022", what="missing_column")],
)
REPORTED = BLOCKED.model_copy(update={"check_id": "published_figures_match", "level": "informs"})
REJECTED = ("kommun-2181/avslut_2022.csv", "missing_column", "missing: orsak")


def test_a_refusal_names_the_delivery_and_the_check_in_the_failure_and_in_the_notice(instance):
    @dg.op
    def judge():
        refuse_where_blocked([BLOCKED, REPORTED], [REJECTED])

    @dg.job
    def judging():
        judge()

    result = judging.execute_in_process(instance=instance, raise_on_error=False)
    said = result.failure_data_for_node("judge").user_failure_data.description
    assert said.splitlines() == [
        "kommun-2181/avslut_2022.csv is rejected (missing_column): missing: orsak",
        "quality.delivery: One is. [no_delivery_rejected failed]",
        "  kommun-2181/avslut 2022: missing_column",
    ]
    told = failed_run(instance, instance.get_run_by_id(result.run_id))
    assert told.deliveries == ["kommun-2181/avslut_2022.csv (missing_column)"]
    assert told.expectations == ["no_delivery_rejected (kommun-2181/avslut_2022)"]


def test_where_nothing_blocks_nothing_is_refused():
    refuse_where_blocked([REPORTED], [])


@pytest.mark.parametrize("warned", [["amounts_hold_as_usual (rg/arenden_2021)"], []], ids=["warned", "quiet"])
def test_a_release_with_warnings_is_told_by_names_alone(
    repository, instance, home, webhook, monkeypatch, warned
):
    @dg.op
    def publish_it(context):
        metadata = {"version": V1} | ({WARNED_BY: dg.MetadataValue.json(warned)} if warned else {})
        context.log_event(dg.AssetMaterialization(PUBLISHED, metadata=metadata))

    @dg.job
    def publishing():
        publish_it()

    monkeypatch.setenv("TRISAM_WEBHOOK_URL", webhook.url)
    begun = tick(notice_of_warnings, repository, instance)
    run = publishing.execute_in_process(instance=instance)
    tick(notice_of_warnings, repository, instance, begun.cursor)
    told = [(p["kind"], p["version"], p["run_id"], p["warnings"]) for p in webhook.posts]
    assert told == ([("run_warned", V1, run.run_id, warned)] if warned else [])


def test_a_run_that_succeeds_is_told_to_nobody(definitions, repository, instance, home, webhook, monkeypatch):
    monkeypatch.setenv("TRISAM_WEBHOOK_URL", webhook.url)
    begun = tick(notice_of_failed_run, repository, instance)
    assert definitions.resolve_job_def("watch_deliveries").execute_in_process(instance=instance).success
    tick(notice_of_failed_run, repository, instance, begun.cursor)
    assert webhook.posts == []


def test_late_deliveries_are_mailed_once(repository, instance, home, mailbox, monkeypatch):
    for name, value in {
        "HOST": "127.0.0.1",
        "PORT": str(mailbox.port),
        "SECURITY": "none",
    }.items():
        monkeypatch.setenv(f"TRISAM_SMTP_{name}", value)
    monkeypatch.setenv("TRISAM_NOTICE_FROM", "trisam@example.se")
    monkeypatch.setenv("TRISAM_NOTICE_TO", "a@example.se")
    monkeypatch.setattr("dagster_project.defs.notices.today", lambda: date(2022, 1, 25))
    (home / "inbox" / "rg" / "moten_2021.csv").write_text(MEETINGS)
    ingest(load_settings().inbox, load_settings().work_db, b"k" * 32)
    first = tick(notice_of_late_deliveries, repository, instance)
    second = tick(notice_of_late_deliveries, repository, instance, first.cursor)
    ((_, _, mail),) = mailbox.mails
    assert "rg/arenden: 2019-12-01 to 2021-12-31 is not delivered" in mail.get_content()
    assert "Nobody is late who was not told of before" in second.skip_message


def test_where_nobody_is_to_be_told_a_tick_says_so(repository, instance, home):
    assert (
        "Neither a mail server nor a webhook"
        in tick(notice_of_late_deliveries, repository, instance).skip_message
    )
