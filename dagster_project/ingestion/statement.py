"""Composes the one statement that parses, validates and pseudonymises deliveries of a dataset. It is not run here.

Layers, inside out: texts and values of known columns, texts parsed, rules judged. Each is a streaming projection, so
that nothing of a clear personal number waits in memory or on disk. Values of texts that repeat are there already.
"""

from dagster_project.contract import Dataset
from dagster_project.ingestion.masking import sql_mask_pnr, sql_mask_quoted
from dagster_project.ingestion.reading.rows import DELIVERY, MARKS
from dagster_project.ingestion.repeated import is_repeated, value_column
from dagster_project.ingestion.rules import rules_of, sql_shown_key, text_of, value_of
from dagster_project.ingestion.values import sql_text_value
from dagster_project.ingestion.warehouse import quoted

SOURCE = "delivery_rows"
BLOCKED = "blocked_now"


def _known(dataset: Dataset) -> str:
    texts = [f"nullif({quoted(c.name)}, '') as {text_of(c.name)}" for c in dataset.columns]
    values = [
        f"{quoted(value_column(c.name))} as {value_of(c.name)}" for c in dataset.columns if is_repeated(c)
    ]
    return f"select {', '.join([*MARKS, *texts, *values])} from {SOURCE}"


def _parsed(dataset: Dataset, inner: str) -> str:
    """Adds the values that are not there already: those of texts, of which nearly every one is another."""
    values = [
        f"{sql_text_value(c, text_of(c.name))} as {value_of(c.name)}"
        for c in dataset.columns
        if not is_repeated(c)
    ]
    return f"select {', '.join(['*', *values])} from ({inner})"


def _is_blocked(dataset: Dataset) -> str:
    tests = [
        f"coalesce({value_of(c.name)} in (select person_id from {BLOCKED}), false)"
        for c in dataset.person_columns
    ]
    tests += [
        f"coalesce({value_of(c.name)} in (select token from {BLOCKED}), false)"
        for c in dataset.columns
        if c.type == "text" and (c.identifier or c.key)
    ]
    return " or ".join(tests) or "false"


def _judged(dataset: Dataset, inner: str) -> str:
    """Adds one flag per rule: f0, f1, …"""
    flags = ", ".join(
        f"coalesce({rule.condition}, false) as f{number}" for number, rule in enumerate(rules_of(dataset))
    )
    return f"select *, {flags} from ({inner})" if flags else inner


def _faults(dataset: Dataset) -> str:
    """The broken rules of a row as a list, null for a row that breaks none. Masked once, whatever the rule."""
    rules = rules_of(dataset)
    found = ", ".join(
        f"case when f{number} then "
        f"{{'column_name': '{r.column}', 'reason': '{r.reason}', 'shown': {text_of(r.column)}}} end"
        for number, r in enumerate(rules)
    )
    broken = " or ".join(f"f{number}" for number in range(len(rules)))
    persons = ", ".join(f"'{column.name}'" for column in dataset.person_columns) or "''"
    shown = (
        f"case when fault.column_name in ({persons}) then {sql_mask_pnr('fault.shown')} "
        f"else {sql_mask_quoted('fault.shown')} end"
    )
    masked = f"{{'column_name': fault.column_name, 'reason': fault.reason, 'shown': {shown}}}"
    return (
        f"case when {broken} then list_transform("
        f"list_filter([{found}], lambda fault: fault is not null), lambda fault: {masked}) end"
    )


def staging_statement(dataset: Dataset, any_blocked: bool) -> str:
    """The query whose rows are the validated rows of the deliveries in SOURCE, as `with_values` makes them.

    Columns: delivery, row_number, is_blocked, shown_key, faults, then the raw columns.
    Parameters: $hmac_inner, $hmac_outer.
    """
    inner = _judged(dataset, _parsed(dataset, _known(dataset)))
    raw = ", ".join(f'{value_of(c.name)}::{c.sql_type} as "{c.raw_name}"' for c in dataset.columns)
    return (
        f"select {DELIVERY}, row_number, "
        f"{_is_blocked(dataset) if any_blocked else 'false'} as is_blocked, "
        f"{sql_shown_key(dataset.key[0])} as shown_key, "
        f"{_faults(dataset)} as faults, {raw} from ({inner})"
    )
