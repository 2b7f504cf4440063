"""The deliveries that a release rests on and those that a person left out, read from the work file or the release."""

from __future__ import annotations

import duckdb

from dagster_project.release.manifest import DeliveryEntry, LeftOutEntry


def deliveries_in_force(con: duckdb.DuckDBPyConnection) -> list[DeliveryEntry]:
    """The deliveries in force, by name."""
    rows = con.execute(
        "select delivery_id, content_hash, period_start, period_end, rows_loaded, rows_quarantined "
        "from quality.delivery where status = 'in_force' order by delivery_id"
    ).fetchall()
    return [
        DeliveryEntry(
            delivery_id=r[0],
            content_hash=r[1] or "",
            period_start=r[2],
            period_end=r[3],
            rows_loaded=r[4] or 0,
            rows_quarantined=r[5] or 0,
        )
        for r in rows
    ]


def left_out_deliveries(con: duckdb.DuckDBPyConnection) -> list[LeftOutEntry]:
    """The deliveries that were left out, with who said so and why, by name."""
    rows = con.execute(
        "select delivery_id, left_out_by, left_out_why from quality.left_out_delivery order by delivery_id"
    ).fetchall()
    return [LeftOutEntry(delivery=delivery, who=who, why=why) for delivery, who, why in rows]
