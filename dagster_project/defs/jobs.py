"""The jobs: what can be started as one piece of work. No logic: each is the same assets under another configuration,
or one operation that calls the package of its subject.
"""

from typing import Any

import dagster as dg
from pydantic import Field

from dagster_project.defs import watching
from dagster_project.defs.keys import PUBLISHED
from dagster_project.defs.resources import Warehouse
from dagster_project.ingestion.masking import mask
from dagster_project.release import rollback as going_back


def _publishing(name: str, description: str, config: dict[str, Any] | None = None) -> Any:
    return dg.define_asset_job(
        name=name,
        selection=dg.AssetSelection.all(),
        executor_def=dg.in_process_executor,
        config=config,
        description=description,
    )


def _ingestion(**config: bool) -> dict[str, Any]:
    return {"ingest_deliveries": {"config": config}}


publish_release = _publishing(
    "publish_release",
    "Take in what is new, build, test, gate and publish. The same job that `trisam run` runs. In the "
    "configuration: `withdraw` accepts that files are gone, `only` names single deliveries, `without` with "
    "`without_by` and `without_why` leaves a delivery out until it is mended, `again` publishes what a rollback has "
    "left, and of the resource "
    "`warehouse`, `accept` with `accepted_by` and `accepted_why` lets a reviewed jump through.",
)

rebuild = _publishing(
    "rebuild",
    "Build the work file anew from the inbox, then publish. For a work file that is in doubt.",
    {"resources": {"warehouse": {"config": {"rebuild": True}}}, "ops": _ingestion(even_if_unchanged=True)},
)

forget = _publishing(
    "forget",
    "Erase the persons that `trisam forget --later` has put aside, publish a release without them, and remove the "
    "older ones. No number ever stands in the configuration or the log of a run.",
    {"ops": _ingestion(erase_requested=True)},
)


watch_deliveries = dg.define_asset_job(
    name="watch_deliveries",
    selection=dg.AssetSelection.assets(*watching.deliveries_in_time.keys)
    | dg.AssetSelection.checks(*watching.parties_are_in_time.check_keys),
    executor_def=dg.in_process_executor,
    description="Hold what is in force against the delivery calendar: who is late?",
)


class RollbackConfig(dg.Config):
    """Which release to go back to."""

    version: str = Field(
        default="", description="As `trisam releases` names it; blank: the one before the published."
    )
    by: str = Field(default="", description="Who goes back; shown where the release is said to be held.")


@dg.op(pool="warehouse", description="Verify the release against its manifest, then switch.")
def roll_back(context: dg.OpExecutionContext, config: RollbackConfig, warehouse: Warehouse) -> None:
    """Put an earlier release in force; refuses one whose files are not as its manifest says."""
    by = mask(config.by) or f"run {context.run_id} of the Dagster UI"
    done = going_back.roll_back(warehouse.settings, config.version or None, by=by)
    context.log.info(f"Published is now {done.to_version}.")
    context.add_output_metadata({"version": done.to_version})
    if done.held:
        context.log_event(dg.AssetObservation(PUBLISHED, description=done.sentence, metadata=done.facts()))


@dg.job(
    executor_def=dg.in_process_executor,
    description="Put an earlier release in force, the named one or the one before; refuses a damaged one.",
)
def rollback() -> None:
    """Go back."""
    roll_back()
