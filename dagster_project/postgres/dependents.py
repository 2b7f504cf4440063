"""What others have built on the published schemas: views, which are carried over to the new tables, and things
that cannot be, which are named in a refusal before anything is changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from psycopg import sql

from dagster_project.errors import TrisamError
from dagster_project.postgres.connection import Connection
from dagster_project.postgres.control import Own, existing_schemas
from dagster_project.postgres.source import Release

# Everything that hangs on our tables, their row types or our schemas, and is not a part of the tables themselves.
_DEPENDENTS = """
with own as (
    select oid, reltype, reltoastrelid from pg_catalog.pg_class where oid = any(%(tables)s::oid[])
),

own_type as (
    select t.oid from pg_catalog.pg_type as t where t.oid in (select reltype from own)
    union
    select t.typarray from pg_catalog.pg_type as t where t.oid in (select reltype from own)
),

own_part as (
    select 'pg_catalog.pg_class'::regclass as classid, oid as objid from own
    union all
    select 'pg_catalog.pg_class'::regclass, reltoastrelid from own
    union all
    select 'pg_catalog.pg_class'::regclass, indexrelid from pg_catalog.pg_index
    where indrelid in (select oid from own)
    union all
    select 'pg_catalog.pg_constraint'::regclass, oid from pg_catalog.pg_constraint
    where conrelid in (select oid from own)
    union all
    select 'pg_catalog.pg_trigger'::regclass, oid from pg_catalog.pg_trigger
    where tgisinternal and tgrelid in (select oid from own)
    union all
    select 'pg_catalog.pg_type'::regclass, oid from own_type
    union all
    select 'pg_catalog.pg_statistic_ext'::regclass, oid from pg_catalog.pg_statistic_ext
    where stxrelid in (select oid from own)
),

dependent as (
    select d.classid, d.objid, d.refclassid, d.refobjid, d.refobjsubid
    from pg_catalog.pg_depend as d
    where (
        (d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid in (select oid from own))
        or (d.refclassid = 'pg_catalog.pg_type'::regclass and d.refobjid in (select oid from own_type))
        or (
            d.refclassid = 'pg_catalog.pg_namespace'::regclass
            and d.refobjid in (select oid from pg_catalog.pg_namespace where nspname = any(%(schemas)s))
        )
    )
    and (d.classid, d.objid) not in (select classid, objid from own_part)
)

select distinct
    v.oid::bigint as view_oid,
    pg_catalog.pg_describe_object(d.classid, d.objid, 0) as described,
    v.oid is not null and v.relkind = 'v' and r.rulename = '_RETURN'
        and d.refclassid = 'pg_catalog.pg_class'::regclass as is_view,
    case when v.oid is not null then v.oid::regclass::text end as view_name,
    case when d.refclassid = 'pg_catalog.pg_class'::regclass then d.refobjid::bigint end as table_oid,
    a.attname as column_name,
    pg_catalog.format_type(a.atttypid, a.atttypmod) as column_type
from dependent as d
left join pg_catalog.pg_rewrite as r on d.classid = 'pg_catalog.pg_rewrite'::regclass and r.oid = d.objid
left join pg_catalog.pg_class as v on v.oid = r.ev_class
left join pg_catalog.pg_attribute as a
    on d.refclassid = 'pg_catalog.pg_class'::regclass and a.attrelid = d.refobjid and a.attnum = d.refobjsubid
    and d.refobjsubid > 0
order by 2
"""

_VIEWS = """
select
    v.oid::bigint, n.nspname, v.relname, pg_catalog.pg_get_userbyid(v.relowner),
    pg_catalog.pg_get_viewdef(v.oid), coalesce(v.reloptions, '{}'),
    pg_catalog.pg_has_role(v.relowner, 'usage') and pg_catalog.has_schema_privilege(n.oid, 'create')
from pg_catalog.pg_class as v
inner join pg_catalog.pg_namespace as n on n.oid = v.relnamespace
where v.oid = any(%s::oid[])
order by 2, 3
"""


class DependentsError(TrisamError):
    """Somebody's object stands in the way of a swap; nothing was changed."""


