"""What a run of ingestion did, counted for its caller."""

from collections.abc import Collection

from dagster_project.ingestion.closing import Change
from dagster_project.ingestion.group import Group
from dagster_project.ingestion.judging import RowCounts
from dagster_project.ingestion.results import IngestResult, rejected_delivery
from dagster_project.ingestion.warehouse import IN_FORCE, LEFT_OUT, REJECTED, SUPERSEDED, UNRECOGNISED


def result_of(change: Change, groups: Collection[Group], fingerprint: str) -> IngestResult:
    """The lists and counts of a run."""

    def names(status: str) -> tuple[str, ...]:
        return tuple(sorted(row.delivery_id for row in change.rows if row.status == status))

    staged = {path: s.counts for group in groups for path, s in group.staged.items()}
    counts = [staged[path] for path in change.loaded] or [RowCounts()]
    rejected = [row for row in change.rows if row.status == REJECTED]
    return IngestResult(
        in_force=names(IN_FORCE),
        superseded=names(SUPERSEDED),
        rejected=tuple(rejected_delivery(r.delivery_id, r.reason or "", r.detail or "") for r in rejected),
        unrecognised=names(UNRECOGNISED),
        left_out=names(LEFT_OUT),
        loaded=change.loaded,
        removed=tuple(path for path in change.removed if path not in change.loaded),
        rows_read=sum(c.read for c in counts),
        rows_loaded=sum(c.loaded for c in counts),
        rows_collapsed=sum(c.collapsed for c in counts),
        rows_quarantined=sum(c.quarantined for c in counts),
        rows_blocked=sum(c.blocked for c in counts),
        changed=bool(change.loaded or change.removed or change.restored),
        fingerprint=fingerprint,
    )
