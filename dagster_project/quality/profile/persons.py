"""Measures of persons: who continues from the month before, whose gender agrees, who is known elsewhere.

They find what no column shows by itself: a delivery of another municipality, genders swapped, rows left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from dagster_project.contract import Contract, Dataset
from dagster_project.quality.profile import relations
from dagster_project.quality.profile.sampling import person_of, sampled_persons
from dagster_project.sql_text import identifier as name
from dagster_project.sql_text import literal

GENDER = "gender"


def queries(contract: Contract, dataset: Dataset, one_in: int) -> Iterator[str]:
    """One query per measure of a dataset with persons; `one_in` persons is looked at.

    Each returns delivery_id, measure, column_name, code, part, whole, mean, spread.
    """
    if not dataset.person_columns:
        return
    within, overlaps = dataset.period.within, dataset.period.overlaps
    if within and dataset.column(within).type == "month":
        yield from (_months(dataset, within, one_in, measure) for measure in ("carried_in", "carried_on"))
        yield from (
            _unchanged(dataset, within, c.name, one_in) for c in dataset.columns if c.type in {"code", "flag"}
        )
    elif overlaps and dataset.person_columns[0].key:
        yield from (_spells(dataset, overlaps, one_in, measure) for measure in ("carried_in", "carried_on"))
    if _gender(dataset):
        yield _gender_agrees(contract, dataset, one_in)
    if len(dataset.parties) == 1 and any(
        p.per_municipality for p in contract.parties if p.code in dataset.parties
    ):
        yield _key_elsewhere(dataset, one_in)
    yield from relations.queries(contract, dataset, one_in)


def _months(dataset: Dataset, month: str, one_in: int, measure: str) -> str:
    """Persons of a month that the month before has too (`carried_in`), or the reverse (`carried_on`).

    `code` is `first` for the first month of the delivery, which follows on another delivery, else `later`.
    """
    present = f"(select distinct delivery_id, party, {person_of(dataset)} as person, {name(month)} as month "
    present += f"from {sampled_persons(dataset, one_in)})"
    one, other = ("now", "earlier") if measure == "carried_in" else ("earlier", "now")
    return f"""
        with present as {present},
        pairs as (
            select distinct d.delivery_id, d.party, p.month, p.month - interval 1 month as month_before,
                case when p.month = date_trunc('month', d.period_start) then 'first' else 'later' end as code
            from present as p inner join profiled_delivery as d on d.delivery_id = p.delivery_id
        ),
        earlier as (
            select q.delivery_id, q.code, q.month, p.person from pairs as q
            inner join present as p on p.party = q.party and p.month = q.month_before
        ),
        now as (
            select q.delivery_id, q.code, q.month, p.person from pairs as q
            inner join present as p on p.delivery_id = q.delivery_id and p.month = q.month
            where (q.delivery_id, q.month) in (select delivery_id, month from earlier)
        )
        select a.delivery_id, '{measure}' as measure, '' as column_name, a.code,
            count(b.person)::double as part, count(*)::double as whole, null as mean, null as spread
        from (select distinct * from {one}) as a
        left join (select distinct * from {other}) as b
            on b.delivery_id = a.delivery_id and b.month = a.month and b.person = a.person
        group by a.delivery_id, a.code
    """


def _unchanged(dataset: Dataset, month: str, column: str, one_in: int) -> str:
    """Persons of two months in a row whose code is the same in both; `code` as in `_months`."""
    value = name(column)
    return f"""
        with stated as (
            select party, delivery_id, {person_of(dataset)} as person, {name(month)} as month, {value} as value
            from {sampled_persons(dataset, one_in)} where {value} is not null
        )
        select n.delivery_id, 'unchanged' as measure, {literal(column)} as column_name,
            case when n.month = date_trunc('month', d.period_start) then 'first' else 'later' end as code,
            count(*) filter (where n.value = b.value)::double as part, count(*)::double as whole,
            null as mean, null as spread
        from stated as n
        inner join profiled_delivery as d on d.delivery_id = n.delivery_id
        inner join stated as b on b.party = n.party and b.person = n.person and b.month = n.month - interval 1 month
        group by all
    """


def _spells(dataset: Dataset, span: tuple[str, str], one_in: int, measure: str) -> str:
    """Spells that began before the delivery's period and stand in the delivery of the day before (`carried_in`), or
    the reverse: those still running there that this delivery has (`carried_on`).
    """
    keys = ", ".join(name(column.raw_name) for column in dataset.key)
    start, end = (name(column) for column in span)
    same = " and ".join(f"b.{name(c.raw_name)} = a.{name(c.raw_name)}" for c in dataset.key)
    one, other = ("now", "earlier") if measure == "carried_in" else ("earlier", "now")
    return f"""
        with follows as (
            select d.delivery_id, d.period_start, b.delivery_id as before_id from profiled_delivery as d
            inner join quality.delivery as b on b.status = 'in_force' and b.party = d.party
                and b.dataset = d.dataset and b.period_end + 1 between d.period_start and d.period_start
            where d.dataset = {literal(dataset.name)}
        ),
        rows as {sampled_persons(dataset, one_in)},
        now as (
            select distinct f.delivery_id, {keys} from follows as f
            inner join rows as r on r.delivery_id = f.delivery_id and r.{start} < f.period_start
        ),
        earlier as (
            select distinct f.delivery_id, {keys} from follows as f
            inner join rows as r on r.delivery_id = f.before_id and (r.{end} is null or r.{end} >= f.period_start)
        )
        select a.delivery_id, '{measure}' as measure, '' as column_name, 'first' as code,
            count(b.delivery_id)::double as part, count(*)::double as whole, null as mean, null as spread
        from {one} as a left join {other} as b on b.delivery_id = a.delivery_id and {same}
        group by a.delivery_id
    """


def _gender(dataset: Dataset) -> str | None:
    return next((c.name for c in dataset.columns if c.code_list == GENDER), None)


def _gender_agrees(contract: Contract, dataset: Dataset, one_in: int) -> str:
    """Persons whose gender here is the one that most other deliveries state."""
    stated = " union all ".join(
        f"select {literal(d.name)} as dataset, delivery_id, {person_of(d)} as person, {name(gender)} as gender "
        f"from {sampled_persons(d, one_in)} where {name(gender)} in ('K', 'M')"
        for d in contract.datasets.values()
        if d.person_columns and (gender := _gender(d))
    )
    return f"""
        with stated as (
            select dataset, delivery_id, person, gender, count(*) as times from ({stated})
            group by dataset, delivery_id, person, gender
        ),
        here as (
            select delivery_id, person, max_by(gender, times) as gender from stated
            where dataset = {literal(dataset.name)} and delivery_id in (select delivery_id from profiled_delivery)
            group by delivery_id, person
        ),
        everywhere as (select person, gender, sum(times) as times from stated group by person, gender),
        elsewhere as (
            select h.delivery_id, h.person, h.gender, e.gender as other, e.times - coalesce(s.times, 0) as times
            from here as h
            inner join everywhere as e on e.person = h.person
            left join stated as s on s.dataset = {literal(dataset.name)} and s.delivery_id = h.delivery_id
                and s.person = h.person and s.gender = e.gender
        ),
        compared as (
            select delivery_id, person, any_value(gender) as gender, max_by(other, times) as other
            from elsewhere where times > 0 group by delivery_id, person
        )
        select delivery_id, 'gender_agrees' as measure, '' as column_name, '' as code,
            count(*) filter (where gender = other)::double as part, count(*)::double as whole,
            null as mean, null as spread
        from compared group by delivery_id
    """


def _key_elsewhere(dataset: Dataset, one_in: int) -> str:
    """Rows of one municipality whose whole key stands in a delivery of another one too."""
    same = " and ".join(f"o.{name(c.raw_name)} = r.{name(c.raw_name)}" for c in dataset.key)
    rows = sampled_persons(dataset, one_in)
    return f"""
        select r.delivery_id, 'key_elsewhere' as measure, '' as column_name, '' as code,
            count(*) filter (where exists (select 1 from {rows} as o where o.party <> r.party and {same}))::double
            as part, count(*)::double as whole, null as mean, null as spread
        from {rows} as r where r.delivery_id in (select delivery_id from profiled_delivery) group by r.delivery_id
    """