@dataclass(frozen=True)
class View:
    """A view of somebody's on our tables. `options` are its storage parameters, as `name=value`."""

    oid: int
    schema: str
    name: str
    owner: str
    definition: str
    options: tuple[str, ...]
    may_replace: bool

    @property
    def full_name(self) -> str:
        """`schema.view`."""
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True)
class Use:
    """A column of ours that a view uses, with its type."""

    view_oid: int
    table_oid: int
    column: str
    type: str


def views_to_carry_over(con: Connection, own: Sequence[Own], release: Release) -> list[View]:
    """The views of others on the tables in force.

    Raises DependentsError, which names each object and why, when one of them cannot be carried over to the
    tables of `release`, or when something else hangs on the tables or lies in the schemas.
    """
    rows = con.execute(
        _DEPENDENTS, {"tables": [table.oid for table in own], "schemas": existing_schemas(con)}
    ).fetchall()
    whole = {row[0] for row in rows if row[2]} - {row[0] for row in rows if row[0] and not row[2]}
    obstacles = sorted({str(row[3] or row[1]) for row in rows if row[0] not in whole})
    faults = [f"{name}: only plain views on the tables can be carried over" for name in obstacles]
    faults += [
        f"table {name}: row security is enabled on it, and would be lost" for name in _secured(con, own)
    ]
    views = [
        View(row[0], row[1], row[2], row[3], row[4], tuple(row[5]), row[6])
        for row in con.execute(_VIEWS, [list(whole)]).fetchall()
    ]
    uses = [Use(row[0], row[4], row[5], row[6]) for row in rows if row[0] in whole and row[5]]
    tables = {row[4] for row in rows if row[0] in whole}
    faults += _faults(views, uses, [table for table in own if table.oid in tables], release, rows)
    if faults:
        raise DependentsError(
            "Others have built on the published schemas what a new release cannot keep working:\n"
            + "\n".join(f"  - {fault}" for fault in faults),
            "Nothing was changed. Have the owners change or drop them (a copy of the definition first), or "
            "grant the owner's role to the publishing account; then publish again. See docs/bi.md, Own views.",
        )
    return views


def _secured(con: Connection, own: Sequence[Own]) -> list[str]:
    rows = con.execute(
        "select oid::regclass::text from pg_catalog.pg_class where oid = any(%s::oid[]) and relrowsecurity",
        [[table.oid for table in own]],
    ).fetchall()
    return [row[0] for row in rows]


def _faults(
    views: Sequence[View],
    uses: Sequence[Use],
    used: Sequence[Own],
    release: Release,
    rows: Sequence[tuple[object, ...]],
) -> Iterator[str]:
    names = {view.oid: view.full_name for view in views}
    coming = {(table.schema, table.name): table for table in release.tables}
    for view in views:
        if not view.may_replace:
            yield f"view {view.full_name}: the publishing account may not replace views of {view.owner}"
    for table in used:
        if (table.schema, table.name) not in coming:
            using = {str(row[3]) for row in rows if row[4] == table.oid and row[0] in names}
            yield f"{', '.join(sorted(using))}: the new release has no table {table.schema}.{table.name}"
    known = {table.oid: coming.get((table.schema, table.name)) for table in used}
    for use in uses:
        after = known.get(use.table_oid)
        if after is None:
            continue
        column = after.column(use.column)
        if column is None:
            yield f"view {names[use.view_oid]}: {after.full_name} has no column {use.column} any more"
        elif column.type != use.type:
            said = f"{after.full_name}.{use.column} is {column.type}, was {use.type}"
            yield f"view {names[use.view_oid]}: {said}"


def hold(view: View) -> sql.Composed:
    """A statement that changes nothing and keeps everybody from the view until the transaction ends."""
    place = sql.Identifier(view.schema, view.name)
    return sql.SQL("alter view {} owner to {}").format(place, sql.Identifier(view.owner))


def carry_over(view: View) -> sql.Composed:
    """The view as it was, bound to what now bears the names it uses; owner, rights and comment stay."""
    options = [option.partition("=") for option in view.options]
    words = [
        sql.SQL("{} = {}").format(sql.Identifier(name), sql.Literal(setting)) for name, _, setting in options
    ]
    having = sql.SQL("with ({}) ").format(sql.SQL(", ").join(words)) if words else sql.SQL("")
    return sql.SQL("create or replace view {} {}as {}").format(
        sql.Identifier(view.schema, view.name),
        having,
        sql.SQL(view.definition),  # the server's own text of the view
    )
