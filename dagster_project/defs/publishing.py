"""The release as assets: the candidate, and what is published."""

import dagster as dg

from dagster_project import erasure_requests
from dagster_project.defs.keys import CANDIDATE, OPEN, OWNER, PUBLISHED, REPORT
from dagster_project.defs.resources import Warehouse
from dagster_project.defs.retries import tried_again_where_it_helps
from dagster_project.defs.transform import dbt_build
from dagster_project.release.candidate import (
    Candidate,
    build_candidate,
    build_open,
    build_pages,
    publish_candidate,
    work_state,
)
from dagster_project.release.difference import difference_to_previous
from dagster_project.release.manifest import Manifest
from dagster_project.release.outcomes import (
    extracts_outcomes_path,
    proof_outcome_path,
    read_outcomes,
    release_outcomes_path,
)
from dagster_project.settings import Settings

WARNED_BY = "warned_by"


def _built() -> list[dg.AssetKey]:
    return [key for key in dbt_build.keys if key.path[0] in {"marts", "indicators"}]


def read_candidate(settings: Settings) -> Candidate:
    """The candidate that the step before built."""
    return Candidate.model_validate_json((settings.work_dir / "candidate.json").read_bytes())


@dg.asset(
    key=CANDIDATE,
    deps=_built(),
    group_name="release",
    owners=[OWNER],
    kinds={"duckdb"},
    pool="warehouse",
    description="The next release, built and not yet judged: marts, indicators and quality in one file.",
)
def candidate(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult[None]:
    """Build the files of the next release in a folder of their own."""
    settings = warehouse.settings
    judged = read_outcomes(extracts_outcomes_path(settings), work_state(settings))
    with tried_again_where_it_helps():
        built = build_candidate(settings, judged)
    (settings.work_dir / "candidate.json").write_text(built.model_dump_json(), encoding="utf-8")
    size = sum(p.stat().st_size for p in built.folder.rglob("*") if p.is_file())
    return dg.MaterializeResult(metadata={"version": built.version, "size_bytes": size})


@dg.asset(
    key=OPEN,
    deps=[CANDIDATE],
    group_name="release",
    owners=[OWNER],
    kinds={"duckdb"},
    pool="warehouse",
    description="What may leave the house: the indicators under disclosure control, in a file of their own.",
)
def open_release(warehouse: Warehouse) -> dg.MaterializeResult[None]:
    """Withhold what could tell of an individual."""
    settings = warehouse.settings
    with tried_again_where_it_helps():
        built = build_open(settings, read_candidate(settings))
    return dg.MaterializeResult(
        metadata={
            "cells_offered": built.offered,
            "cells_shown": built.shown,
            "cells_withheld": built.withheld,
        }
    )


@dg.asset(
    key=REPORT,
    deps=[CANDIDATE, OPEN],
    group_name="release",
    owners=[OWNER],
    kinds={"html"},
    pool="warehouse",
    description="The report in Swedish with quarterly and final reports, that of the open release, and the dbt docs.",
)
def report(warehouse: Warehouse) -> dg.MaterializeResult[None]:
    """Build the pages from the candidate's files."""
    settings = warehouse.settings
    with tried_again_where_it_helps():
        pages = build_pages(settings, read_candidate(settings))
    return dg.MaterializeResult(metadata={"files": len(pages)})


@dg.asset(
    key=PUBLISHED,
    deps=[CANDIDATE, OPEN, REPORT],
    group_name="release",
    owners=[OWNER],
    kinds={"duckdb"},
    pool="warehouse",
    description="What readers see: the candidate, once every check has run and every blocking one has passed.",
)
def published(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult[None]:
    """Pass the gate and switch."""
    settings = warehouse.settings
    built = read_candidate(settings)
    outcomes = [
        *read_outcomes(extracts_outcomes_path(settings), built.state),
        *read_outcomes(release_outcomes_path(settings), built.version),
        *read_outcomes(proof_outcome_path(settings), built.version),
    ]
    sealed = publish_candidate(settings, built, outcomes, warehouse.acceptances())
    difference = difference_to_previous(settings, sealed)
    removed = erasure_requests.finish(settings)
    if removed:
        context.log.info(f"Older releases removed, since they held persons who were erased: {len(removed)}.")
    return dg.MaterializeResult(
        metadata={
            **_warnings(sealed),
            "version": sealed.version,
            "previous_version": sealed.previous_version or "",
            "checks_passed": sum(o.status == "passed" for o in sealed.outcomes),
            "lacks": dg.MetadataValue.md("\n".join(f"- {e}" for e in sealed.without) or "nothing"),
            "difference": dg.MetadataValue.md(difference),
            "changed_tables": dg.MetadataValue.md("\n".join(f"- {t}" for t in sealed.changed_tables)),
        }
    )


def _warnings(sealed: Manifest) -> dict[str, dg.MetadataValue]:
    """Warnings of the release, as sentences and as names for the notice; empty where no check warned."""
    warned = [outcome for outcome in sealed.outcomes if outcome.warns]
    if not warned:
        return {}
    lines = [f"- {line.strip()}" for outcome in warned for line in outcome.sentences()]
    return {
        "warnings": dg.MetadataValue.md("\n".join(lines)),
        WARNED_BY: dg.MetadataValue.json([outcome.label for outcome in warned]),
    }
