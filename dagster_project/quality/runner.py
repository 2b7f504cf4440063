"""Running suites with Great Expectations against one DuckDB file, read only.

Belongs here: everything that touches Great Expectations. Results are asked for as summaries without values,
since unexpected values and whole rows may hold personal data.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dagster_project.quality.findings import find
from dagster_project.quality.outcome import Level, Outcome, Status
from dagster_project.quality.suites import ExpectationSpec, Suite

# No values, no rows: counts only. 'SUMMARY' alone still holds twenty unexpected values.
_RESULT_FORMAT = {
    "result_format": "SUMMARY",
    "partial_unexpected_count": 0,
    "include_unexpected_rows": False,
}


def import_meanwhile() -> None:
    """Begin to import Great Expectations beside what the caller does next: work of others, such as DuckDB's.

    Not beside much Python: each call of either into a library would wait until the other lets go of the interpreter.
    """

    def load() -> None:
        import great_expectations  # noqa: F401, PLC0415

    threading.Thread(target=load, name="import-great-expectations", daemon=True).start()


def run_suites(database: Path, suites: Sequence[Suite], *, enforce_reconcile: bool) -> list[Outcome]:
    """Judge a database by every suite; one outcome per expectation, in suite order.

    An expectation that errors is an outcome with status `error`; a table that does not exist makes all of its
    suite's expectations errors. Nothing is raised for what the data are like.
    """
    context, source = _open(database)
    outcomes: list[Outcome] = []
    try:
        for suite in suites:
            outcomes.extend(_run_suite(context, source, suite, enforce_reconcile))
    finally:
        _close(source)
    return find(database, suites, outcomes)


def _open(database: Path) -> tuple[Any, Any]:
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    import great_expectations as gx  # noqa: PLC0415  ten seconds of import: only where it is needed
    from great_expectations.data_context.types.base import ProgressBarsConfig  # noqa: PLC0415

    from dagster_project.quality.dialect import connection_string  # noqa: PLC0415

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_sql("warehouse", connection_string=connection_string(database))
    return context, source


def _close(source: Any) -> None:
    # DuckDB lets nobody write a file while a reader in another process holds it: dbt comes next.
    source.get_engine().dispose()
    source.get_execution_engine().close()


def _run_suite(context: Any, source: Any, suite: Suite, enforce_reconcile: bool) -> list[Outcome]:
    try:
        results = _validate(context, source, suite)
    except Exception as error:  # a missing table, a connection lost: a boundary that cannot be judged is shut
        return [
            _outcome(suite, spec, "error", type(error).__name__, enforce_reconcile)
            for spec in suite.expectations
        ]
    outcomes = []
    for spec in suite.expectations:
        result = results.get(spec.meta.id)
        if result is None:
            outcomes.append(_outcome(suite, spec, "error", "no result", enforce_reconcile))
            continue
        status: Status = "error" if _errored(result) else ("passed" if result.success else "failed")
        outcomes.append(_outcome(suite, spec, status, _observed(result), enforce_reconcile))
    return outcomes


def _validate(context: Any, source: Any, suite: Suite) -> dict[str, Any]:
    import great_expectations as gx  # noqa: PLC0415

    asset = source.add_table_asset(
        name=suite.name, table_name=suite.meta.table, schema_name=suite.meta.schema_name
    )
    batch = asset.add_batch_definition_whole_table("all").get_batch()
    expectations = gx.ExpectationSuite(
        name=suite.name,
        expectations=[
            {"type": spec.type, "kwargs": spec.kwargs, "meta": {"id": spec.meta.id}}
            for spec in suite.expectations
        ],
    )
    validation = batch.validate(expectations, result_format=_RESULT_FORMAT)
    # Results come in another order than the suite; the id in their meta is what pairs them.
    return {result.expectation_config.meta["id"]: result for result in validation.results}


def _errored(result: Any) -> bool:
    info = result.exception_info or {}
    if "raised_exception" in info:
        return bool(info["raised_exception"])
    return any(entry.get("raised_exception") for entry in info.values() if isinstance(entry, dict))


def _observed(result: Any) -> str:
    detail = result.result or {}
    for key in ("observed_value", "unexpected_count"):
        if isinstance(detail.get(key), int | float):
            return f"{detail[key]:g}" if isinstance(detail[key], float) else str(detail[key])
    return ""


def _outcome(
    suite: Suite, spec: ExpectationSpec, status: Status, observed: str, enforce_reconcile: bool
) -> Outcome:
    reported = spec.meta.enforced_when == "reconcile" and not enforce_reconcile
    level: Level = "informs" if reported else spec.meta.level
    return Outcome(
        check_id=spec.meta.id,
        suite=suite.name,
        table=f"{suite.meta.schema_name}.{suite.meta.table}",
        status=status,
        level=level,
        observed=observed,
        message=spec.meta.message,
    )
