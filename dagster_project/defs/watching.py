"""The delivery calendar as assets: one per party and dataset, marked each time the party is found in time.

A freshness policy turns an asset red when the mark of this morning is missing, and a check turns the dataset of the
raw layer red when one of its parties is late. Neither stops a release: a late party is no fault of those in time.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import dagster as dg

from dagster_project.automation.calendar import TIMEZONE, Duty, load_duties, today
from dagster_project.automation.deliveries import sentence, standing_on
from dagster_project.defs.keys import DELIVERY, OWNER, duty_key, raw_key
from dagster_project.defs.resources import Warehouse

IN_TIME = "parties_are_in_time"
# The look at the calendar is at six; at seven, a mark must be of the same day.
POLICY = dg.FreshnessPolicy.cron(
    deadline_cron="0 7 * * *", lower_bound_delta=timedelta(hours=7), timezone=TIMEZONE
)


def _specs(duties: Sequence[Duty]) -> list[dg.AssetSpec]:
    return [
        dg.AssetSpec(
            duty_key(duty.party, duty.dataset),
            deps=[DELIVERY],
            group_name="deliveries",
            owners=[OWNER],
            kinds={"calendar"},
            skippable=True,
            freshness_policy=POLICY,
            description=f"{duty.party} delivers {duty.dataset} every {duty.cadence.replace('_', ' ')}, within "
            f"{duty.due_days} days. Marked whenever all that is due is in force.",
            metadata={"cadence": duty.cadence, "due_days": duty.due_days, "first_day": str(duty.first_day)},
        )
        for duty in duties
    ]


DUTIES = load_duties()


@dg.multi_asset(name="deliveries_in_time", specs=_specs(DUTIES), pool="warehouse")
def deliveries_in_time(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> Iterator[dg.MaterializeResult[None]]:
    """Mark every party and dataset that owes nothing today; tell of the others."""
    for standing in standing_on(warehouse.settings.work_db, today()):
        duty = standing.duty
        if standing.is_late:
            context.log.warning(sentence(standing))
            continue
        metadata = {"in_time_until": str(standing.owed_until or "nothing is due yet")}
        yield dg.MaterializeResult(asset_key=duty_key(duty.party, duty.dataset), metadata=metadata)


def _check_specs() -> list[dg.AssetCheckSpec]:
    datasets = sorted({duty.dataset for duty in DUTIES})
    return [
        dg.AssetCheckSpec(
            name=IN_TIME,
            asset=raw_key(dataset),
            blocking=False,
            description="Every party has delivered what the delivery calendar says is due by now.",
        )
        for dataset in datasets
    ]


@dg.multi_asset_check(name=IN_TIME, specs=_check_specs(), pool="warehouse")
def parties_are_in_time(warehouse: Warehouse) -> Iterator[dg.AssetCheckResult]:
    """Name the parties that are late, dataset by dataset."""
    found = standing_on(warehouse.settings.work_db, today())
    for dataset in sorted({duty.dataset for duty in DUTIES}):
        late = [one for one in found if one.duty.dataset == dataset and one.is_late]
        yield dg.AssetCheckResult(
            asset_key=raw_key(dataset),
            check_name=IN_TIME,
            passed=not late,
            severity=dg.AssetCheckSeverity.ERROR,
            description="; ".join(sentence(one) for one in late),
            metadata={"late_parties": len(late)},
        )
