"""Reads an inbox back, for the generator's own proof: deliveries in force and their sound rows.

It shares the contract's columns with the warehouse, but no code with its ingestion: two readers that agree.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pyarrow.parquet as pq
import python_calamine

from dagster_project.contract import Column, Contract, Dataset
from dagster_project.sample.days import parse_period
from dagster_project.sample.people import COORDINATION_DAYS, check_digit

FILE_NAME = re.compile(r"^([a-z]+)_([0-9HQ-]+?)(?:_r(\d+))?\.(csv|csv\.gz|xlsx|parquet)$")
FOLDED = str.maketrans("åäö", "aao")
Parsed = str | float | bool | date | None
TRUE, FALSE = ("j", "ja", "1", "true"), ("n", "nej", "0", "false")


@dataclass(frozen=True)
class InboxFile:
    """One delivery in force, its period, its sound rows and the number of others."""

    party: str
    dataset: str
    start: date
    end: date
    rows: list[dict[str, Parsed]]
    bad_rows: int


def read_inbox(folder: Path, contract: Contract) -> list[InboxFile]:
    """All deliveries in force, by path; what is superseded is not read."""
    newest: dict[tuple[str, str, date, date], tuple[int, Path]] = {}
    for path in sorted(folder.glob("*/*")):
        match = FILE_NAME.match(path.name)
        if match:
            key = (path.parent.name, match[1], *parse_period(match[2]))
            newest[key] = max(newest.get(key, (0, path)), (int(match[3] or 1), path))
    in_force = [key for key in newest if not any(_supersedes(other, key) for other in newest)]
    return [_read(newest[key][1], key, contract) for key in in_force]


def _supersedes(other: tuple[str, str, date, date], key: tuple[str, str, date, date]) -> bool:
    return other != key and other[:2] == key[:2] and other[2] <= key[2] and key[3] <= other[3]


def _read(path: Path, key: tuple[str, str, date, date], contract: Contract) -> InboxFile:
    party, name, start, end = key
    dataset = contract.datasets[name]
    parsers = {c.name: _parser(c, contract, party, end) for c in dataset.columns}
    table = _table(path)
    header = [str(name).strip().lower().translate(FOLDED) for name in table[0]]
    sound: dict[tuple[Parsed, ...], dict[str, Parsed]] = {}
    bad = 0
    for cells in table[1:]:
        texts = dict(zip(header, cells, strict=True))
        try:
            row = {c.name: _value(c, parsers[c.name], texts.get(c.name)) for c in dataset.columns}
            _check_row(dataset, row, start, end)
        except ValueError:
            bad += 1
            continue
        sound[tuple(row.values())] = row
    return InboxFile(party, name, start, end, list(sound.values()), bad)


def _table(path: Path) -> list[list[object]]:
    """All rows of a file, the header first."""
    if path.suffix == ".xlsx":
        sheet = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0)
        return [list(row) for row in sheet.to_python(skip_empty_area=False)]
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        return [table.column_names, *(list(row.values()) for row in table.to_pylist())]
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    first_line = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first_line.count)
    return [list(row) for row in csv.reader(text.splitlines(keepends=True), delimiter=delimiter)]


def _value(column: Column, parse: Callable[[str], Parsed], cell: object) -> Parsed:
    text = "" if cell is None else str(cell).strip()
    if isinstance(cell, datetime):
        text = cell.date().isoformat()
    if text:
        return parse(text)
    if column.required:
        raise ValueError(column.name)
    return None


def _parser(column: Column, contract: Contract, party: str, end: date) -> Callable[[str], Parsed]:
    if column.type == "code":
        items = contract.codes_of(column, party.partition("-")[0])
        codes = {text.lower(): item.code for item in items for text in (item.label_sv, item.code) if text}
        return lambda text: _known(codes, text.lower())
    if column.type == "number":
        return lambda text: _number(column, text)
    if column.type == "pnr":
        return lambda text: _pnr(text, end)
    parsers: dict[str, Callable[[str], Parsed]] = {"date": _date, "month": _month, "flag": _flag}
    return parsers.get(column.type, str)


def _known(codes: dict[str, str], text: str) -> str:
    if text not in codes:
        raise ValueError("code")
    return codes[text]


def _date(text: str) -> date:
    digits = text.replace("-", "")
    return date.fromisoformat(digits if len(digits) == 8 else f"20{digits}")


def _month(text: str) -> date:
    return _date(f"{text.replace('-', '')}01")


def _flag(text: str) -> bool:
    if text.lower() not in TRUE + FALSE:
        raise ValueError("flag")
    return text.lower() in TRUE


def _number(column: Column, text: str) -> float:
    value = float(text.replace(",", "."))
    too_small = column.minimum is not None and value < column.minimum
    not_above = column.exclusive_minimum is not None and value <= column.exclusive_minimum
    if too_small or not_above or (column.maximum is not None and value > column.maximum):
        raise ValueError(column.name)
    return value


def _pnr(text: str, end: date) -> str:
    digits = text.replace("-", "")
    if len(digits) == 10:
        century = end.year // 100
        digits = f"{century if int(digits[:2]) <= end.year % 100 else century - 1}{digits}"
    day = int(digits[6:8])
    date(int(digits[:4]), int(digits[4:6]), day - (COORDINATION_DAYS if day > COORDINATION_DAYS else 0))
    if check_digit(digits[2:11]) != int(digits[11]):
        raise ValueError("check digit")
    return digits


def _check_row(dataset: Dataset, row: dict[str, Parsed], start: date, end: date) -> None:
    """Raise ValueError where the row lies outside the period or ends before it begins."""
    for column in dataset.columns:
        value, before = row[column.name], row.get(column.not_before or "")
        if isinstance(value, date) and isinstance(before, date) and value < before:
            raise ValueError(column.name)
    days = [value for value in (row[name] for name in dataset.period.columns) if isinstance(value, date)]
    first, last = (days[0], days[-1]) if days else (start, end)
    if dataset.period.overlaps and len(days) == 1:
        last = end
    if dataset.period.within and not (start <= first <= end):
        raise ValueError(dataset.period.within)
    if dataset.period.overlaps and not (first <= end and start <= last):
        raise ValueError(dataset.period.overlaps[0])


def coverage(files: list[InboxFile]) -> dict[tuple[str, str], list[tuple[date, date]]]:
    """Periods of the deliveries in force by party and dataset."""
    spans: dict[tuple[str, str], list[tuple[date, date]]] = defaultdict(list)
    for file in files:
        spans[file.party, file.dataset].append((file.start, file.end))
    return dict(spans)
