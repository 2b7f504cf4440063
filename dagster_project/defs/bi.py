"""What follows publication where it is wanted: the release in PostgreSQL. Without a server there is no such asset."""

import dagster as dg

from dagster_project.defs.keys import OWNER, POSTGRES, PUBLISHED
from dagster_project.defs.resources import Warehouse
from dagster_project.postgres.settings import is_wanted, load_postgres_settings


@dg.asset(
    key=POSTGRES,
    deps=[PUBLISHED],
    group_name="release",
    owners=[OWNER],
    kinds={"postgres"},
    pool="warehouse",
    # A reader who holds a table for long, or a server that is being restarted: it may go well in a while.
    retry_policy=dg.RetryPolicy(max_retries=2, delay=30),
    description="The published release in PostgreSQL, swapped in by one transaction: what BI tools connect to.",
)
def postgres(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult[None]:
    """Load the published release and put it in force on the server."""
    from dagster_project.postgres.dependents import DependentsError  # noqa: PLC0415  loads drivers
    from dagster_project.postgres.publish import publish  # noqa: PLC0415

    try:
        done = publish(load_postgres_settings(), warehouse.settings.published_link, context.log.info)
    except DependentsError as error:
        # Nothing that a second try would find otherwise.
        raise dg.Failure(str(error), allow_retries=False) from error
    return dg.MaterializeResult(
        metadata={
            "version": done.version,
            "loaded": done.loaded,
            "dagster/row_count": done.rows,
            "tables": done.tables,
            "views_carried_over": list(done.views_carried_over),
            "attempts": done.attempts,
        }
    )


def assets() -> list[dg.AssetsDefinition]:
    """The asset, where TRISAM_POSTGRES_HOST names a server."""
    return [postgres] if is_wanted() else []
