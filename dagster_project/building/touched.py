"""What changed deliveries reach, written where dbt looks for it: `ops.touched_COLUMN` of the work file.

Persons are those whom a deliverer names now, and those whom it named when the tables were built: of the latter only the
tables still tell. The lists go when the build is finished; they hold pseudonyms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

import duckdb

from dagster_project.building.parts import Parts
from dagster_project.settings import Settings
from dagster_project.sql_text import identifier as name
from dagster_project.sql_text import literal

COLUMNS = ("municipality_code", "person_id", "case_key")
_MUNICIPALITY = "municipality_code"


def write_touched(settings: Settings, parts: Parts, manifest: Mapping[str, Any]) -> None:
    """Write the lists for the parts to be replaced; to be called while the tables are as they were built."""
    with closing(duckdb.connect(str(settings.work_db))) as con:
        con.execute(f"attach {literal(str(settings.outgoing_db))} as outgoing (read_only)")
        _write(con, _MUNICIPALITY, _municipalities(parts))
        persons = " union ".join(_persons(parts, manifest))
        _write(con, "person_id", persons)
        _write(
            con,
            "case_key",
            "select case_key from intermediate.int_case where person_id in (select value from ops.touched_person_id)",
        )


def remove_touched(settings: Settings) -> None:
    """Remove the lists."""
    with closing(duckdb.connect(str(settings.work_db))) as con:
        for column in COLUMNS:
            con.execute(f"drop table if exists ops.touched_{column}")


def _write(con: duckdb.DuckDBPyConnection, column: str, query: str) -> None:
    con.execute(
        f"create or replace table ops.touched_{column} as select distinct value from ({query}) as t (value)"
    )


def _municipalities(parts: Parts) -> str:
    codes = sorted({d.partition("-")[2] for names in parts.deliverers.values() for d in names})
    return f"select unnest([{', '.join(map(literal, codes))}]::varchar[])"


def _persons(parts: Parts, manifest: Mapping[str, Any]) -> Iterator[str]:
    yield "select null::varchar where false"
    for dataset, deliverers in sorted(parts.deliverers.items()):
        for fact in _facts(manifest, dataset):
            named = ", ".join(map(literal, deliverers))
            yield f"select person_id from raw.{name(dataset)} where party in ({named})"
            yield (
                f"select person_id from outgoing.marts.{name(fact)} "
                f"where {_MUNICIPALITY} in (select value from ops.touched_{_MUNICIPALITY})"
            )


def _facts(manifest: Mapping[str, Any], dataset: str) -> list[str]:
    """The mart that has a dataset's rows by municipality."""
    return [
        node["alias"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
        and node["schema"] == "marts"
        and node["config"].get("meta", {}).get("in_part_by") == _MUNICIPALITY
        and node["config"]["meta"]["in_part_of"] == [dataset]
    ]
