"""Who is late today: the delivery calendar held against the deliveries in force of the work file."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path

import duckdb

from dagster_project.automation.calendar import Covered, Duty, Standing, load_duties, standings


def covered_days(work_db: Path) -> list[Covered]:
    """The days that deliveries in force state, one entry per delivery; none where no run has been made.

    Raises duckdb.IOException when another process is writing the work file.
    """
    if not work_db.exists():
        return []
    with closing(duckdb.connect(str(work_db), read_only=True)) as con:
        try:
            rows = con.execute(
                "select party, dataset, period_start, period_end from quality.delivery "
                "where status = 'in_force' order by delivery_id"
            ).fetchall()
        except duckdb.CatalogException:  # made, and not yet filled
            return []
    return [Covered(*row) for row in rows]


def standing_on(work_db: Path, now: date) -> list[Standing]:
    """How every duty of the calendar stands on a day."""
    return standings(load_duties(), covered_days(work_db), now)


def name_of(duty: Duty) -> str:
    """Party and dataset as `trisam` names them."""
    return f"{duty.party}/{duty.dataset}"


def sentence(standing: Standing) -> str:
    """Who is late, with what and since when."""
    return (
        f"{name_of(standing.duty)}: {standing.missing_from} to {standing.owed_until} is not delivered, "
        f"due {standing.was_due} at the latest"
    )
