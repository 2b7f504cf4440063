"""The rules a row can break, as data: column, reason and a condition in SQL. Values are parsed before, not here."""

from collections.abc import Iterator
from dataclasses import dataclass

from dagster_project.contract import Column, Dataset
from dagster_project.ingestion.masking import LONGEST_VALUE, sql_mask_quoted
from dagster_project.ingestion.reading.rows import PERIOD_END, PERIOD_START
from dagster_project.ingestion.values import BAD_VALUE
from dagster_project.ingestion.warehouse import quoted

CONFLICTING_KEY = "conflicting_key"
WRONG_COLUMN_COUNT = "wrong_column_count"


@dataclass(frozen=True)
class Rule:
    """One rule: broken where `condition` is true; the offending value is the text of `column`."""

    column: str
    reason: str
    condition: str


def text_of(column: str) -> str:
    """The trimmed text of a column inside the validating statement."""
    return f'"t_{column}"'


def value_of(column: str) -> str:
    """The parsed value of a column inside the validating statement."""
    return f'"v_{column}"'


def sql_shown_key(column: Column) -> str:
    """The text of a key's first column as quarantine may show it, where `sql_known_key` cannot tell it."""
    text, value = text_of(column.name), value_of(column.name)
    if column.type == "pnr":
        # A right one begins with six digits in every form.
        return f"case when {value} is not null then left({text}, 6) || '******' end"
    # Nearly every row has a key of its own: kept twice, keys took a sixth of the time of their delivery.
    return f"case when {value}::varchar is distinct from {text} then {sql_mask_quoted(text)} end"


def sql_known_key(column: Column) -> str:
    """The same once the row is validated; nothing personal is in a value that is the very text."""
    if column.type == "pnr":
        return "shown_key"
    return f"coalesce(shown_key, left({quoted(column.raw_name)}::varchar, {LONGEST_VALUE}))"


def _limits(column: Column) -> Iterator[str]:
    value = value_of(column.name)
    if column.minimum is not None:
        yield f"{value} < {column.minimum!r}"
    if column.exclusive_minimum is not None:
        yield f"{value} <= {column.exclusive_minimum!r}"
    if column.maximum is not None:
        yield f"{value} > {column.maximum!r}"


def _rules_of(column: Column) -> Iterator[Rule]:
    text, value = text_of(column.name), value_of(column.name)
    if column.required:
        yield Rule(column.name, "missing_required", f"{text} is null")
    if column.type in BAD_VALUE:
        yield Rule(column.name, BAD_VALUE[column.type], f"{text} is not null and {value} is null")
    if column.has_limits:
        yield Rule(column.name, "out_of_range", " or ".join(_limits(column)))
    if column.not_before is not None:
        yield Rule(column.name, "bad_order", f"{value} < {value_of(column.not_before)}")


def _period_rule(dataset: Dataset) -> Iterator[Rule]:
    if dataset.period.within is not None:
        value = value_of(dataset.period.within)
        condition = f"{value} not between {PERIOD_START} and {PERIOD_END}"
    elif dataset.period.overlaps is not None:
        first, last = dataset.period.overlaps
        # An end that is there but no date makes the span unknown; a blank one means that it runs on.
        condition = (
            f"{value_of(first)} > {PERIOD_END} or "
            f"({value_of(first)} is not null and {value_of(last)} < {PERIOD_START})"
        )
    else:
        return
    column = dataset.column(dataset.period.columns[0])
    yield Rule(column.name, "outside_period", condition)


def rules_of(dataset: Dataset) -> tuple[Rule, ...]:
    """Every rule that one row can break by itself, in the order of the columns."""
    found = [rule for column in dataset.columns for rule in _rules_of(column)]
    found += _period_rule(dataset)
    order = {column.name: index for index, column in enumerate(dataset.columns)}
    return tuple(sorted(found, key=lambda rule: order[rule.column]))
