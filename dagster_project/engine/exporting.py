"""From the work file to Parquet: the tables that dbt's sources name, as far as a model reads them.

Rows of deliveries in force only, partitioned by party and delivery period; a pseudonym is the most that a row says
of a person, as in the work file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb

from dagster_project.engine.place import Place
from dagster_project.sql_text import identifier as name

RAW, DELIVERY = "raw", ("quality", "delivery")
PARTITIONS = ("party", "period")
_ROWS_PER_BATCH = 100_000
# A file for each party and period; more than anybody delivers in twenty years.
_MOST_PARTITIONS = 1_000_000


@dataclass(frozen=True)
class Exported:
    """A table as it lies in the shared folder. `columns`: name and DuckDB type, those of the partitions last."""

    schema: str
    table: str
    columns: tuple[tuple[str, str], ...]
    partitions: tuple[str, ...]
    place: Place


def tables_read(manifest: dict[str, Any]) -> list[tuple[str, str]]:
    """Schema and table of every source that a model of the project reads, sorted."""
    sources = manifest["sources"]
    models = (node for node in manifest["nodes"].values() if node["resource_type"] == "model")
    used = {s for model in models for s in model["depends_on"]["nodes"] if s in sources}
    return sorted((sources[s]["source_name"], sources[s]["name"]) for s in used)


def export_table(con: duckdb.DuckDBPyConnection, schema: str, table: str, folder: Place) -> Exported:
    """Write one table of the work file to `folder/SCHEMA/TABLE`, raw ones by party and period."""
    place = folder.under(schema, table)
    place.make()
    partitions = PARTITIONS if schema == RAW else ()
    rows = con.sql(_accepted_rows(table) if schema == RAW else f"from {name(schema)}.{name(table)}")
    _write(rows, place, partitions)
    typed = dict(zip(rows.columns, (str(kind) for kind in rows.types), strict=True))
    plain = [column for column in typed if column not in partitions]
    return Exported(
        schema=schema,
        table=table,
        columns=tuple((column, typed[column]) for column in (*plain, *partitions)),
        partitions=partitions,
        place=place,
    )


def _accepted_rows(table: str) -> str:
    # In the order of the partitions, so that a partition is one file, and the same rows give the same files.
    return (
        f"select raw_rows.*, delivery.period from {name(RAW)}.{name(table)} as raw_rows "
        "inner join quality.delivery as delivery "
        "on raw_rows.delivery_id = delivery.delivery_id and delivery.status = 'in_force' "
        "order by raw_rows.party, delivery.period, raw_rows.delivery_id, raw_rows.row_number"
    )


def _write(rows: duckdb.DuckDBPyRelation, place: Place, partitions: tuple[str, ...]) -> None:
    import pyarrow as pa  # noqa: PLC0415  only runs on Spark pay for the import
    import pyarrow.dataset as ds  # noqa: PLC0415

    reader = rows.to_arrow_reader(_ROWS_PER_BATCH)
    parts = ds.partitioning(pa.schema([reader.schema.field(column) for column in partitions]), flavor="hive")
    ds.write_dataset(
        reader,
        place.path,
        filesystem=place.filesystem,
        format="parquet",
        partitioning=parts if partitions else None,
        basename_template="part-{i}.parquet",
        existing_data_behavior="error",
        max_partitions=_MOST_PARTITIONS,
        use_threads=False,
    )
