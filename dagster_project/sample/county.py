"""Inboxes of any size after the contract, for benchmarks and attacks: facts by sets in DuckDB, files by party and year.

The people are invented, and so are all relations between the facts: nothing published comes out of them.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import duckdb

from dagster_project.contract import Contract, Dataset, load_contract
from dagster_project.errors import TrisamError

SQL_FILE = Path(__file__).with_suffix(".sql")
WHOLE_COUNTRY_FROM = 1_000_000
HOME_COUNTY = "21"
MUNICIPAL = "kommun"
# So many new cases' municipal rows are turned into text at once: it bounds memory.
CASES_PER_BATCH = 1_000_000
SLOTS = 10_000
# Twenty test serials a day, and days back to the year 1.
MOST_CASES = 10_500_000

FileFormat = Literal["csv", "parquet"]


class CountyOutputError(TrisamError):
    """The output folder is not empty, or so many people cannot be invented: nothing was written."""


@dataclass(frozen=True)
class CountyReport:
    """What was made: new cases, files, bytes, and how long it took."""

    output: Path
    cases: int
    municipalities: int
    files: int
    size_bytes: int
    seconds: float


def make_county(
    output: Path,
    cases: int,
    seed: int = 1,
    municipalities: Sequence[str] | None = None,
    first_year: int = 2020,
    years: int = 3,
    file_format: FileFormat = "csv",
    memory_limit: str = "4GB",
) -> CountyReport:
    """Write an inbox with `cases` new cases over `years` years to an empty folder.

    Without `municipalities` it has the ten of Gävleborg, and all 290 from a million cases up. Benefits,
    income support and closings reach half a year beyond the cases, so the last follow-ups are not covered.
    `file_format` is that of the state, the region and the association; municipalities write CSV. The same
    seed gives the same rows. Raises CountyOutputError where the folder holds anything, or
    more cases are asked for than there are test identities.
    """
    if output.exists() and any(output.iterdir()):
        raise CountyOutputError(f"{output} is not empty.", "Give another folder, or empty it first.")
    if not 1 <= cases <= MOST_CASES:
        raise CountyOutputError(f"Ask for 1 to {MOST_CASES:,} new cases: test identities end there.")
    started = time.perf_counter()
    contract = load_contract()
    codes = list(municipalities or usual_municipalities(contract, cases))
    with (
        tempfile.TemporaryDirectory(prefix="trisam-county-") as scratch,
        duckdb.connect(str(Path(scratch) / "county.duckdb")) as database,
    ):
        database.execute(f"set memory_limit = '{memory_limit}'")
        database.execute("set preserve_insertion_order = false")
        _make_facts(database, cases, seed, codes, first_year, years)
        for dataset in contract.datasets.values():
            _write_dataset(database, dataset, output, Path(scratch), file_format, codes, cases)
    _write_empty(contract, output, codes, first_year, years)
    sizes = [path.stat().st_size for path in output.rglob("*") if path.is_file()]
    return CountyReport(output, cases, len(codes), len(sizes), sum(sizes), time.perf_counter() - started)


def usual_municipalities(contract: Contract, cases: int) -> list[str]:
    """Municipalities of an inbox of so many cases, the largest first: Gävleborg's, or all from a million cases up."""
    # The first are the largest: in most counties the seat has a code that ends with 80.
    everywhere = sorted(contract.municipalities, key=lambda code: (code[2:] != "80", code))
    if cases >= WHOLE_COUNTRY_FROM:
        return everywhere
    return [code for code in everywhere if code.startswith(HOME_COUNTY)]


def _make_facts(
    database: duckdb.DuckDBPyConnection, cases: int, seed: int, codes: list[str], first_year: int, years: int
) -> None:
    people = int((cases - 1) * 0.87) + 1
    start, end = date(first_year, 1, 1), date(first_year + years - 1, 12, 31)
    variables = {
        "seed": seed,
        "cases": cases,
        "people": people,
        "others": cases // 4,
        "start_day": start,
        "end_day": end,
        "support_end": date(end.year + 1, 6, 30),
    }
    for name, value in variables.items():
        database.execute(f"set variable {name} = $1", [value])
    database.execute(
        "create table municipality (slot_from integer, slot_to integer, code varchar, units bigint)"
    )
    database.executemany("insert into municipality values (?, ?, ?, ?)", list(_shares(codes, cases, years)))
    database.execute(SQL_FILE.read_text(encoding="utf-8"))


