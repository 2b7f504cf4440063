"""The raw layer as assets: one operation takes in what is new and yields every dataset and the deliveries."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import dagster as dg
import duckdb
from pydantic import Field

from dagster_project import blocklist, erasure_requests
from dagster_project.contract import load_contract
from dagster_project.defs.keys import DELIVERY, OWNER, PUBLISHED, raw_key
from dagster_project.defs.refusals import refused
from dagster_project.defs.resources import Warehouse
from dagster_project.defs.retries import tried_again_where_it_helps
from dagster_project.errors import TrisamError
from dagster_project.ingestion import WithdrawnDeliveriesError, ingest
from dagster_project.ingestion.left_out import Without
from dagster_project.ingestion.limits import MIB, ReadingLimits
from dagster_project.ingestion.masking import mask_path
from dagster_project.keys import pseudonym_key
from dagster_project.quality.drift import record_delivery_drift
from dagster_project.quality.listings import quarantine_lists
from dagster_project.quality.previous import remember_published
from dagster_project.quality.profile import record_profile
from dagster_project.quality.runner import import_meanwhile
from dagster_project.release.candidate import DATABASE
from dagster_project.release.manifest import read_manifest
from dagster_project.release.unchanged import held_back, is_published
from dagster_project.release.withdrawal import WithdrawnError, refuse_withdrawal
from dagster_project.settings import Settings


class IngestConfig(dg.Config):
    """What a person may say about the deliveries of one run."""

    withdraw: bool = Field(default=False, description="Accept that files of deliveries in force are gone.")
    even_if_unchanged: bool = Field(default=False, description="Publish although nothing is new.")
    again: bool = Field(default=False, description="Publish again what a rollback has left.")
    only: list[str] = Field(
        default=[],
        description="Take in nothing but these: a party (af), a dataset (team) or both (kommun-2180/avslut).",
    )
    without: list[str] = Field(
        default=[],
        description="Leave out these files, as if they were not delivered yet: PARTY/DATASET_PERIOD "
        "(kommun-2181/forsorjningsstod_2021-03).",
    )
    without_by: str = Field(default="", description="Who leaves them out; published with the release.")
    without_why: str = Field(default="", description="Why they are left out; published with the release.")
    erase_requested: bool = Field(
        default=False, description="First erase the persons put aside by `trisam forget --later`."
    )


def _specs() -> list[dg.AssetSpec]:
    contract = load_contract()
    raw = [
        dg.AssetSpec(
            raw_key(name),
            description=f"{dataset.title_sv}. {dataset.description_sv} Accepted rows of the deliveries in force.",
            group_name="raw",
            owners=[OWNER],
            kinds={"duckdb"},
            skippable=True,
            metadata={"grain": dataset.grain_sv, "personal_data": bool(dataset.person_columns)},
        )
        for name, dataset in contract.datasets.items()
    ]
    return [
        *raw,
        dg.AssetSpec(
            DELIVERY,
            description="One row per file in the inbox: what it is, whether it is in force, and why not.",
            group_name="raw",
            owners=[OWNER],
            kinds={"duckdb"},
            skippable=True,
        ),
    ]


@dg.multi_asset(name="ingest_deliveries", specs=_specs(), pool="warehouse")
def ingest_deliveries(
    context: dg.AssetExecutionContext, config: IngestConfig, warehouse: Warehouse
) -> Iterator[dg.MaterializeResult[None]]:
    """Take in what the inbox holds that is new; ends the run here when there is nothing new to publish."""
    settings = warehouse.settings
    import_meanwhile()  # the next step judges what this one takes in
    with tried_again_where_it_helps():
        try:
            _take_in(context, config, settings)
        except (WithdrawnDeliveriesError, WithdrawnError) as error:
            raise refused([str(error)], deliveries=[f"{name} (gone)" for name in error.missing]) from error
    if is_published(settings) and not config.even_if_unchanged:
        context.log.info("Nothing new: the published release rests on the same deliveries and the same code.")
        erasure_requests.finish(settings)
        return
    if not config.again and (hold := held_back(settings)):
        context.log.info(hold.sentence)
        context.log_event(dg.AssetObservation(PUBLISHED, description=hold.sentence, metadata=hold.facts()))
        return
    lists = quarantine_lists(settings, load_contract().datasets)
    with duckdb.connect(str(settings.work_db)) as con:
        remember_published(con, settings.published_link / DATABASE)
        record_profile(con, load_contract())
        record_delivery_drift(con)
        for name in load_contract().datasets:
            yield dg.MaterializeResult(
                asset_key=raw_key(name), metadata=_dataset_metadata(con, name, lists.get(name))
            )
        yield dg.MaterializeResult(asset_key=DELIVERY, metadata=_delivery_metadata(con))


def _take_in(context: dg.AssetExecutionContext, config: IngestConfig, settings: Settings) -> None:
    erasure_requests.resume(settings)
    blocklist.restore(settings.blocked_file, settings.work_db)
    refuse_unknown_names(config.only)
    if config.erase_requested:
        # Counts only: what Dagster keeps of a run is read by many.
        erased = erasure_requests.apply(settings)
        context.log.info(
            f"Persons newly blocked: {erased.persons_blocked}. Rows removed: {erased.rows_deleted}."
        )
    published = read_manifest(settings.published_link)
    taken_in = ingest(
        settings.inbox,
        settings.work_db,
        pseudonym_key(settings),
        limits=reading_limits(settings),
        withdraw=config.withdraw,
        only=config.only or None,
        without=Without(tuple(config.without), config.without_by, config.without_why),
        published={d.delivery_id: d.content_hash for d in published.deliveries} if published else {},
        progress=context.log.info,
    )
    for name in taken_in.left_out:
        context.log.warning(f"Left out by a person: {name}. The release says that it lacks it.")
    if not config.withdraw:
        refuse_withdrawal(settings)


def refuse_unknown_names(only: Sequence[str]) -> None:
    """Raise TrisamError when one names no party or dataset: a slip would take in nothing, and nobody would notice."""
    contract = load_contract()
    for name in only:
        first, slash, dataset = name.partition("/")
        party = contract.party_of_folder(first)
        delivers = {d.name for d in contract.datasets_of(party.code)} if party else set()
        if (dataset in delivers) if slash else (party or first in contract.datasets):
            continue
        raise TrisamError(
            f"Nobody delivers {mask_path(name)}.",
            "Name a party (af), a dataset (team) or both (kommun-2180/avslut).",
        )


def reading_limits(settings: Settings) -> ReadingLimits:
    """The limits of reading: the settings where they say something, else the defaults."""
    limits = ReadingLimits(max_unfolded_bytes=settings.max_unfolded_mb * MIB)
    if settings.memory_limit:
        return limits.model_copy(update={"memory_limit": settings.memory_limit})
    return limits


def _dataset_metadata(
    con: duckdb.DuckDBPyConnection, dataset: str, quarantine: Path | None
) -> dict[str, dg.MetadataValue]:
    deliveries = con.execute(
        "select delivery_id, rows_loaded, rows_quarantined from quality.delivery "
        "where dataset = ? and status = 'in_force' order by delivery_id",
        [dataset],
    ).fetchall()
    listed = "\n".join(f"| {name} | {loaded} | {bad} |" for name, loaded, bad in deliveries)
    listing = {"quarantine_list": dg.MetadataValue.path(quarantine)} if quarantine else {}
    return {
        **listing,
        "dagster/row_count": dg.MetadataValue.int(sum(row[1] or 0 for row in deliveries)),
        "quarantined_rows": dg.MetadataValue.int(sum(row[2] or 0 for row in deliveries)),
        "deliveries": dg.MetadataValue.md(
            f"| delivery | rows | quarantined |\n| --- | ---: | ---: |\n{listed}"
        ),
    }


def _delivery_metadata(con: duckdb.DuckDBPyConnection) -> dict[str, dg.MetadataValue]:
    counts = con.execute("select status, count(*) from quality.delivery group by 1 order by 1").fetchall()
    return {str(status): dg.MetadataValue.int(int(count)) for status, count in counts}
