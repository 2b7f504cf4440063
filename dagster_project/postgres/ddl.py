"""The statements that make a table: columns, keys, references, indexes, comments. Values in, SQL out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from psycopg import sql

from dagster_project.postgres.source import Table

_IDENTIFIER_BYTES = 63


def relation(schema: str, table: str) -> sql.Identifier:
    """A quoted `schema.table`."""
    return sql.Identifier(schema, table)


def create_table(table: Table, schema: str) -> sql.Composed:
    """The table without key or index, which are cheaper to add once the rows are there."""
    columns = [
        sql.SQL("{} {} {}").format(
            sql.Identifier(column.name),
            sql.SQL(column.type),  # from postgres/types.py, never from data
            sql.SQL("null" if column.nullable else "not null"),
        )
        for column in table.columns
    ]
    return sql.SQL("create table {} ({})").format(relation(schema, table.name), sql.SQL(", ").join(columns))


def key_statement(table: Table, schema: str) -> sql.Composed | None:
    """The primary key, or a unique constraint where a part of the key may be null; None without a key."""
    if not table.key:
        return None
    nullable = any(column.nullable for column in table.columns if column.name in table.key)
    kind = sql.SQL("unique nulls not distinct" if nullable else "primary key")
    return sql.SQL("alter table {} add {} ({})").format(
        relation(schema, table.name), kind, sql.SQL(", ").join(map(sql.Identifier, table.key))
    )


def index_statements(table: Table, schema: str, dimension_keys: Iterable[str]) -> Iterator[sql.Composed]:
    """One index per column that joins to a dimension and does not lead the key already."""
    referring = {reference.column for reference in table.references}
    joins = referring | (set(dimension_keys) if table.name.startswith("fct_") else set())
    for column in table.columns:
        if column.name in joins and column.name not in table.key[:1]:
            yield sql.SQL("create index on {} ({})").format(
                relation(schema, table.name), sql.Identifier(column.name)
            )


def reference_statements(
    table: Table, schemas: dict[str, str], keys: dict[str, tuple[str, ...]]
) -> Iterator[sql.Composed]:
    """Foreign keys to tables that are loaded with it; BI tools read the joins of the star from them."""
    for reference in table.references:
        if keys.get(reference.table) != (reference.table_column,):
            continue
        target_schema, target = reference.table.split(".")
        yield sql.SQL("alter table {} add foreign key ({}) references {} ({})").format(
            relation(schemas[table.schema], table.name),
            sql.Identifier(reference.column),
            relation(schemas[target_schema], target),
            sql.Identifier(reference.table_column),
        )


def comment_statements(table: Table, schema: str) -> Iterator[sql.Composed]:
    """The comments of the table and of its columns."""
    place = relation(schema, table.name)
    if table.comment:
        yield sql.SQL("comment on table {} is {}").format(place, sql.Literal(table.comment))
    for column in table.columns:
        if column.comment:
            yield sql.SQL("comment on column {}.{} is {}").format(
                place, sql.Identifier(column.name), sql.Literal(column.comment)
            )


def dimension_keys(tables: Iterable[Table]) -> set[str]:
    """The columns by which facts join to dimensions of one key column."""
    return {table.key[0] for table in tables if table.name.startswith("dim_") and len(table.key) == 1}


def too_long(tables: Iterable[Table]) -> list[str]:
    """Names that PostgreSQL would cut off."""
    names = [(t.full_name, n) for t in tables for n in (t.name, *(c.name for c in t.columns))]
    return [f"{where}: {name}" for where, name in names if len(name.encode()) > _IDENTIFIER_BYTES]
