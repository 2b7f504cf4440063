"""What the published release holds of deliveries: the ground on which new ones are compared, as `quality.*_before`."""

from __future__ import annotations

from pathlib import Path

import duckdb

from dagster_project.quality.profile.table import create_profile_table
from dagster_project.sql_text import literal


def remember_published(con: duckdb.DuckDBPyConnection, release_db: Path | None) -> None:
    """Copy deliveries and their profiles from the published release; empty tables where nothing is published.

    A release of an earlier version has no profiles; its deliveries count as published all the same.
    """
    con.execute("create or replace table quality.delivery_before as select * from quality.delivery limit 0")
    create_profile_table(con, "delivery_profile_before")
    if release_db is None or not release_db.exists():
        return
    con.execute(f"attach {literal(str(release_db))} as published_release (read_only)")
    try:
        con.execute("insert into quality.delivery_before by name from published_release.quality.delivery")
        if _has_profiles(con):
            con.execute(
                "insert into quality.delivery_profile_before by name "
                "from published_release.quality.delivery_profile"
            )
    finally:
        con.execute("detach published_release")


def _has_profiles(con: duckdb.DuckDBPyConnection) -> bool:
    found = con.execute(
        "select count(*) from duckdb_tables() where database_name = 'published_release' "
        "and schema_name = 'quality' and table_name = 'delivery_profile'"
    ).fetchone()
    return bool(found and found[0])
