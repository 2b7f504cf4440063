"""The two boundaries as blocking checks: expectations on the raw tables and on the candidate release."""

from collections.abc import Iterator, Sequence

import dagster as dg

from dagster_project.defs.keys import CANDIDATE, DELIVERY, OPEN
from dagster_project.defs.publishing import read_candidate
from dagster_project.defs.refusals import refuse_where_blocked
from dagster_project.defs.resources import Warehouse
from dagster_project.ending import rejected_deliveries
from dagster_project.quality.acceptance import apply
from dagster_project.quality.outcome import Outcome
from dagster_project.quality.suites import Suite, load_suites
from dagster_project.release.candidate import (
    OPEN_PROOF,
    judge_candidate,
    prove_open,
    work_state,
)
from dagster_project.release.outcomes import (
    extracts_outcomes_path,
    proof_outcome_path,
    release_outcomes_path,
    write_outcomes,
)
from dagster_project.settings import EXPECTATIONS_DIR


def _key_of(suite: Suite) -> dg.AssetKey:
    if suite.meta.schema_name == "raw" or suite.meta.table == "delivery":
        return dg.AssetKey([suite.meta.schema_name, suite.meta.table])
    return DELIVERY


def _specs(suites: Sequence[Suite], key: dg.AssetKey | None = None) -> list[dg.AssetCheckSpec]:
    return [
        dg.AssetCheckSpec(
            name=f"expectations_{suite.name}",
            asset=key or _key_of(suite),
            blocking=True,
            description=suite.meta.purpose,
        )
        for suite in suites
    ]


MOST_SHOWN = 100
EXTRACTS = load_suites(EXPECTATIONS_DIR, "extracts")
RELEASE = load_suites(EXPECTATIONS_DIR, "release")


@dg.multi_asset_check(name="expect_extracts", specs=_specs(EXTRACTS), pool="warehouse")
def expect_extracts(warehouse: Warehouse) -> Iterator[dg.AssetCheckResult]:
    """Judge what arrived; nothing is built on deliveries that fail."""
    from dagster_project.quality.runner import run_suites  # noqa: PLC0415  imports Great Expectations

    settings = warehouse.settings
    outcomes = apply(run_suites(settings.work_db, EXTRACTS, enforce_reconcile=False), warehouse.acceptances())
    write_outcomes(extracts_outcomes_path(settings), work_state(settings), outcomes)
    for suite in EXTRACTS:
        yield _result(suite, _key_of(suite), outcomes)
    refuse_where_blocked(outcomes, rejected_deliveries(settings))


@dg.multi_asset_check(name="expect_release", specs=_specs(RELEASE, CANDIDATE), pool="warehouse")
def expect_release(warehouse: Warehouse) -> Iterator[dg.AssetCheckResult]:
    """Judge the candidate's own files; nothing that fails is published."""
    settings = warehouse.settings
    judged = read_candidate(settings)
    outcomes = apply(judge_candidate(settings, judged), warehouse.acceptances())
    write_outcomes(release_outcomes_path(settings), judged.version, outcomes)
    for suite in RELEASE:
        yield _result(suite, CANDIDATE, outcomes)
    refuse_where_blocked(outcomes)


@dg.asset_check(
    asset=OPEN,
    name=OPEN_PROOF,
    blocking=True,
    pool="warehouse",
    description="An attack by every relation that an outsider knows; every withheld count must keep k values.",
)
def prove_open_release(warehouse: Warehouse) -> dg.AssetCheckResult:
    """Attack the open release before anybody else can."""
    settings = warehouse.settings
    judged = read_candidate(settings)
    outcome = prove_open(settings, judged)
    write_outcomes(proof_outcome_path(settings), judged.version, [outcome])
    passed = outcome.status == "passed"
    return dg.AssetCheckResult(
        passed=passed,
        severity=dg.AssetCheckSeverity.ERROR,
        description="" if passed else outcome.message,
        metadata={"attack": outcome.observed},
    )


def _result(suite: Suite, key: dg.AssetKey, outcomes: Sequence[Outcome]) -> dg.AssetCheckResult:
    """One check per suite: red where it stops publication, yellow where a person should look."""
    own = [o for o in outcomes if o.suite == suite.name]
    stops, warns = [o for o in own if o.stops], [o for o in own if o.warns]
    shown = stops or warns or [o for o in own if o.status != "passed"]
    severity = dg.AssetCheckSeverity.WARN if warns and not stops else dg.AssetCheckSeverity.ERROR
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=f"expectations_{suite.name}",
        passed=not (stops or warns),
        severity=severity,
        description="\n".join(line for outcome in shown for line in outcome.sentences()),
        metadata={
            **{o.check_id: f"{o.status}{f' ({o.observed})' if o.observed else ''}" for o in own},
            **_table_of(shown),
        },
    )


def _table_of(outcomes: Sequence[Outcome]) -> dict[str, dg.MetadataValue]:
    rows = [
        dg.TableRecord(
            {
                "check": outcome.check_id,
                "level": outcome.level,
                "party": finding.party,
                "dataset": finding.dataset,
                "period": finding.period,
                "what": finding.what,
            }
        )
        for outcome in outcomes
        for finding in outcome.findings[:MOST_SHOWN]
    ]
    return {"findings": dg.MetadataValue.table(rows)} if rows else {}
