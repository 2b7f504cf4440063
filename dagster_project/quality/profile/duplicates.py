"""Measures of rows that say the same: within a delivery under other ids, and in an earlier one under other dates."""

from __future__ import annotations

from collections.abc import Iterator

from dagster_project.contract import Dataset
from dagster_project.sql_text import identifier as name


def queries(dataset: Dataset, one_in: int) -> Iterator[str]:
    """One query per measure; `one_in` distinct rows is looked at.

    Each returns delivery_id, measure, column_name, code, part, whole, mean, spread.
    """
    ids = {column.name for column in dataset.key if column.type == "text"}
    dates = {column.name for column in dataset.columns if column.type in {"date", "month"}}
    # Rows without a date and a person (answers to a survey) are alike by nature.
    if ids and (dates or dataset.person_columns):
        yield _twins(dataset, [c.raw_name for c in dataset.columns if c.name not in ids], one_in)
    # Ids may be new while the person is the same; without a person they are what tells rows apart.
    left_out = dates | ids if dataset.person_columns else dates
    yield _repeated(dataset, [c.raw_name for c in dataset.columns if c.name not in left_out], one_in)


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


def _repeated(dataset: Dataset, columns: list[str], one_in: int) -> str:
    """Rows that equal a row of an earlier delivery of the party in everything but their dates (and ids)."""
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
        select c.delivery_id, 'repeated' as measure, '' as column_name, '' as code,
            count(*) filter (where s.since < c.period_start)::double as part, count(*)::double as whole,
            null as mean, null as spread
        from contents as c
        inner join seen as s on s.party = c.party and s.content = c.content
        inner join begun as b on b.party = c.party and b.since < c.period_start
        where c.delivery_id in (select delivery_id from profiled_delivery)
        group by c.delivery_id
    """
