"""Who may read what: the two roles, and grants that others have given on the tables, which outlive a swap."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg import sql

from dagster_project.postgres.connection import Connection, ServerError
from dagster_project.postgres.source import FILES

ANALYST, OPEN = "trisam_analyst", "trisam_open"
# The schemas that each role reads, and nothing beside them but the version in force.
READS = {ANALYST: ("marts", "indicators"), OPEN: ("open",)}


@dataclass(frozen=True)
class Grant:
    """A right to read that somebody was given; table blank: to use the schema; column blank: the whole table."""

    schema: str
    table: str
    column: str
    grantee: str


def ensure_roles(con: Connection) -> None:
    """Make the roles where they are missing. Raises ServerError with the statements for who may."""
    known = {row[0] for row in con.execute("select rolname from pg_catalog.pg_roles").fetchall()}
    missing = [role for role in READS if role not in known]
    try:
        for role in missing:
            con.execute(sql.SQL("create role {} nologin").format(sql.Identifier(role)))
    except psycopg.errors.InsufficientPrivilege:
        statements = " ".join(f"create role {role} nologin;" for role in missing)
        raise ServerError(
            f"The roles {', '.join(missing)} are not there, and this account may not make them.",
            f"Have an administrator run: {statements}",
        ) from None
    with con.transaction():
        for role in READS:
            con.execute(sql.SQL("grant usage on schema trisam to {}").format(sql.Identifier(role)))
            con.execute(sql.SQL("grant select on trisam.release to {}").format(sql.Identifier(role)))


def grant_reading(con: Connection, placed: dict[str, str]) -> None:
    """Let the roles read. `placed` says under which name each schema lies at the moment."""
    for role, schemas in READS.items():
        for schema in schemas:
            name, reader = sql.Identifier(placed[schema]), sql.Identifier(role)
            con.execute(sql.SQL("grant usage on schema {} to {}").format(name, reader))
            con.execute(sql.SQL("grant select on all tables in schema {} to {}").format(name, reader))


def grants_of_others(con: Connection) -> list[Grant]:
    """Rights to read on the schemas in force that the publication has not given itself."""
    rows = con.execute(
        """
        with given as (
            select n.nspname, '' as relname, '' as attname, n.nspowner as owner, acl.*
            from pg_catalog.pg_namespace as n, pg_catalog.aclexplode(n.nspacl) as acl
            union all
            select n.nspname, c.relname, '', c.relowner, acl.*
            from pg_catalog.pg_class as c
            inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace,
                pg_catalog.aclexplode(c.relacl) as acl
            union all
            select n.nspname, c.relname, a.attname, c.relowner, acl.*
            from pg_catalog.pg_attribute as a
            inner join pg_catalog.pg_class as c on c.oid = a.attrelid
            inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace,
                pg_catalog.aclexplode(a.attacl) as acl
        )
        select nspname, relname, attname, coalesce(r.rolname, '')
        from given left join pg_catalog.pg_roles as r on r.oid = given.grantee
        where nspname = any(%s) and privilege_type in ('SELECT', 'USAGE') and given.grantee <> given.owner
            and coalesce(r.rolname, '') <> all(%s)
        order by 1, 2, 3, 4
        """,
        [list(FILES), list(READS)],
    ).fetchall()
    return [Grant(*row) for row in rows]


def grant_again(con: Connection, grants: list[Grant], columns: dict[tuple[str, str], set[str]]) -> None:
    """Give them on the new tables; `columns` are those of the new tables, and what is gone is passed over."""
    for grant in grants:
        known = columns.get((grant.schema, grant.table), set())
        if grant.table and (not known or (grant.column and grant.column not in known)):
            continue
        con.execute(_grant_statement(grant))


def _grant_statement(grant: Grant) -> sql.Composed:
    reader = sql.Identifier(grant.grantee) if grant.grantee else sql.SQL("public")
    if not grant.table:
        return sql.SQL("grant usage on schema {} to {}").format(sql.Identifier(grant.schema), reader)
    part = sql.SQL("({})").format(sql.Identifier(grant.column)) if grant.column else sql.SQL("")
    table = sql.Identifier(grant.schema, grant.table)
    return sql.SQL("grant select {} on {} to {}").format(part, table, reader)
