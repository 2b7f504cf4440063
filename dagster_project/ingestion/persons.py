"""Personal numbers of deliveries become pseudonyms here, each distinct text of a delivery once.

A person stands in a delivery a dozen times, and a keyed hash costs more than all other rules of a row together.
"""

from collections.abc import Mapping, Sequence

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dagster_project.contract import Dataset
from dagster_project.ingestion.pseudonyms import sql_canonical, sql_digits, sql_pseudonym, sql_year
from dagster_project.ingestion.reading.rows import PERIOD_END_NUMBER

_TEXTS = "person_texts"
_AT_ONCE = 8192
"""Texts in a batch: one batch is the work of one core."""


def pseudonym_column(column: str) -> str:
    """The name of the pseudonyms that belong to a column of personal numbers."""
    return f"pseudonym of {column}"


def with_pseudonyms(
    con: duckdb.DuckDBPyConnection, rows: Sequence[pa.Table], dataset: Dataset, key: Mapping[str, bytes]
) -> pa.Table:
    """The rows of deliveries, each a table of `marked_rows`, as one, with the pseudonyms that they lack.

    A pseudonym is null where the text is no right personal number. `key` are the parameters of the keyed hash.
    """
    together = pa.concat_tables(rows)
    for column in dataset.person_columns:
        encoded = [table.column(column.name).combine_chunks() for table in rows]
        last_days = [table.column(PERIOD_END_NUMBER)[0].as_py() if len(table) else 0 for table in rows]
        lengths = [len(array.dictionary) for array in encoded]
        texts = pa.table(
            {
                "n": np.arange(sum(lengths)),
                "t": pa.concat_arrays([array.dictionary for array in encoded]),
                "last_day": np.repeat(last_days, lengths),
            }
        )
        found = _pseudonyms(con, texts, key)
        offsets = np.cumsum([0, *lengths[:-1]])
        taken = [
            found.take(pc.add(array.indices.cast(pa.int64()), int(offset)))
            for array, offset in zip(encoded, offsets, strict=True)
        ]
        together = together.append_column(pseudonym_column(column.name), pa.chunked_array(taken, pa.string()))
    return together


def _pseudonyms(con: duckdb.DuckDBPyConnection, texts: pa.Table, key: Mapping[str, bytes]) -> pa.Array:
    """Pseudonyms of `texts` (n, t, last_day) in the order of n. Nothing but n and the pseudonym is ever sorted."""
    digits = f"select n, t, last_day, {sql_digits('t')} as d from {_TEXTS}"
    years = f"select n, {sql_year('t', 'd', 'last_day')} as y, right(d, 10) as ten from ({digits})"
    numbers = f"select n, {sql_canonical('ten', 'y')} as canonical from ({years})"
    hashed = f"select n, {sql_pseudonym('canonical')} as pseudonym from ({numbers})"
    con.register(_TEXTS, pa.Table.from_batches(texts.combine_chunks().to_batches(_AT_ONCE), texts.schema))
    try:
        found = con.execute(f"select pseudonym from ({hashed}) order by n", dict(key)).to_arrow_table()
    finally:
        con.unregister(_TEXTS)
    return found.column(0).combine_chunks().cast(pa.string())
