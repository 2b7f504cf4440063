"""From the cluster back to what goes out: marts and indicators, as dbt would have made them there.

A table is made after its contract (types, not null, comments) and filled with the Parquet that Spark has written, so
that whoever reads them afterwards cannot tell where they were built.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from dagster_project.engine.place import Place
from dagster_project.errors import TrisamError
from dagster_project.sql_text import identifier as name
from dagster_project.sql_text import literal

_NOT_NULL = "not_null"


class ReturnError(TrisamError):
    """A table that Spark has built does not fit its contract."""


@dataclass(frozen=True)
class Column:
    """A column of a contract. `data_type` is DuckDB's."""

    name: str
    data_type: str
    not_null: bool
    description: str


@dataclass(frozen=True)
class Contract:
    """What a model promises of its table."""

    schema: str
    table: str
    description: str
    columns: tuple[Column, ...]


def contracts(manifest: Mapping[str, Any]) -> list[Contract]:
    """The contract of every model that has one: marts and indicators."""
    return sorted(_contracts(manifest), key=lambda contract: (contract.schema, contract.table))


def _contracts(manifest: Mapping[str, Any]) -> Iterator[Contract]:
    for node in manifest["nodes"].values():
        if node["resource_type"] != "model" or not node["config"]["contract"]["enforced"]:
            continue
        columns = tuple(
            Column(
                name=column["name"],
                data_type=column["data_type"],
                not_null=any(c["type"] == _NOT_NULL for c in column["constraints"]),
                description=column["description"],
            )
            for column in node["columns"].values()
        )
        yield Contract(node["schema"], node.get("alias") or node["name"], node["description"], columns)


def bring_back(con: duckdb.DuckDBPyConnection, contract: Contract, tables: Place) -> int:
    """Put what Spark has built in place of a table; its rows.

    `tables` is the folder of the run's schemas. Raises ReturnError when columns or values break the contract; the
    table is then as it was.
    """
    import pyarrow as pa  # noqa: PLC0415  only runs on Spark pay for the import
    import pyarrow.dataset as ds  # noqa: PLC0415

    place = tables.under(contract.schema, contract.table)
    target = f"{name(contract.schema)}.{name(contract.table)}"
    listed = ", ".join(name(column.name) for column in contract.columns)
    con.execute("begin")
    try:
        con.register("built_on_spark", ds.dataset(place.path, filesystem=place.filesystem, format="parquet"))
        con.execute(f"create schema if not exists {name(contract.schema)}")
        con.execute(_ddl(target, contract))
        con.execute(f"insert into {target} select {listed} from built_on_spark")
        _comment(con, target, contract)
        con.execute("commit")
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        con.execute("rollback")
        said = str(error).splitlines()[0]
        raise ReturnError(
            f"{contract.schema}.{contract.table} does not come back from {place.location}: {said}",
            "Compare the table on the cluster with its contract in the model's YAML.",
        ) from None
    finally:
        con.unregister("built_on_spark")
    row = con.execute(f"select count(*) from {target}").fetchone()
    return int(row[0]) if row else 0


def _ddl(target: str, contract: Contract) -> str:
    columns = ", ".join(
        f"{name(column.name)} {column.data_type}{' not null' if column.not_null else ''}"
        for column in contract.columns
    )
    return f"create or replace table {target} ({columns})"


def _comment(con: duckdb.DuckDBPyConnection, target: str, contract: Contract) -> None:
    con.execute(f"comment on table {target} is {literal(contract.description)}")
    for column in contract.columns:
        con.execute(f"comment on column {target}.{name(column.name)} is {literal(column.description)}")
