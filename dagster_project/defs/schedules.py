"""Schedules: the days of the report calendar, and the morning look at who is late. Dates are reference data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import dagster as dg

from dagster_project.automation.calendar import TIMEZONE, ReportDay, load_report_days
from dagster_project.defs.jobs import publish_release, watch_deliveries
from dagster_project.settings import load_settings

# Before people are at work; the freshness policies of deliveries look an hour later.
EVERY_MORNING = "0 6 * * *"


def _default_status() -> dg.DefaultScheduleStatus:
    wanted = load_settings().automation
    return dg.DefaultScheduleStatus.RUNNING if wanted else dg.DefaultScheduleStatus.STOPPED


def report_schedules(days: Sequence[ReportDay]) -> list[dg.ScheduleDefinition]:
    """One schedule per report of the calendar: a run that publishes what has come by its days."""
    by_report: dict[str, list[ReportDay]] = defaultdict(list)
    for day in days:
        by_report[day.report].append(day)
    return [
        dg.ScheduleDefinition(
            name=name,
            job=publish_release,
            cron_schedule=[day.cron for day in own],
            execution_timezone=TIMEZONE,
            tags={"trisam/started_by": name},
            description=f"{own[0].label_sv}: publishes on the days of the report calendar, if anything is new.",
            default_status=_default_status(),
        )
        for name, own in by_report.items()
    ]


def _morning() -> dg.ScheduleDefinition:
    return dg.ScheduleDefinition(
        name="every_morning",
        job=watch_deliveries,
        cron_schedule=EVERY_MORNING,
        execution_timezone=TIMEZONE,
        tags={"trisam/started_by": "every_morning"},
        description="Holds what is in force against the delivery calendar.",
        default_status=_default_status(),
    )


SCHEDULES = [*report_schedules(load_report_days()), _morning()]