def _shares(codes: list[str], cases: int, years: int) -> Iterator[tuple[int, int, str, int]]:
    """Each municipality's slots and number of teams: the largest has about ten times the people of the smallest."""
    weights = [1 / (1 + 10 * place / len(codes)) for place in range(len(codes))]
    scale = SLOTS / sum(weights)
    first = 0
    reached = 0.0
    for code, weight in zip(codes, weights, strict=True):
        reached += weight * scale
        last = SLOTS if code == codes[-1] else round(reached)
        own_cases = cases * (last - first) / SLOTS
        yield first, last - 1, code, int(min(60, max(1, own_cases / years / 40)))
        first = last


def _columns(dataset: Dataset) -> list[str]:
    return [column.name for column in dataset.columns]


def _write_dataset(
    database: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    output: Path,
    scratch: Path,
    file_format: FileFormat,
    codes: list[str],
    cases: int,
) -> None:
    if set(dataset.parties) - {MUNICIPAL}:
        _write_national(database, dataset, output, scratch / dataset.name, file_format)
    if MUNICIPAL in dataset.parties:
        batches = max(1, cases // CASES_PER_BATCH)
        for batch in range(batches):
            _write_municipal(database, dataset, output, codes[batch::batches])


def _write_national(
    database: duckdb.DuckDBPyConnection, dataset: Dataset, output: Path, folder: Path, file_format: FileFormat
) -> None:
    """Few and large files: one partition each, moved to its place."""
    options = {"csv": "format csv, header true, delimiter ';'", "parquet": "format parquet"}[file_format]
    database.execute(
        f"copy (select {', '.join(_columns(dataset))}, folder, period from {dataset.name}"
        f" where not starts_with(folder, '{MUNICIPAL}')) to '{folder}' ({options}, partition_by (folder, period))"
    )
    for partition in sorted(folder.glob("*/*")):
        party, period = (part.split("=", 1)[1] for part in partition.parts[-2:])
        target = output / party / f"{dataset.name}_{period}.{file_format}"
        target.parent.mkdir(parents=True, exist_ok=True)
        pieces = sorted(partition.iterdir())
        if len(pieces) > 1:
            _join(database, pieces, target, options)
        else:
            shutil.move(pieces[0], target)
    shutil.rmtree(folder, ignore_errors=True)


def _join(database: duckdb.DuckDBPyConnection, pieces: list[Path], target: Path, options: str) -> None:
    """Pieces of one partition, written by several threads, as one file."""
    reader = "read_parquet" if target.suffix == ".parquet" else "read_csv"
    typed = "" if target.suffix == ".parquet" else ", all_varchar = true, delim = ';', header = true"
    database.execute(
        f"copy (select * from {reader}($1{typed}, hive_partitioning = false)) to '{target}' ({options})",
        [[str(piece) for piece in pieces]],
    )


def _write_municipal(
    database: duckdb.DuckDBPyConnection, dataset: Dataset, output: Path, codes: list[str]
) -> None:
    """Many and small files: each one's text is made at once, without opening hundreds of writers."""
    columns = _columns(dataset)
    line = " || ';' || ".join(f"coalesce(cast({name} as varchar), '')" for name in columns)
    found = database.execute(
        f"select folder, period, string_agg({line}, chr(10)) from {dataset.name}"
        " where starts_with(folder, 'kommun-') and list_contains($1, substr(folder, 8)) group by folder, period",
        [codes],
    )
    while rows := found.fetchmany(50):
        for party, period, text in rows:
            target = output / party / f"{dataset.name}_{period}.csv"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(f"{';'.join(columns)}\n{text}\n", encoding="utf-8")


def _write_empty(contract: Contract, output: Path, codes: list[str], first_year: int, years: int) -> None:
    """What a municipality with nothing to state delivers: a header, so that it is known to be nothing."""
    periods = [str(year) for year in range(first_year, first_year + years)]
    beyond = {"forsorjningsstod", "avslut"}
    for name in [*sorted(beyond), "planering", "samtycke"]:
        header = ";".join(_columns(contract.datasets[name]))
        for code in codes:
            for period in periods + ([f"{first_year + years}H1"] if name in beyond else []):
                target = output / f"kommun-{code}" / f"{name}_{period}.csv"
                if not target.exists():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_text(f"{header}\n", encoding="utf-8")
