"""Two tables beside each other, and where the golden cases lie. How a case is built belongs in conftest."""

from pathlib import Path

import duckdb

GOLDEN = Path(__file__).parents[2] / "golden"
# What binary fractions may differ by when sums are made in another order.
_DIGITS = 9


def expected_tables(case: str) -> list[str]:
    """Names of the indicator tables that a golden case states."""
    return sorted(path.stem for path in (GOLDEN / case / "expected").glob("*.parquet"))


def difference(con: duckdb.DuckDBPyConnection, expected: str, actual: str) -> list[str]:
    """What two tables differ in: leading columns and types, rows that are missing, rows that are too many.

    `actual` may have further columns on the right. Floats are compared to nine decimals. Empty = equal.
    """
    wanted = con.sql(f"describe select * from {expected}").fetchall()
    found = con.sql(f"describe select * from {actual}").fetchall()
    lines = [
        f"column {want[0]} {want[1]} expected, {have[0]} {have[1]} found"
        for want, have in zip(wanted, found[: len(wanted)], strict=True)
        if want[:2] != have[:2]
    ]
    if lines:
        return lines
    columns = ", ".join(
        f"round({name}, {_DIGITS}) as {name}" if kind == "DOUBLE" else name for name, kind, *_ in wanted
    )
    for label, left, right in (("missing", expected, actual), ("too many", actual, expected)):
        rows = con.sql(f"select {columns} from {left} except all select {columns} from {right}").fetchall()
        lines += [f"{label}: {row}" for row in rows]
    return lines
