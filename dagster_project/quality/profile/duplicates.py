"""Measures of ids, and of rows that say the same: with other ids in a delivery, with other dates in an earlier one."""

from __future__ import annotations

from collections.abc import Iterator

from dagster_project.contract import Dataset
from dagster_project.sql_text import identifier as name
from dagster_project.sql_text import literal


def queries(dataset: Dataset, one_in: int) -> Iterator[str]:
    """One query per measure; `one_in` distinct rows is looked at.

    Each returns delivery_id, measure, column_name, code, part, whole, mean, spread.
    """
    ids = {column.name for column in dataset.key if column.type == "text"}
    dates = {column.name for column in dataset.columns if column.type in {"date", "month"}}
    # Rows without a date and a person (answers to a survey) are alike by nature.
    if ids and (dates or dataset.person_columns):
        yield _twins(dataset, [c.raw_name for c in dataset.columns if c.name not in ids], one_in)
    for column in dataset.key:
        if column.type == "text" and column.name in _serial(dataset):
            yield _id_density(dataset, column.raw_name)
    if ids and not dataset.period.columns:
        yield _seen_before(dataset, "key_known", [c.raw_name for c in dataset.key], one_in)
    # Ids may be new while the person is the same; without a person they are what tells rows apart.
    left_out = dates | ids if dataset.person_columns else dates
    compared = [c.raw_name for c in dataset.columns if c.name not in left_out]
    yield _seen_before(dataset, "repeated", compared, one_in)


def _serial(dataset: Dataset) -> set[str]:
    """Columns that number the rows of a dataset: a text that is its whole key, or the part of it that is no code."""
    return (
        {c.name for c in dataset.key if c.type == "text"}
        if all(c.type == "text" for c in dataset.key)
        else set()
    )


def _id_density(dataset: Dataset, column: str) -> str:
    """Rows of a delivery against the span of numbers that their ids end with; near 1 where these are running numbers.

    Of the commonest beginning of the ids, between the fifth and the ninety-fifth hundredth, so that single ids of
    another series do not count.
    """
    parts = f"regexp_extract({name(column)}, '^(.*?)([0-9]{{1,15}})$', ['start', 'number'])"
    return f"""
        with ids as (
            select distinct delivery_id, {parts} as id
            from raw.{name(dataset.name)} where delivery_id in (select delivery_id from profiled_delivery)
        ),
        numbers as (
            select delivery_id, id['start'] as start, try_cast(id['number'] as bigint) as number,
                count(*) over (partition by delivery_id, id['start']) as alike
            from ids where id['number'] <> ''
        ),
        series as (
            select *, max(alike) over (partition by delivery_id) as most,
                quantile_disc(number, 0.05) over (partition by delivery_id, start) as low,
                quantile_disc(number, 0.95) over (partition by delivery_id, start) as high
            from numbers
        )
        select delivery_id, 'id_density' as measure, {literal(column)} as column_name, '' as code,
            count(*)::double as part, (max(high) - min(low) + 1)::double as whole, null as mean, null as spread
        from series where alike = most and number between low and high
        group by delivery_id, start qualify row_number() over (partition by delivery_id order by start) = 1
    """


def _twins(dataset: Dataset, columns: list[str], one_in: int) -> str:
    """Rows that equal another row of their delivery in everything but their ids."""
    listed = ", ".join(name(column) for column in columns)
    return f"""
        with contents as (
            select delivery_id, count(*) as times from raw.{name(dataset.name)}
            where delivery_id in (select delivery_id from profiled_delivery) and hash({listed}) % {one_in} = 0
            group by delivery_id, {listed}
        )
        select delivery_id, 'twin' as measure, '' as column_name, '' as code,
            coalesce(sum(times) filter (where times > 1), 0)::double as part, sum(times)::double as whole,
            null as mean, null as spread
        from contents group by delivery_id
    """


def _seen_before(dataset: Dataset, measure: str, columns: list[str], one_in: int) -> str:
    """Distinct contents of `columns` that an earlier delivery of the party has too; nothing for its first delivery."""
    listed = ", ".join(f"r.{name(column)}" for column in columns)
    return f"""
        with contents as (
            select distinct r.delivery_id, r.party, hash({listed}) as content, d.period_start
            from raw.{name(dataset.name)} as r inner join quality.delivery as d
                on d.delivery_id = r.delivery_id and d.status = 'in_force'
            where hash({listed}) % {one_in} = 0
        ),
        seen as (select party, content, min(period_start) as since from contents group by party, content),
        begun as (select party, min(period_start) as since from contents group by party)
        select c.delivery_id, {literal(measure)} as measure, '' as column_name, '' as code,
            count(*) filter (where s.since < c.period_start)::double as part, count(*)::double as whole,
            null as mean, null as spread
        from contents as c
        inner join seen as s on s.party = c.party and s.content = c.content
        inner join begun as b on b.party = c.party and b.since < c.period_start
        where c.delivery_id in (select delivery_id from profiled_delivery)
        group by c.delivery_id
    """
