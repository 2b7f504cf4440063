"""The raw layer as assets: one operation takes in what is new and yields every dataset and the deliveries."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import dagster as dg
import duckdb
from pydantic import Field

from dagster_project import blocklist, erasure_requests
from dagster_project.contract import load_contract
from dagster_project.defs.keys import DELIVERY, OWNER, PUBLISHED, raw_key
from dagster_project.defs.resources import Warehouse
from dagster_project.defs.retries import tried_again_where_it_helps
from dagster_project.errors import TrisamError
from dagster_project.ingestion import ingest
from dagster_project.ingestion.limits import MIB, ReadingLimits
from dagster_project.ingestion.masking import mask_path
from dagster_project.keys import pseudonym_key
from dagster_project.quality.listings import quarantine_lists
from dagster_project.quality.runner import import_meanwhile
from dagster_project.quality.volumes import record_volumes, remember_published
from dagster_project.release.candidate import DATABASE
from dagster_project.release.unchanged import held_back, is_published
from dagster_project.release.withdrawal import refuse_withdrawal
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
        _take_in(context, config, settings)
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
        record_volumes(con, load_contract())
        remember_published(con, settings.published_link / DATABASE)
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
    ingest(
        settings.inbox,
        settings.work_db,
        pseudonym_key(settings),
        limits=reading_limits(settings),
        withdraw=config.withdraw,
        only=config.only or None,
        progress=context.log.info,
    )
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
