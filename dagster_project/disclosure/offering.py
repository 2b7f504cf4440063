"""What is offered: the rows and columns of the indicator tables that the open release has, before withholding.

Reads indicator tables and merges men and unknown; decides nothing about what is withheld.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from dagster_project.disclosure.spec import Offer, PeopleTable, PlainTable
from dagster_project.errors import TrisamError

LABEL_SUFFIXES = ("_sv", "_en", "_name", "sort_order")
MERGED_GENDER_LABELS = {"sv": "Män och ej svar/annan", "en": "Men and unknown"}

Value = object


class DisclosureError(TrisamError):
    """The open release cannot be made from this source."""


@dataclass(frozen=True)
class OfferedTable:
    """Rows of one people table: key columns, then value columns, then labels of the keys."""

    spec: PeopleTable
    labels: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns of a row."""
        return self.spec.key_columns + self.spec.value_columns + self.labels


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def columns_of(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """Return column name to type of an indicator table, empty when there is no such table."""
    rows = con.execute(
        "select column_name, data_type from information_schema.columns "
        "where table_schema = 'indicators' and table_name = ? and table_catalog = current_database() "
        "order by ordinal_position",
        [table],
    ).fetchall()
    return dict(rows)


def open_source(source: Path | duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Return a connection to the indicators; a path is opened read only and must exist."""
    if isinstance(source, duckdb.DuckDBPyConnection):
        return source.cursor()
    if not source.exists():
        raise DisclosureError(
            f"There is no warehouse at {source}.", "Build the indicators first: trisam run."
        )
    return attached(source, read_only=True)


def attached(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file under a catalog name that is none of its schemas', whatever the file is called."""
    con = duckdb.connect()
    con.execute(f"attach {_literal(str(path))} as warehouse{' (read_only)' if read_only else ''}")
    con.execute("use warehouse")
    return con


def read_offered(con: duckdb.DuckDBPyConnection, offer: Offer) -> tuple[OfferedTable, ...]:
    """Read the offered rows of every people table, sorted by their keys.

    Raises DisclosureError when an indicator table or column is missing.
    """
    return tuple(_read_people(con, table) for table in offer.people)


def _read_people(con: duckdb.DuckDBPyConnection, table: PeopleTable) -> OfferedTable:
    present = columns_of(con, table.name)
    needed = (*table.key_columns, *table.source_columns, *table.measures)
    missing = [column for column in needed if column not in present]
    if missing:
        raise DisclosureError(
            f"indicators.{table.name} lacks {', '.join(missing)}.",
            "Build the indicators again: trisam rebuild.",
        )
    contract = set(needed)
    labels = tuple(c for c in present if c not in contract and c.endswith(LABEL_SUFFIXES))
    rows = con.execute(_people_sql(table, labels)).fetchall()
    return OfferedTable(table, labels, tuple(rows))


def _people_sql(table: PeopleTable, labels: tuple[str, ...]) -> str:
    keys, values = table.key_columns, table.value_columns
    source = f"indicators.{_quote(table.name)} where {_condition(table)}"
    if not table.gender_rows:
        columns = [*map(_quote, keys), *(_value(table, c) for c in values), *map(_quote, labels)]
        return f"select {', '.join(columns)} from {source} order by {_order(keys)}"
    kept = ", ".join(map(_quote, (*keys, *values, *labels)))
    merged = ", ".join(_quote(c) for c in (*keys, *values, *labels))
    return (
        f"with offered as (select * from {source}), "
        f"merged as ({_merged_genders(table, labels)}) "
        f"select {kept} from offered where gender in ('K', 'T') "
        f"union all select {merged} from merged order by {_order(keys)}"
    )


def _merged_genders(table: PeopleTable, labels: tuple[str, ...]) -> str:
    """Rows of gender MA: the counts of M and A added, the measures computed from them."""
    keys = [k for k in table.key_columns if k != "gender"]
    sums = ", ".join(f"cast(sum({_quote(c)}) as bigint) as {_quote(c)}" for c in table.counts)
    texts = "".join(f", {_merged_label(c)} as {_quote(c)}" for c in labels)
    grouped = ", ".join(map(_quote, keys))
    measures = "".join(f", {m.formula} as {_quote(c)}" for c, m in table.measures.items())
    counted = f"select {grouped}, 'MA' as gender, {sums}{texts} from offered where gender in ('M', 'A')"
    return f"select *{measures} from ({counted} group by {grouped}) as counted"


def _merged_label(column: str) -> str:
    if not column.startswith("gender_"):
        return f"min({_quote(column)})"
    text = MERGED_GENDER_LABELS.get(column.rsplit("_", 1)[-1])
    return _literal(text) if text else f"min({_quote(column)})"


def _value(table: PeopleTable, column: str) -> str:
    count = table.counts.get(column)
    text = " + ".join(map(_quote, count.of)) if count and count.of else _quote(column)
    if count and count.county_only:
        text = f"case when area_level = 'county' then {text} end"
    return f"{text} as {_quote(column)}"


def _condition(table: PeopleTable) -> str:
    if table.by_wave:
        return _equal(table.only)
    county = "(area_level = 'county' and period_type in ('year', 'half_year'))"
    if table.municipality is None:
        return county
    return f"({county} or (area_level = 'municipality' and period_type = 'year' and {_equal(table.municipality)}))"


def _equal(values: dict[str, str]) -> str:
    return " and ".join(f"{_quote(k)} = {_literal(v)}" for k, v in values.items()) or "true"


def _order(keys: tuple[str, ...]) -> str:
    return ", ".join(map(_quote, keys))


def plain_sql(table: PlainTable) -> str:
    """Return the query for a table without individuals: counties by year and half-year, municipalities by year."""
    condition = {
        "areas": (
            "(area_level = 'county' and period_type in ('year', 'half_year'))"
            " or (area_level = 'municipality' and period_type = 'year')"
        ),
        "periods": "period_type in ('year', 'half_year')",
        "all": "true",
    }[table.rows]
    return f"select * from indicators.{_quote(table.name)} where {condition} order by all"
