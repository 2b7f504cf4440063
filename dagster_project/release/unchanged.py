"""Whether the published release already says what the work file says: then there is nothing to publish."""

from __future__ import annotations

import duckdb

from dagster_project.release.fingerprint import release_fingerprint
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
    with duckdb.connect(str(settings.work_db), read_only=True) as con:
        rejected = con.execute("select count(*) from quality.delivery where status = 'rejected'").fetchone()
        if rejected and rejected[0]:
            return False
        return published.fingerprint == release_fingerprint(con, settings)


def _reconciled(published: Manifest) -> bool:
    return any(o.check_id == RECONCILIATION and o.status == "passed" for o in published.outcomes)
