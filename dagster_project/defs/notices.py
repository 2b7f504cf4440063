"""Sensors that tell people: a run has failed, a delivery is late. What is said and how, `notices/` decides."""

from __future__ import annotations

import dagster as dg
import duckdb

from dagster_project.automation.calendar import today
from dagster_project.automation.deliveries import standing_on
from dagster_project.defs.keys import PUBLISHED
from dagster_project.defs.publishing import WARNED_BY
from dagster_project.defs.refusals import names_in
from dagster_project.defs.sensors import default_status
from dagster_project.notices.lateness import news, remembered
from dagster_project.notices.message import FailedRun, of_failed_run, of_late_deliveries, of_warned_run
from dagster_project.notices.sending import channels, send
from dagster_project.settings import load_settings

_HOUR = 3600
_NO_WAY = "Neither a mail server nor a webhook is set up (TRISAM_SMTP_HOST, TRISAM_WEBHOOK_URL)."


@dg.run_failure_sensor(
    name="notice_of_failed_run",
    # Runs of the command line belong to no code location.
    monitor_all_code_locations=True,
    default_status=default_status(),
    description="Tells by e-mail and webhook that a run has failed: names of steps and checks, no contents.",
)
def notice_of_failed_run(context: dg.RunFailureSensorContext) -> None:
    """Send a notice of one failed run."""
    settings = load_settings()
    if send(settings, of_failed_run(failed_run(context.instance, context.dagster_run), settings.ui_url)) == 0:
        context.log.info(_NO_WAY)


def failed_run(instance: dg.DagsterInstance, run: dg.DagsterRun) -> FailedRun:
    """What the event log tells of a failed run, by names alone."""
    kinds = {dg.DagsterEventType.STEP_FAILURE, dg.DagsterEventType.ASSET_CHECK_EVALUATION}
    events = [entry.dagster_event for entry in instance.all_logs(run.run_id, of_type=kinds)]
    failures = [e for e in events if e and e.is_step_failure and e.step_key]
    deliveries, expectations = names_in(failures)
    checks = [
        f"{e.asset_check_evaluation_data.asset_key.to_user_string()}: {e.asset_check_evaluation_data.check_name}"
        for e in events
        if e
        and e.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
        and not e.asset_check_evaluation_data.passed
        and e.asset_check_evaluation_data.blocking
        and e.asset_check_evaluation_data.severity == dg.AssetCheckSeverity.ERROR
    ]
    tags = run.tags
    started_by = tags.get("trisam/started_by") or tags.get("dagster/sensor_name") or tags.get("user", "")
    return FailedRun(
        job=run.job_name,
        run_id=run.run_id,
        started_by=started_by,
        steps=list(dict.fromkeys(e.step_key for e in failures if e.step_key)),
        checks=list(dict.fromkeys(checks)),
        deliveries=deliveries,
        expectations=expectations,
    )


@dg.run_status_sensor(
    name="notice_of_warnings",
    run_status=dg.DagsterRunStatus.SUCCESS,
    monitor_all_code_locations=True,
    default_status=default_status(),
    description="Tells by e-mail and webhook that a release has warnings: names of checks and deliveries.",
)
def notice_of_warnings(context: dg.RunStatusSensorContext) -> None:
    """Send a notice of one published release with warnings."""
    settings = load_settings()
    version, warnings = warned_release(context.instance, context.dagster_run)
    if not warnings:
        return
    notice = of_warned_run(version, context.dagster_run.run_id, warnings, settings.ui_url)
    if send(settings, notice) == 0:
        context.log.info(_NO_WAY)


def warned_release(instance: dg.DagsterInstance, run: dg.DagsterRun) -> tuple[str, list[str]]:
    """The release that a run published, and the names of what warned; no names where nothing did."""
    for entry in instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION):
        made = entry.asset_materialization
        names = made.metadata.get(WARNED_BY) if made is not None and made.asset_key == PUBLISHED else None
        if made is not None and isinstance(names, dg.JsonMetadataValue) and isinstance(names.data, list):
            return str(made.metadata["version"].value), [str(name) for name in names.data]
    return "", []


@dg.sensor(
    name="notice_of_late_deliveries",
    minimum_interval_seconds=_HOUR,
    default_status=default_status(),
    description="Tells by e-mail and webhook that a party is late by the delivery calendar, once for each period.",
)
def notice_of_late_deliveries(context: dg.SensorEvaluationContext) -> dg.SkipReason | dg.SensorResult:
    """Send one notice of all that is newly late."""
    settings = load_settings()
    if not channels(settings):
        return dg.SkipReason(_NO_WAY)
    if not settings.work_db.exists():
        return dg.SkipReason("No run has been made yet.")
    try:
        found = standing_on(settings.work_db, today())
    except duckdb.IOException:
        return dg.SkipReason("A run is writing the warehouse; looked at again at the next tick.")
    new, told = news(remembered(context.cursor), found)
    if new:
        send(settings, of_late_deliveries(new, settings.ui_url))
    said = f"Told of {len(new)} late deliveries." if new else "Nobody is late who was not told of before."
    return dg.SensorResult(skip_reason=said, cursor=told.model_dump_json())
