"""Writes the open tables: values, statuses, and null for whatever is withheld or would give it away."""

from collections.abc import Mapping

import duckdb
import pyarrow as pa

from dagster_project.disclosure.figures import Cell, cells_of
from dagster_project.disclosure.offering import OfferedTable, Value, columns_of, plain_sql
from dagster_project.disclosure.spec import Offer, PlainTable

SHOWN, WITHHELD = "shown", "withheld"


def write_people(
    target: duckdb.DuckDBPyConnection,
    table: OfferedTable,
    types: Mapping[str, str],
    withheld: frozenset[Cell],
    descriptions: Mapping[str, str],
) -> None:
    """Write one people table to schema `open`, in the row order given.

    `types` are the indicator columns' types; a count that is null is not offered and has no status.
    """
    spec = table.spec
    status = _statuses(table, withheld)
    groups = _withheld_groups(table, status)
    names, declared, columns = [], [], []
    for place, name in enumerate(table.columns):
        values: list[Value] = [row[place] for row in table.rows]
        if name in spec.counts:
            values = [v if s == SHOWN else None for v, s in zip(values, status[name], strict=True)]
        elif name in spec.measures:
            values = [
                None if gone else v
                for v, gone in zip(values, _gone(table, name, status, groups), strict=True)
            ]
        names.append(name)
        declared.append("BIGINT" if name in spec.counts else types[name])
        columns.append(values)
        if name in spec.counts:
            names.append(f"{name}_status")
            declared.append("VARCHAR")
            columns.append(list(status[name]))
    _create(target, spec.name, names, declared, columns)
    comments = {n: descriptions[n] for n in names if n in descriptions}
    for name in spec.counts:
        comments[f"{name}_status"] = f"Whether {name} is {SHOWN} or {WITHHELD}; null where it is not offered."
    _comment(target, spec.name, spec.title, comments)


def _statuses(table: OfferedTable, withheld: frozenset[Cell]) -> dict[str, list[str | None]]:
    status: dict[str, list[str | None]] = {name: [None] * len(table.rows) for name in table.spec.counts}
    for number, cell, _ in cells_of(table):
        status[cell.column][number] = WITHHELD if cell in withheld else SHOWN
    return status


def _group_keys(table: OfferedTable, group: str) -> list[tuple[Value, ...]]:
    places = [i for i, name in enumerate(table.spec.key_columns) if name != group]
    return [tuple(row[i] for i in places) for row in table.rows]


def _withheld_groups(
    table: OfferedTable, status: Mapping[str, list[str | None]]
) -> dict[str, set[tuple[Value, ...]]]:
    """Return per grouped measure the groups with a withheld member."""
    found: dict[str, set[tuple[Value, ...]]] = {}
    for name, measure in table.spec.measures.items():
        if measure.group:
            keys = _group_keys(table, measure.group)
            found[name] = {
                key for i, key in enumerate(keys) if any(status[c][i] == WITHHELD for c in measure.depends_on)
            }
    return found


def _gone(
    table: OfferedTable,
    name: str,
    status: Mapping[str, list[str | None]],
    groups: Mapping[str, set[tuple[Value, ...]]],
) -> list[bool]:
    measure = table.spec.measures[name]
    if measure.group:
        return [key in groups[name] for key in _group_keys(table, measure.group)]
    return [any(status[c][i] == WITHHELD for c in measure.depends_on) for i in range(len(table.rows))]


def _create(
    target: duckdb.DuckDBPyConnection,
    name: str,
    names: list[str],
    declared: list[str],
    columns: list[list[Value]],
) -> None:
    shape = ", ".join(f'"{n}" {d}' for n, d in zip(names, declared, strict=True))
    target.execute(f'create table open."{name}" ({shape})')
    if columns and columns[0]:
        arrow = pa.table({n: pa.array(c) for n, c in zip(names, columns, strict=True)})
        target.register("incoming", arrow)
        target.execute(f'insert into open."{name}" select * from incoming')
        target.unregister("incoming")


def write_plain(
    source: duckdb.DuckDBPyConnection, target: duckdb.DuckDBPyConnection, offer: Offer
) -> tuple[str, ...]:
    """Copy the tables without individuals; return the names of those that the source does not have."""
    missing = []
    for table in offer.plain:
        if columns_of(source, table.name):
            _copy(source, target, table, offer.descriptions)
        else:
            missing.append(table.name)
    return tuple(missing)


def _copy(
    source: duckdb.DuckDBPyConnection,
    target: duckdb.DuckDBPyConnection,
    table: PlainTable,
    descriptions: Mapping[str, str],
) -> None:
    types = columns_of(source, table.name)
    rows = source.execute(plain_sql(table)).fetchall()
    columns: list[list[Value]] = [list(column) for column in zip(*rows, strict=True)]
    _create(target, table.name, list(types), list(types.values()), columns)
    commented = source.execute(
        "select column_name, comment from duckdb_columns() "
        "where database_name = current_database() and schema_name = 'indicators' and table_name = ? "
        "and comment is not null",
        [table.name],
    ).fetchall()
    known = {name: text for name, text in descriptions.items() if name in types}
    _comment(target, table.name, table.title, {**known, **dict(commented)})


def _comment(target: duckdb.DuckDBPyConnection, table: str, title: str, columns: Mapping[str, str]) -> None:
    target.execute(f'comment on table open."{table}" is {_text(title)}')
    for name, text in columns.items():
        target.execute(f'comment on column open."{table}"."{name}" is {_text(text)}')


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
