"""A short look into a table as Markdown, for people who see it in the Dagster UI."""

from __future__ import annotations

import duckdb

_ROWS = 12


def markdown_preview(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> tuple[int, str]:
    """Row count, and the first rows of a table as a Markdown table.

    For indicator tables only: they hold counts, never persons.
    """
    relation = con.table(f'"{schema}"."{table}"')
    counted = relation.aggregate("count(*)").fetchone()
    rows = relation.limit(_ROWS).fetchall()
    head = "| " + " | ".join(relation.columns) + " |"
    rule = "|" + " --- |" * len(relation.columns)
    body = ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    return (int(counted[0]) if counted else 0), "\n".join([head, rule, *body])


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = f"{value:.1f}" if isinstance(value, float) else str(value)
    return text.replace("|", "\\|").replace("\n", " ")
