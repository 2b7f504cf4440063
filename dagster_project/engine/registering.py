"""What the cluster's catalog is told: the schemas of the layers, and the exported tables under their names.

A schema lies in the folder of the run, so what dbt builds in it lies there too. Its name is the prefix of the
settings and the layer, as the dbt profile's target makes it.
"""

from __future__ import annotations

from collections.abc import Iterable

from dagster_project.engine.exporting import Exported
from dagster_project.engine.place import Place
from dagster_project.engine.server import Session, name, text
from dagster_project.errors import TrisamError

# Spark's names of the types that differ; every other bears the same name in both.
_SPARK_TYPES = {"VARCHAR": "string", "INTEGER": "int"}


class ForeignSchemaError(TrisamError):
    """A schema of that name is there already, and no run has made it."""


def make_schemas(session: Session, prefix: str, layers: Iterable[str], tables: Place, root: Place) -> None:
    """Make the schema of every layer anew, each in its own folder of `tables`.

    What an earlier run has left under `root` is dropped before. Raises ForeignSchemaError when a schema of that name
    lies elsewhere, before anything is dropped.
    """
    wanted = sorted(layers)
    drop_schemas(session, prefix, wanted, root)
    for layer in wanted:
        folder = tables.under(layer)
        session.run(f"create schema {name(f'{prefix}_{layer}')} location {text(folder.location)}")


def drop_schemas(session: Session, prefix: str, layers: Iterable[str], root: Place) -> None:
    """Drop the schemas of the layers with their tables, as far as they are there.

    Raises ForeignSchemaError when one lies outside of `root`, before anything is dropped.
    """
    present = {str(row[0]) for row in session.ask("show schemas")}
    standing = [schema for schema in (f"{prefix}_{layer}" for layer in layers) if schema in present]
    for schema in standing:
        if not _location(session, schema).startswith(_bare(root.location) + "/"):
            raise ForeignSchemaError(
                f"The cluster has a schema {schema} that lies outside of TRISAM_SPARK_FOLDER.",
                "It is not a run's to replace. Choose another prefix: TRISAM_SPARK_SCHEMA.",
            )
    for schema in standing:
        session.run(f"drop schema {name(schema)} cascade")


def register(session: Session, prefix: str, table: Exported) -> None:
    """Make an exported table known as `PREFIX_SCHEMA.TABLE`; its files stay where they are."""
    columns = ", ".join(f"{name(column)} {_SPARK_TYPES.get(kind, kind)}" for column, kind in table.columns)
    target = f"{name(f'{prefix}_{table.schema}')}.{name(table.table)}"
    by = ", ".join(name(column) for column in table.partitions)
    partitioned = f" partitioned by ({by})" if by else ""
    session.run(
        f"create table {target} ({columns}) using parquet{partitioned} location {text(table.place.location)}"
    )
    if by:
        session.run(f"msck repair table {target}")


def _location(session: Session, schema: str) -> str:
    described = session.ask(f"describe schema {name(schema)}")
    return next((_bare(str(row[1])) for row in described if str(row[0]) == "Location"), "")


def _bare(location: str) -> str:
    # The catalog writes file:/folder, file:///folder is the same.
    scheme, _, rest = location.partition(":")
    return f"{scheme}:/{rest.lstrip('/')}"
