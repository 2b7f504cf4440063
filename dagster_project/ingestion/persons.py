"""Personal numbers of deliveries become pseudonyms here, each distinct text of a delivery once.

A person stands in a delivery a dozen times, and a keyed hash costs more than all other rules of a row together.
"""

from collections.abc import Mapping, Sequence

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dagster_project.ingestion.pseudonyms import LENGTH, pseudonyms_of, sql_canonical
from dagster_project.ingestion.reading.rows import PERIOD_END_NUMBER

_TEXTS = "person_texts"
_AT_ONCE = 8192
"""Texts in a batch: one batch is the work of one core."""


def pseudonyms_of_rows(
    con: duckdb.DuckDBPyConnection, rows: Sequence[pa.Table], column: str, key: Mapping[str, bytes]
) -> pa.ChunkedArray:
    """The pseudonyms of a column of deliveries, each a table of `marked_rows`, one after the other.

    Null where the text is no right personal number. `key` are the parameters of the keyed hash.
    """
    encoded = [table.column(column).combine_chunks() for table in rows]
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
    return pa.chunked_array(taken, pa.string())


def _pseudonyms(con: duckdb.DuckDBPyConnection, texts: pa.Table, key: Mapping[str, bytes]) -> pa.Array:
    """Pseudonyms of `texts` (n, t, last_day) in the order of n. Nothing is sorted for it, since sorting may spill."""
    con.register(_TEXTS, pa.Table.from_batches(texts.combine_chunks().to_batches(_AT_ONCE), texts.schema))
    try:
        query = f"select n, canonical from ({sql_canonical(_TEXTS)}) where canonical is not null"
        right = con.execute(query).to_arrow_table()
    finally:
        con.unregister(_TEXTS)
    places = np.full(len(texts), -1)
    places[right.column("n").to_numpy()] = np.arange(len(right))
    return _hashed(right.column("canonical"), key).take(pa.array(places, mask=places < 0))


def _hashed(numbers: pa.ChunkedArray, key: Mapping[str, bytes]) -> pa.StringArray:
    whole = pa.ListArray.from_arrays(pa.array([0, len(numbers)], pa.int32()), numbers.combine_chunks())
    joined = pc.binary_join(whole, "")[0].as_buffer().to_pybytes()
    ends = np.arange(len(numbers) + 1, dtype=np.int32) * LENGTH
    return pa.StringArray.from_buffers(
        len(numbers), pa.py_buffer(ends), pa.py_buffer(pseudonyms_of(key, joined))
    )
