"""Bare DuckDB: the scripts of `bare/` in the order of their names, on an inbox, into a database file. No other logic.

What one would write who trusts the files: no validation, no quarantine, no pseudonyms, no release. The files must
hold what `dagster_project.sample.county` writes: CSV with `;` in the contract's order of columns, or Parquet.
Written from the definitions of the indicators, apart from the dbt project, it is also a computation to compare with.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import duckdb

SCRIPTS = Path(__file__).parent / "bare"
REFERENCE = Path(__file__).parents[1] / "seeds" / "reference"
FIRST_SCRIPT = "00_deliveries.sql"


def compute(inbox: Path, database: Path, memory_limit: str | None = None) -> dict[str, float]:
    """Write all indicator tables of an inbox to the schema `indicators` of a new file; returns seconds per script."""
    seconds: dict[str, float] = {}
    with duckdb.connect(str(database)) as connection:
        connection.execute("set preserve_insertion_order = false")
        connection.execute("set enable_progress_bar = false")
        if memory_limit:
            connection.execute("set memory_limit = $1", [memory_limit])
        connection.execute("set variable inbox = $1", [str(inbox)])
        connection.execute("set variable reference = $1", [str(REFERENCE)])
        connection.execute("create schema indicators")
        for script in sorted(SCRIPTS.glob("*.sql")):
            started = time.perf_counter()
            connection.execute(script.read_text(encoding="utf-8"))
            if script.name == FIRST_SCRIPT:
                connection.execute(_views(connection))
            seconds[script.stem] = time.perf_counter() - started
    return seconds


def _views(connection: duckdb.DuckDBPyConnection) -> str:
    """One view per dataset, `extract_DATASET`, of its files in force with the contract's types and `file_no`."""
    columns: dict[str, dict[str, str]] = json.loads((SCRIPTS / "columns.json").read_text(encoding="utf-8"))
    found = connection.execute(
        "select dataset, format = 'parquet', min(file_no), list(file order by file_no) from delivery group by all"
    ).fetchall()
    sources: dict[str, list[str]] = {name: [] for name in columns}
    for dataset, is_parquet, offset, files in found:
        read = _parquet(columns[dataset], files) if is_parquet else _csv(columns[dataset], files)
        sources[dataset].append(f"select {read[0]}, file_index + {offset} as file_no from {read[1]}")
    for dataset, types in columns.items():
        nothing = ", ".join(f"null::{kind} as {name}" for name, kind in types.items())
        sources[dataset] = sources[dataset] or [f"select {nothing}, 0 as file_no where false"]
    return ";".join(
        f"create temp view extract_{name} as {' union all '.join(of_it)}" for name, of_it in sources.items()
    )


def _csv(types: dict[str, str], files: list[str]) -> tuple[str, str]:
    given = ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())
    options = (
        "auto_detect = false, header = true, delim = ';', quote = '\"', escape = '\"', null_padding = false"
    )
    return ", ".join(types), f"read_csv({_list(files)}, columns = {{{given}}}, {options})"


def _parquet(types: dict[str, str], files: list[str]) -> tuple[str, str]:
    return ", ".join(
        f"{name}::{kind} as {name}" for name, kind in types.items()
    ), f"read_parquet({_list(files)})"


def _list(files: list[str]) -> str:
    return "[" + ", ".join("'" + file.replace("'", "''") + "'" for file in files) + "]"


def main() -> None:
    """`python -m benchmarks.bare INBOX DATABASE`: prints the seconds of each script."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("inbox", type=Path)
    parser.add_argument("database", type=Path)
    parser.add_argument("--memory-limit")
    wanted = parser.parse_args()
    started = time.perf_counter()
    for script, seconds in compute(wanted.inbox, wanted.database, wanted.memory_limit).items():
        print(f"{script:20} {seconds:8.2f} s")
    print(f"{'all':20} {time.perf_counter() - started:8.2f} s")


if __name__ == "__main__":
    main()
