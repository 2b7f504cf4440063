"""What came in and what was refused, as rows for people: reading `quality.*` of the work file."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TextIO

import duckdb

from dagster_project.errors import TrisamError
from dagster_project.settings import Settings

Row = dict[str, Any]

_DELIVERIES = """
select delivery_id as delivery, status, reason, period, revision, rows_read, rows_loaded,
    rows_collapsed, rows_quarantined, detail
from quality.delivery
order by delivery_id, status
"""

_QUARANTINE = """
select delivery_id as delivery, row_number, column_name, reason, value
from quality.quarantined_row
where (? is null or party = ?) and (? is null or dataset = ?)
order by delivery_id, row_number, column_name, reason
"""


def delivery_rows(settings: Settings) -> list[Row]:
    """One row per file of the inbox as the last run found it."""
    return _query(settings, _DELIVERIES, [])


def quarantine_rows(settings: Settings, which: str | None) -> list[Row]:
    """The rows in quarantine, of one party (`rg`) or one dataset of a party (`rg/arenden`) where asked.

    Values of personnummer are masked to their first six digits, as everywhere.
    """
    party, _, dataset = (which or "").partition("/")
    return _query(settings, _QUARANTINE, [party or None, party or None, dataset or None, dataset or None])


def write_quarantine_csv(rows: Sequence[Row], handle: TextIO) -> None:
    """Rows in quarantine as CSV for a spreadsheet, to be sent back to the party."""
    names = list(rows[0]) if rows else ["delivery", "row_number", "column_name", "reason", "value"]
    writer = csv.DictWriter(handle, names, delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: neutral(value) for name, value in row.items()} for row in rows)


def quarantine_lists(settings: Settings, datasets: Iterable[str]) -> dict[str, Path]:
    """Write the quarantine of each dataset to a list of its own in the work folder, mode 0600.

    Returns the lists by dataset; a dataset without such rows has none. Lists of an earlier run are removed.
    """
    folder = settings.work_dir / "quarantine"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    lists = {}
    for dataset in datasets:
        rows = _query(settings, _QUARANTINE, [None, None, dataset, dataset])
        if not rows:
            continue
        lists[dataset] = folder / f"{dataset}.csv"
        descriptor = os.open(lists[dataset], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
            write_quarantine_csv(rows, handle)
    return lists


def neutral(value: object) -> object:
    """A cell that no spreadsheet takes for a formula (it would run when the list is opened)."""
    if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        return "'" + value
    return value


def _query(settings: Settings, query: str, parameters: list[Any]) -> list[Row]:
    if not Path(settings.work_db).exists():
        return []
    try:
        with duckdb.connect(str(settings.work_db), read_only=True) as con:
            result = con.execute(query, parameters)
            names = [d[0] for d in result.description or []]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    except duckdb.IOException as error:
        raise TrisamError(
            "The work file is being written by a run.", "Try again when it has ended."
        ) from error
