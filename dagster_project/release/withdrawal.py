"""Withdrawal is never an accident: what the published release rests on must still be told by the work file.

Ingestion notices a file that is gone. This looks from the other side, and so also notices it when the work file
was built anew from an inbox that was only half there.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from dagster_project.errors import TrisamError
from dagster_project.release.hold import hold_in_force
from dagster_project.release.manifest import DamagedReleaseError, Manifest, read_manifest
from dagster_project.release.versions import releases
from dagster_project.settings import Settings


class WithdrawnError(TrisamError):
    """Deliveries that the published release rests on are no longer in force, and nothing replaces them."""

    def __init__(self, missing: Sequence[str]) -> None:
        self.missing = tuple(missing)
        super().__init__(
            "Deliveries of the published release are gone from the inbox, and nothing replaces them:\n"
            + "\n".join(f"  - {name}" for name in missing),
            "Put the files back, or accept it with --withdraw (in Dagster: run config withdraw).",
        )


def refuse_withdrawal(settings: Settings) -> None:
    """Raise WithdrawnError when days that the last release covers are covered by no delivery any more."""
    published = _last_release(settings)
    if published is None:
        return
    with duckdb.connect(str(settings.work_db), read_only=True) as con:
        missing = [
            d.delivery_id
            for d in published.deliveries
            if not _is_covered(con, d.delivery_id, [d.period_start, d.period_end])
        ]
    if missing:
        raise WithdrawnError(missing)


def _last_release(settings: Settings) -> Manifest | None:
    """The published release; after a rollback the newest that is kept, whose withdrawals a person has accepted."""
    if hold_in_force(settings):
        try:
            return read_manifest(settings.releases_dir / releases(settings.releases_dir)[-1])
        except DamagedReleaseError:
            pass  # it was left for that
    return read_manifest(settings.published_link)


def _is_covered(con: duckdb.DuckDBPyConnection, delivery_id: str, span: list[object]) -> bool:
    party, _, file_name = delivery_id.partition("/")
    found = con.execute(
        "select count(*) from quality.delivery where status = 'in_force' and party = ? "
        "and starts_with(?, dataset || '_') and period_start <= ? and period_end >= ?",
        [party, file_name, *span],
    ).fetchone()
    return bool(found and found[0])
