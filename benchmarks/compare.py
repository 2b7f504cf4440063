"""Compares indicator tables of a release with those of another computation, row by row, in both directions."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

DIGITS = 9
# Text that holds a number: written in as many ways as there are programs.
NUMBERS_AS_TEXT = {("reconciliation", "computed"), ("reconciliation", "expected")}


@dataclass(frozen=True)
class Difference:
    """Of one table: rows of the release, and rows that only one side has. A row counts as often as it stands there."""

    table: str
    rows: int
    only_release: int
    only_other: int
    examples: tuple[str, ...]

    @property
    def equal(self) -> bool:
        """Whether both sides hold the same rows."""
        return self.only_release == 0 and self.only_other == 0


def compare(release: Path, other: Path, examples: int = 3) -> list[Difference]:
    """Compare every table of `other` (a DuckDB file, or a folder of TABLE.parquet) with the release's of that name.

    Only the columns of `other` are looked at: a release has labels beside them. Floats are rounded to 9 digits.
    """
    with duckdb.connect() as connection:
        connection.execute(f"attach '{_quoted(release)}' as release (read_only)")
        tables = _tables(connection, other)
        return [_compare(connection, name, source, examples) for name, source in tables.items()]


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _tables(connection: duckdb.DuckDBPyConnection, other: Path) -> dict[str, str]:
    if other.is_dir():
        return {path.stem: f"read_parquet('{_quoted(path)}')" for path in sorted(other.glob("*.parquet"))}
    connection.execute(f"attach '{_quoted(other)}' as other (read_only)")
    found = connection.execute(
        "select table_name from duckdb_tables() where database_name = 'other' and schema_name = 'indicators' order by 1"
    ).fetchall()
    return {name: f'other.indicators."{name}"' for (name,) in found}


def _compare(connection: duckdb.DuckDBPyConnection, name: str, source: str, examples: int) -> Difference:
    described = connection.execute(f"describe select * from {source}").fetchall()
    columns = ", ".join(_comparable(name, column, kind) for column, kind, *_ in described)
    sides = (f'select {columns} from release.indicators."{name}"', f"select {columns} from {source}")
    # Rows and the sum of their hashes first: millions of equal rows need not be held against one another.
    (rows, release_sum), other_sums = (_fingerprint(connection, side) for side in sides)
    if (rows, release_sum) == other_sums:
        return Difference(name, rows, 0, 0, ())
    only: list[int] = []
    shown: list[str] = []
    for label, (one, two) in zip(("release", "other  "), (sides, sides[::-1]), strict=True):
        apart = connection.sql(f"{one} except all {two}").order("all")
        found = apart.limit(examples).fetchall()
        only.append(apart.shape[0])
        shown += [f"{label} {row}" for row in found]
    return Difference(name, rows, only[0], only[1], tuple(shown))


def _fingerprint(connection: duckdb.DuckDBPyConnection, side: str) -> tuple[int, int]:
    """Number of rows, and the sum of all rows' hashes of 64 bits: whatever their order, a row as often as it stands."""
    found = connection.execute(
        f"select count(*), coalesce(sum(hash(side)::hugeint), 0) from ({side}) as side"
    ).fetchone()
    assert found is not None
    return found[0], found[1]


def _comparable(table: str, column: str, kind: str) -> str:
    quoted = f'"{column}"'
    if (table, column) in NUMBERS_AS_TEXT:
        return (
            f"coalesce(cast(round(try_cast({quoted} as double), {DIGITS}) as varchar), {quoted}) as {quoted}"
        )
    if kind in {"DOUBLE", "FLOAT"}:
        # Adding zero makes -0.0 the zero that it is.
        return f"round(cast({quoted} as double), {DIGITS}) + 0.0 as {quoted}"
    return f"cast({quoted} as {kind}) as {quoted}"


def main() -> None:
    """`python -m benchmarks.compare RELEASE OTHER`: a line per table; exit status 1 when any row differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("release", type=Path, help="HOME/published/trisam.duckdb, or a work file")
    parser.add_argument(
        "other", type=Path, help="a DuckDB file with a schema indicators, or a folder of Parquet files"
    )
    wanted = parser.parse_args()
    differences = compare(wanted.release, wanted.other)
    print(f"{'table':22} {'rows':>10} {'only release':>13} {'only other':>11}")
    for found in differences:
        print(f"{found.table:22} {found.rows:>10} {found.only_release:>13} {found.only_other:>11}")
        for example in found.examples:
            print(f"    {example}")
    sys.exit(0 if differences and all(found.equal for found in differences) else 1)


if __name__ == "__main__":
    main()
