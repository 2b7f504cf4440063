"""What a notice says: values in, text out. Nothing is sent here, and no free text of a run gets in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dagster_project.automation.calendar import Standing
from dagster_project.automation.deliveries import name_of, sentence
from dagster_project.ingestion.masking import mask

Kind = Literal["run_failed", "run_warned", "delivery_late"]


@dataclass(frozen=True)
class Notice:
    """One notice: a subject, a text for people, and the same as facts for machines."""

    kind: Kind
    subject: str
    text: str
    facts: Mapping[str, object]


@dataclass(frozen=True)
class FailedRun:
    """A run that failed, by names alone. `checks` are `ASSET: CHECK`, blocking ones that did not pass; `expectations`
    those within them; `deliveries` the files that were refused, each with the rule.
    """

    job: str
    run_id: str
    started_by: str
    steps: Sequence[str]
    checks: Sequence[str]
    deliveries: Sequence[str] = ()
    expectations: Sequence[str] = ()


def of_failed_run(run: FailedRun, ui_url: str) -> Notice:
    """A run has failed: which, where, and where to look. What was published stays in force, and it says so."""
    # Who started it, and nothing else of these names, may have been typed by a person.
    started_by = mask(run.started_by)
    lines = [
        f"The run {run.run_id} of the job {run.job} has failed. What was published before stays in force.",
        f"Started by: {started_by or 'unknown'}",
        f"Steps that failed: {', '.join(run.steps) or 'none; the run did not get that far'}",
        *(f"Delivery that was refused: {delivery}" for delivery in run.deliveries),
        *(f"Check that did not pass: {check}" for check in run.checks),
        *(f"Expectation that did not pass: {name}" for name in run.expectations),
        "",
        "See `trisam deliveries` and `trisam quarantine`, or the run itself"
        + (f": {_link(ui_url, run.run_id)}" if ui_url else " in the Dagster UI."),
    ]
    facts = {
        "job": run.job,
        "run_id": run.run_id,
        "started_by": started_by,
        "steps": list(run.steps),
        "checks": list(run.checks),
        "deliveries": list(run.deliveries),
        "expectations": list(run.expectations),
    }
    return Notice("run_failed", f"Trisam: {run.job} has failed", "\n".join(lines), facts)


def of_warned_run(version: str, run_id: str, warnings: Sequence[str], ui_url: str) -> Notice:
    """A release was published, and checks ask a person to look; `warnings` are names of checks and deliveries."""
    lines = [
        f"Release {version} was published. These checks ask for a look; nothing is stopped by them:",
        "",
        *(f"- {warning}" for warning in warnings),
        "",
        "See `trisam status`, or the run itself"
        + (f": {_link(ui_url, run_id)}" if ui_url else " in the Dagster UI."),
    ]
    facts = {"version": version, "run_id": run_id, "warnings": list(warnings)}
    return Notice("run_warned", "Trisam: published, with something to look at", "\n".join(lines), facts)


def of_late_deliveries(late: Sequence[Standing], ui_url: str) -> Notice:
    """Parties are late: who, with what, since when."""
    count = len(late)
    lines = [
        "By the delivery calendar these are late:",
        "",
        *(f"- {sentence(one)}" for one in late),
        *(["", f"See {ui_url}"] if ui_url else []),
    ]
    subject = f"Trisam: {count} deliver{'y is' if count == 1 else 'ies are'} late"
    facts = {
        "late": [
            {
                "delivery": name_of(one.duty),
                "missing_from": str(one.missing_from),
                "missing_until": str(one.owed_until),
                "was_due": str(one.was_due),
            }
            for one in late
        ]
    }
    return Notice("delivery_late", subject, "\n".join(lines), facts)


def _link(ui_url: str, run_id: str) -> str:
    return f"{ui_url.rstrip('/')}/runs/{run_id}"
