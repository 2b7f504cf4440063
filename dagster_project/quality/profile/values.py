"""Measures of single values: how many are filled, which codes, how large numbers are, how far apart dates lie."""

from __future__ import annotations

from collections.abc import Iterator

from dagster_project.contract import Column, Dataset
from dagster_project.sql_text import identifier as name
from dagster_project.sql_text import literal

_NO_NUMBERS = "mean: null::double, spread: null::double"


def queries(dataset: Dataset) -> Iterator[str]:
    """One query per measure; each returns delivery_id, measure, column_name, code, part, whole, mean, spread."""
    measures = [measure for column in dataset.columns for measure in _measures(column)]
    if measures:
        yield (
            f"select delivery_id, unnest([{', '.join(measures)}], recursive := true) "
            f"from {_rows(dataset)} group by delivery_id"
        )
    for column in dataset.columns:
        if column.type in {"code", "flag", "municipality"}:
            yield _shares(dataset, column.name, f"{name(column.name)}::varchar")
    if dataset.period.within:
        yield _months(dataset, dataset.period.within)


def _rows(dataset: Dataset) -> str:
    return f"(from raw.{name(dataset.name)} where delivery_id in (select delivery_id from profiled_delivery))"


def _measures(column: Column) -> Iterator[str]:
    value = name(column.raw_name)
    if not column.required:
        yield _struct("filled", column.name, f"count({value})", "count(*)", _NO_NUMBERS)
    if column.type == "number":
        logarithm = f"ln(case when {value} > 0 then {value} end)"
        yield _struct(
            "number",
            column.name,
            f"count({logarithm})",
            f"count({value})",
            f"mean: avg({logarithm}), spread: stddev_samp({logarithm})",
        )
    if column.not_before:
        days = f"date_diff('day', {name(column.not_before)}, {value})"
        yield _struct(
            "days",
            column.name,
            f"count({days})",
            f"count({days})",
            f"mean: avg({days}), spread: stddev_samp({days})",
        )


def _struct(measure: str, column: str, part: str, whole: str, numbers: str) -> str:
    return (
        f"{{measure: {literal(measure)}, column_name: {literal(column)}, code: '', "
        f"part: ({part})::double, whole: ({whole})::double, {numbers}}}"
    )


def _shares(dataset: Dataset, column: str, code: str) -> str:
    return (
        f"select delivery_id, 'code' as measure, {literal(column)} as column_name, {code} as code, "
        "count(*)::double as part, sum(count(*)) over (partition by delivery_id)::double as whole, "
        f"null as mean, null as spread from {_rows(dataset)} where {name(column)} is not null "
        f"group by delivery_id, {code}"
    )


def _months(dataset: Dataset, column: str) -> str:
    month = f"strftime({name(column)}, '%Y-%m')"
    return (
        f"select delivery_id, 'month' as measure, {literal(column)} as column_name, {month} as code, "
        "count(*)::double as part, sum(count(*)) over (partition by delivery_id)::double as whole, "
        f"null as mean, null as spread from {_rows(dataset)} group by delivery_id, {month}"
    )
