"""The code location: assembly, nothing else."""

from __future__ import annotations

import dagster as dg

from dagster_project.defs import (
    bi,
    boundaries,
    ingestion,
    jobs,
    notices,
    publishing,
    schedules,
    sensors,
    transform,
    watching,
)
from dagster_project.defs.dbt_cli import dbt_resource
from dagster_project.defs.resources import Warehouse

defs = dg.Definitions(
    assets=[
        ingestion.ingest_deliveries,
        transform.dbt_build,
        watching.deliveries_in_time,
        publishing.candidate,
        publishing.open_release,
        publishing.report,
        publishing.published,
        *bi.assets(),
    ],
    asset_checks=[
        boundaries.expect_extracts,
        boundaries.expect_release,
        boundaries.prove_open_release,
        watching.parties_are_in_time,
    ],
    jobs=[jobs.publish_release, jobs.rebuild, jobs.rollback, jobs.forget, jobs.watch_deliveries],
    schedules=schedules.SCHEDULES,
    sensors=[
        sensors.inbox_sensor,
        notices.notice_of_failed_run,
        notices.notice_of_warnings,
        notices.notice_of_late_deliveries,
    ],
    resources={"warehouse": Warehouse(), "dbt": dbt_resource()},
)
