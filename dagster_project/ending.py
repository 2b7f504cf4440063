"""What people are told when a run has ended: why nothing was published, and how much was read.

Belongs here: reading that from Dagster's result, from dbt's and from the work file. Running belongs to `running.py`.
"""

from __future__ import annotations

from typing import Any

import duckdb

from dagster_project import disk
from dagster_project.release import dbt_results
from dagster_project.settings import Settings


def reasons_of(settings: Settings, result: Any) -> list[str]:
    """Why nothing was published, in plain words: what the gate, the checks or a failed step said.

    `result` is Dagster's of the job; none where all went well.
    """
    reasons = [
        f"{evaluation.asset_key.to_user_string()}: {evaluation.description or evaluation.check_name}"
        for evaluation in result.get_asset_check_evaluations()
        if not evaluation.passed and evaluation.blocking and evaluation.severity.value == "ERROR"
    ]
    # A step that fails because of a blocking check repeats what the check has said.
    failed = [event for event in result.all_events if event.is_step_failure]
    if any(event.step_key == "dbt_build" for event in failed):
        target = settings.dbt_target_dir
        reasons += dbt_results.failures(target / "manifest.json", target / "run_results.json")
    if not reasons:
        reasons = [line for event in failed for line in _step_reasons(settings, event)]
    if result.success and not reasons:
        return []
    rejected = [
        f"{name} is rejected ({why}): {detail}" for name, why, detail in rejected_deliveries(settings)
    ]
    return [*rejected, *dict.fromkeys(reasons)]


def _step_reasons(settings: Settings, event: Any) -> list[str]:
    error = event.step_failure_data.error
    cause = error.cause or error
    text = str(cause.message).strip()
    name, _, said = text.partition(": ")
    # Of dbt's alone: a server that is loaded, or a cluster, may have a full disk that is not the home's.
    on_our_disk = event.step_key == "dbt_build" and settings.engine == "duckdb"
    if on_our_disk and (full := disk.says_full(said)):
        return str(disk.DiskError(settings, full)).splitlines()
    # Where dbt breaks off, it says where in its own code it was.
    told, _, _ = said.partition("Traceback (most recent call last)")
    lines = [line.strip(" -") for line in told.splitlines() if line.strip()]
    if name.endswith("RefusedError"):
        return [line for line in said.splitlines() if line.startswith("  - ")]
    return (
        lines
        if name.endswith(("Error", "Failure")) and lines
        else [f"{event.step_key}: {text.splitlines()[0]}"]
    )


def rejected_deliveries(settings: Settings) -> list[tuple[str, str, str]]:
    """The rejected deliveries of the work file, each with the rule and a detail in plain words."""
    rows = _ask(
        settings,
        "select delivery_id, reason, detail from quality.delivery where status = 'rejected' order by 1",
    )
    return [(name, reason, detail or "see `trisam deliveries`") for name, reason, detail in rows]


def counts_of(settings: Settings) -> dict[str, int]:
    """Deliveries and rows of the work file by what became of them; empty where there are none."""
    found = _ask(
        settings,
        "select count(*) filter (where status = 'in_force'), "
        "coalesce(sum(rows_loaded) filter (where status = 'in_force'), 0), "
        "coalesce(sum(rows_quarantined), 0), "
        "count(*) filter (where status = 'rejected'), "
        "count(*) filter (where status = 'left_out'), "
        "count(*) filter (where status = 'unrecognised') from quality.delivery",
    )
    names = ("deliveries", "rows_loaded", "rows_quarantined", "rejected", "left_out", "unrecognised")
    return dict(zip(names, (int(v) for v in found[0]), strict=True)) if found else {}


def _ask(settings: Settings, query: str) -> list[Any]:
    """Rows of the work file; none where it is not there, or holds no deliveries yet."""
    if not settings.work_db.exists():
        return []
    try:
        with duckdb.connect(str(settings.work_db), read_only=True) as con:
            return con.execute(query).fetchall()
    except duckdb.Error:
        return []
