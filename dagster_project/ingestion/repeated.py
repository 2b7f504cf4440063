"""Values of columns in which the same texts come again and again: each distinct one of a batch is parsed once.

Dates, codes, flags and most numbers repeat thousands of times, and telling what a text means costs more than all rules
of a row. The distinct texts are held by Arrow; nothing of them is sorted or stored by the database, which might spill.
"""

from collections.abc import Mapping, Sequence

import duckdb
import numpy as np
import pyarrow as pa

from dagster_project.contract import Column, Contract, Dataset
from dagster_project.ingestion.persons import pseudonyms_of_rows
from dagster_project.ingestion.values import sql_folded_code, sql_trimmed, sql_value

LOOKUP = "code_lookup"
_TEXTS = "distinct_texts"
_AT_ONCE = 8192
"""Texts in a batch: one batch is the work of one core."""


def is_repeated(column: Column) -> bool:
    """Whether the values of a column are found here, rather than row by row."""
    return column.type != "text"


def value_column(column: str) -> str:
    """The name of the values that belong to a column of texts."""
    return f"value of {column}"


def with_values(
    con: duckdb.DuckDBPyConnection,
    rows: Sequence[pa.Table],
    dataset: Dataset,
    party_code: str,
    key: Mapping[str, bytes],
) -> pa.Table:
    """The rows of deliveries, each a table of `marked_rows`, as one, with the values of texts that repeat.

    A value is null where the text is none; a person's is the pseudonym. `key` are the parameters of the keyed hash.
    """
    together = pa.concat_tables(rows)
    for column in filter(is_repeated, dataset.columns):
        if column.type == "pnr":
            values = pseudonyms_of_rows(con, rows, column.name, key)
        else:
            values = _values(con, together.column(column.name), _query(dataset, column, party_code))
        together = together.append_column(value_column(column.name), values)
    return together


def _values(con: duckdb.DuckDBPyConnection, texts: pa.ChunkedArray, query: str) -> pa.ChunkedArray:
    encoded = texts.dictionary_encode()
    distinct = encoded.chunk(0).dictionary if encoded.num_chunks else pa.array([], pa.string())
    numbered = pa.table({"n": np.arange(len(distinct)), "t": distinct})
    con.register(_TEXTS, pa.Table.from_batches(numbered.to_batches(_AT_ONCE), numbered.schema))
    try:
        found = con.execute(query).to_arrow_table().combine_chunks()
    finally:
        con.unregister(_TEXTS)
    places = np.empty(len(distinct), dtype=np.int64)
    places[found.column("n").to_numpy()] = np.arange(len(distinct))
    values = found.column("value").take(pa.array(places)).combine_chunks()
    return pa.chunked_array([values.take(chunk.indices) for chunk in encoded.chunks], values.type)


def _query(dataset: Dataset, column: Column, party_code: str) -> str:
    """The values of _TEXTS (n, t), by n."""
    coded = column.type in ("code", "codes", "municipality")
    join = _lookup_join(dataset, column, party_code) if coded else ""
    value = sql_value(column, "t", _looked_up(column))
    return f"select n, {value}::{column.sql_type} as value from (select n, nullif(t, '') as t from {_TEXTS}) {join}"


def lookup_name(dataset: Dataset, column: Column, party_code: str) -> str:
    """The name under which the code lookup keeps what a column accepts from a party."""
    return f"{dataset.name}.{column.name}.{party_code}"


def lookup_rows(contract: Contract) -> list[tuple[str, str, str]]:
    """(lookup, spelling, code) of every column: codes first, so that a label never hides a code."""
    rows: dict[tuple[str, str], str] = {}
    for dataset in contract.datasets.values():
        for party in dataset.parties:
            for column in dataset.columns:
                name = lookup_name(dataset, column, party)
                if column.type == "municipality":
                    rows.update({(name, code): code for code in contract.municipalities})
                items = contract.codes_of(column, party)
                for item in items:
                    rows.setdefault((name, item.code), item.code)
                for item in items:
                    if item.label_sv:
                        rows.setdefault((name, item.label_sv), item.code)
    return [(name, spelling, code) for (name, spelling), code in rows.items()]


def _lookup_join(dataset: Dataset, column: Column, party_code: str) -> str:
    """Joins the accepted code of a column, or all codes as one map for a column that holds several."""
    rows = f"from {LOOKUP} where lookup = '{lookup_name(dataset, column, party_code)}'"
    if column.type == "codes":
        return f"cross join (select map(list(spelling), list(code)) as codes {rows}) as known"
    spelling = sql_folded_code("t")
    return f"left join (select spelling, code {rows}) as known on known.spelling = {spelling}"


def _looked_up(column: Column) -> str:
    if column.type != "codes":
        return "known.code"
    parts = "string_split(t, '|')"
    codes = f"""list_transform({parts}, lambda part: known.codes[{sql_folded_code(sql_trimmed("part"))}])"""
    return (
        f"case when len({parts}) = len(list_filter({codes}, lambda code: code is not null)) "
        f"then array_to_string({codes}, '|') end"
    )
