"""Rows of a delivery with everything planted that the contract speaks of, as cells of a file."""

import random
from collections.abc import Sequence
from datetime import date, timedelta

from tests.hostile_inbox.forms import Cell, Table
from tests.hostile_inbox.spelling import hostile, written
from tests.reference_reader.contract import ORDERS, Column, code_lists
from tests.reference_reader.files import Delivery

FOLDED = str.maketrans("aoAO", "åöÅÖ")
# Bad rows in a hundred: mostly below the limit, at times at it, just over it, or far beyond.
SHARES = (0, 2, 3, 4, 5, 5, 6, 12)

Record = dict[str, str]


def plant(
    rng: random.Random, records: Sequence[Record], columns: Sequence[Column], one: Delivery
) -> list[Record]:
    """The records with doubles, conflicts, breaches of order and period and broken values; about as many as given."""
    rows = [dict(record) for record in records]
    share = rng.choice(SHARES)
    bad = len(rows) * share // 100 + (rng.randint(0, 1) if share == 5 else 0)
    for row in rng.sample(rows, min(bad, len(rows))):
        for _ in range(rng.choice([1, 1, 1, 2, 3])):
            _break(rng, row, _any_kind(rng, columns), columns, one)
    for row in rng.sample(rows, min(len(rows), rng.choice([0, 1, 3]))):
        rows.insert(rng.randint(0, len(rows)), dict(row))
    if rows and rng.random() < 0.3:
        rows.append(_other_content(rng, rng.choice(rows), columns))
        rows += [dict(rows[-1])] * rng.choice([0, 0, 1])
    return rows


def _any_kind(rng: random.Random, columns: Sequence[Column]) -> Column:
    """A column such that each type is as likely as any other, codes counting as one."""
    kinds: dict[str, list[Column]] = {}
    for column in columns:
        kinds.setdefault("code" if column.kind in code_lists() else column.kind, []).append(column)
    return rng.choice(rng.choice(list(kinds.values())))


def _break(rng: random.Random, row: Record, column: Column, columns: Sequence[Column], one: Delivery) -> None:
    kind = rng.random()
    if kind < 0.55:
        row[column.name] = "\0" + hostile(rng, row[column.name].lstrip("\0"), column.kind, one.party)
    elif kind < 0.75 and (period := [other for other in columns if other.kind == "date"]):
        row[rng.choice(period).name] = _near(rng, rng.choice([one.start, one.end])).isoformat()
    elif kind < 0.9 and one.dataset in ORDERS:
        start, end = ORDERS[one.dataset]
        if row[start] and not row[start].startswith("\0"):
            row[end] = _near(rng, date.fromisoformat(row[start])).isoformat()
    else:
        row[column.name] = ""


def _near(rng: random.Random, day: date) -> date:
    return day + timedelta(days=rng.choice([-400, -31, -1, -1, 0, 0, 1, 1, 31, 400]))


def _other_content(rng: random.Random, row: Record, columns: Sequence[Column]) -> Record:
    """The same key with other content, or with another spelling of the same content."""
    free = [column for column in columns if not column.key and column.kind in ("flag", "number", "text")]
    changed = dict(row)
    if free:
        column = rng.choice(free)
        changed[column.name] = {"flag": "J", "number": "7", "text": "annat"}[column.kind]
    return changed


def tabulate(
    rng: random.Random, rows: Sequence[Record], columns: Sequence[Column], one: Delivery, form: str
) -> Table:
    """Header and cells in a form of file: columns in any order, some missing, some unknown, headers as people write them."""
    kept = [column for column in columns if column.required or rng.random() < 0.9]
    if rng.random() < 0.6:
        rng.shuffle(kept)
    native = {column.name: form != "csv" and rng.random() < 0.5 for column in kept}
    table: list[list[Cell]] = [[_header(rng, column.name) for column in kept]]
    for row in rows:
        table.append(
            [_cell(rng, row[column.name], column, one, form, native[column.name]) for column in kept]
        )
    for _ in range(rng.choice([0, 0, 0, 1, 2])):
        _insert(
            rng, table, rng.randint(0, len(kept)), rng.choice(["extra kolumn", "Övrigt", "id", "kön2", ""])
        )
    return _ragged(rng, table, form) if form != "parquet" else table


def _header(rng: random.Random, name: str) -> str:
    drawn = rng.random()
    if drawn < 0.6:
        return name
    text = name.translate(FOLDED) if rng.random() < 0.3 else name.replace("a", "ä", 1)
    text = rng.choice([text, text.upper(), text.title(), name.upper(), name.title()])
    return rng.choice([text, f" {text} ", f"{text}\u00a0", f"{text}\t"])


def _insert(rng: random.Random, table: list[list[Cell]], place: int, header: str) -> None:
    for number, cells in enumerate(table):
        cells.insert(place, rng.choice(["oväntad", "", "191212121212"]) if number else header)


def _ragged(rng: random.Random, table: list[list[Cell]], form: str) -> Table:
    """Now and then a row with a cell too few or too many, an empty line, or a row of blanks only."""
    width = len(table[0])
    for _ in range(rng.choice([0, 0, 1, 2])):
        table.insert(rng.randint(1, len(table)), rng.choice([[], [""] * width, [" "] * width]))
    if len(table) > 60 and rng.random() < 0.3:
        row = rng.choice([cells for cells in table[1:] if cells])
        if rng.random() < 0.5 or form == "xlsx":
            row += rng.choice([[""], ["x"], ["", "x"]]) if form == "csv" else ["x"]
        else:
            del row[-1]
    return table


def _cell(rng: random.Random, value: str, column: Column, one: Delivery, form: str, native: bool) -> Cell:
    if value.startswith("\0"):
        return value[1:]
    if form != "csv" and not value.strip() and rng.random() < 0.8:
        return None
    if native and value:
        return _native(rng, value, column, form)
    return written(rng, value, column.kind, one.party, one.end)


def _native(rng: random.Random, value: str, column: Column, form: str) -> Cell:
    """A real date, number or flag; in a column of Parquet all cells are of one type."""
    whole = form == "parquet" or rng.random() < 0.5
    if column.kind == "date":
        return date.fromisoformat(value) if whole else int(value.replace("-", ""))
    if column.kind == "month":
        return date.fromisoformat(f"{value}-01") if whole else int(value.replace("-", ""))
    if column.kind == "number":
        return float(value) if "." in value or form == "parquet" else int(value)
    if column.kind == "flag":
        return value == "J" if whole else int(value == "J")
    if column.kind == "pnr":
        return int(value) if whole or value[:2] != "20" else int(value[2:])
    return int(value) if value.isdigit() else value
