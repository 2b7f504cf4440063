"""The one place that knows how the warehouse judges deliveries: what is recorded, what is judged, what is kept.

All else of the harness reads outcomes by the names below, so that a change of the checks is a change of this module.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.contract import load_contract
from dagster_project.quality.drift import record_delivery_drift
from dagster_project.quality.outcome import Outcome
from dagster_project.quality.previous import remember_published
from dagster_project.quality.profile import record_profile
from dagster_project.quality.runner import run_suites
from dagster_project.quality.suites import load_suites
from dagster_project.settings import EXPECTATIONS_DIR, Settings
from dagster_project.sql_text import identifier, literal

BLOCKS, WARNS = "blocks", "warns"
# The levels of what a person is told; all else informs.
LOUD = (BLOCKS, WARNS)
UNNAMED = "reason_without_a_check"


@dataclass(frozen=True)
class Finding:
    """What a check found: its level, and party, dataset and period where it names them."""

    check: str
    level: str
    what: str
    party: str = ""
    dataset: str = ""
    period: str = ""

    def names(self, party: str, dataset: str) -> bool:
        """Whether it says whose delivery of which dataset is odd."""
        return (self.party, self.dataset) == (party, dataset)

    @property
    def acceptance(self) -> str:
        """The check and what it found, as `--accept` takes them."""
        place = "/".join(part for part in (self.party, self.dataset) if part)
        subject = "_".join(part for part in (place, self.period) if part)
        return f"{self.check}={subject}" if subject else self.check

    def as_json(self) -> dict[str, str]:
        """The finding as it is written in a report."""
        return asdict(self)


def judge(settings: Settings, published: Path) -> list[Finding]:
    """Judge the work file at the extracts boundary, against what was published last, where anything was."""
    with duckdb.connect(str(settings.work_db)) as con:
        remember_published(con, published)
        record_profile(con, load_contract())
        record_delivery_drift(con)
    outcomes = run_suites(
        settings.work_db, load_suites(EXPECTATIONS_DIR, "extracts"), enforce_reconcile=False
    )
    return [finding for outcome in outcomes if outcome.status != "passed" for finding in _findings(outcome)]


def check_names() -> list[str]:
    """Every check of the extracts boundary, in the order of its suites."""
    return [e.meta.id for suite in load_suites(EXPECTATIONS_DIR, "extracts") for e in suite.expectations]


def keep_as_published(settings: Settings, published: Path) -> None:
    """Copy the schema `quality` of the work file to a file of its own, as a release holds it."""
    published.unlink(missing_ok=True)
    with duckdb.connect(str(published)) as con:
        con.execute(f"attach {literal(str(settings.work_db))} as work (read_only)")
        con.execute("create schema quality")
        found = con.execute(
            "select table_name from duckdb_tables() where database_name = 'work' and schema_name = 'quality'"
        ).fetchall()
        for (name,) in found:
            quoted = identifier(name)
            con.execute(f"create table quality.{quoted} as from work.quality.{quoted}")
        con.execute("detach work")


def _findings(outcome: Outcome) -> list[Finding]:
    level = BLOCKS if outcome.status == "error" else outcome.level
    if not outcome.findings:
        return [Finding(outcome.check_id, level, outcome.message)]
    return [Finding(outcome.check_id, level, f.what, f.party, f.dataset, f.period) for f in outcome.findings]


def findings_of_answer(answer: Mapping[str, Any]) -> list[Finding]:
    """The findings of what `trisam run --json` answers; the reasons of a refusal that no check speaks for."""
    found = [Finding(**finding) for finding in answer.get("findings", [])]
    if answer["ending"] == "refused" and not refuses(found):
        found += [Finding(UNNAMED, BLOCKS, reason) for reason in answer["reasons"]]
    return found


def acceptance_words(findings: Sequence[Finding]) -> list[str]:
    """The words by which a person lets the refusals of a run through."""
    names = dict.fromkeys(one.acceptance for one in findings if one.level == BLOCKS and one.check != UNNAMED)
    return [word for name in names for word in ("--accept", name)]


def refuses(findings: Sequence[Finding]) -> bool:
    """Whether anything stops publication."""
    return any(one.level == BLOCKS for one in findings)


def tells(findings: Sequence[Finding]) -> bool:
    """Whether a person is told to look at something."""
    return any(one.level in LOUD for one in findings)
