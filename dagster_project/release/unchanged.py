"""Whether there is anything to publish: what the published release already says, and what a rollback holds back."""

from __future__ import annotations

import duckdb

from dagster_project import erasure_requests
from dagster_project.release.fingerprint import release_fingerprint
from dagster_project.release.hold import Rollback, fingerprint_now, hold_in_force
from dagster_project.release.manifest import Manifest, read_manifest
from dagster_project.settings import Settings

RECONCILIATION = "published_figures_match"


def is_published(settings: Settings) -> bool:
    """True when the published release rests on the work file's state and code, and nothing is refused.

    A run that asks for reconciliation is not served by a release that did not pass it.
    """
    published = read_manifest(settings.published_link)
    if published is None or not settings.work_db.exists():
        return False
    if settings.reconcile == "enforce" and not _reconciled(published):
        return False
    if _is_rejected(settings):
        return False
    with duckdb.connect(str(settings.work_db), read_only=True) as con:
        return published.fingerprint == release_fingerprint(con, settings)


def held_back(settings: Settings) -> Rollback | None:
    """The rollback because of which a run would publish nothing, although the published release says something else.

    None where a delivery is rejected, so that people are told of it, and where persons were erased: a release without
    them is always published. Raises RollbacksError.
    """
    hold = hold_in_force(settings)
    if hold is None or erasure_requests.waits_for_publication(settings) or _is_rejected(settings):
        return None
    return hold if fingerprint_now(settings) in hold.held else None


def _is_rejected(settings: Settings) -> bool:
    with duckdb.connect(str(settings.work_db), read_only=True) as con:
        rejected = con.execute("select count(*) from quality.delivery where status = 'rejected'").fetchone()
    return bool(rejected and rejected[0])


def _reconciled(published: Manifest) -> bool:
    return any(o.check_id == RECONCILIATION and o.status == "passed" for o in published.outcomes)
