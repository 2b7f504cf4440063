"""Sensors: what starts a run without a person. Its rule lies in `automation/`."""

from __future__ import annotations

import dagster as dg

from dagster_project.automation import inbox
from dagster_project.contract import load_contract
from dagster_project.defs.jobs import publish_release
from dagster_project.errors import TrisamError
from dagster_project.release.hold import hold_in_force
from dagster_project.settings import load_settings

_TICK_SECONDS = 60


def default_status() -> dg.DefaultSensorStatus:
    """Whether sensors run from the start: as the settings say."""
    wanted = load_settings().automation
    return dg.DefaultSensorStatus.RUNNING if wanted else dg.DefaultSensorStatus.STOPPED


@dg.sensor(
    name="inbox_sensor",
    job=publish_release,
    minimum_interval_seconds=_TICK_SECONDS,
    default_status=default_status(),
    description="Starts a run when the recognised files of the inbox are the same at two ticks and hold news.",
)
def inbox_sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    """One tick: look, judge, and start a run at most once per content."""
    settings = load_settings()
    try:
        sight = inbox.look(settings.inbox, settings.work_db, load_contract())
        hold = hold_in_force(settings)
    except TrisamError as error:
        return dg.SensorResult(skip_reason=inbox.refusal(error), cursor=context.cursor)
    decision = inbox.judge(inbox.remembered(context.cursor), sight)
    cursor = decision.memory.model_dump_json()
    if decision.run_key is None:
        reason = f"{decision.reason} {hold.sentence}" if hold else decision.reason
        return dg.SensorResult(skip_reason=reason, cursor=cursor)
    request = dg.RunRequest(run_key=decision.run_key, tags={"trisam/started_by": "inbox"})
    context.log.info(decision.reason)
    return dg.SensorResult(run_requests=[request], cursor=cursor)
