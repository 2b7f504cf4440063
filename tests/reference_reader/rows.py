"""The rows of one delivery: what loads, what is equal to another, what belongs in quarantine and why."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from tests.reference_reader.cells import Cell, Sheet, fold
from tests.reference_reader.contract import ORDERS, SPANS, Column, datasets
from tests.reference_reader.files import Delivery
from tests.reference_reader.values import parse

# Digits that a real number shows without its leading zeros.
WIDTHS = {"municipality": 4, "reporter": 4, "reporter_or_finsam": 4, "pnr": 10}
MOST_BAD_PERCENT = 5

Row = dict[str, object]


@dataclass(frozen=True)
class Fault:
    row_number: int
    column: str | None
    reason: str
    text: str


@dataclass
class Outcome:
    """What a delivery gives: loaded rows by number, faults, and the number of rows of each kind."""

    read: int
    loaded: dict[int, Row]
    faults: list[Fault]
    collapsed: int
    drift: list[str] = field(default_factory=list)

    @property
    def quarantined(self) -> int:
        return len({fault.row_number for fault in self.faults})

    @property
    def too_many_bad_rows(self) -> bool:
        return self.quarantined * 100 > MOST_BAD_PERCENT * self.read


def missing_column(sheet: Sheet, dataset: str) -> bool:
    header = {fold(name) for name in sheet.header}
    return any(column.required and column.name not in header for column in datasets()[dataset])


def judge(sheet: Sheet, delivery: Delivery) -> Outcome:
    columns = datasets()[delivery.dataset]
    known = {column.name for column in columns}
    header = [fold(name) for name in sheet.header]
    faults: list[Fault] = []
    sound: dict[int, Row] = {}
    for number, cells in sheet.rows:
        found, row = _judge_row(number, cells, header, columns, delivery)
        faults += found
        if not found:
            sound[number] = row
    loaded, collapsed, conflicting = _unique(sound, columns)
    cells_of = {number: dict(zip(header, cells, strict=False)) for number, cells in sheet.rows}
    # The first column of the key stands for all of it.
    key = next(column for column in columns if column.key)
    conflicts = [
        Fault(number, key.name, "conflicting_key", _meant(cells_of[number][key.name], key.kind))
        for number in conflicting
    ]
    drift = [name for name in sheet.header if fold(name) not in known]
    return Outcome(len(sheet.rows), loaded, faults + conflicts, collapsed, drift)


def _judge_row(
    number: int, cells: list[Cell], header: list[str], columns: tuple[Column, ...], delivery: Delivery
) -> tuple[list[Fault], Row]:
    if len(cells) != len(header):
        return [Fault(number, None, "wrong_column_count", "")], {}
    by_name = dict(zip(header, cells, strict=True))
    row: Row = {}
    faults: list[Fault] = []
    for column in columns:
        cell = by_name.get(column.name, Cell(""))
        text = _meant(cell, column.kind)
        value, reason = None, "missing_required" if column.required else None
        if text:
            value, reason = parse(text, column.kind, delivery.party, delivery.end)
        row[column.name] = value
        if reason:
            faults.append(Fault(number, column.name, reason, text))
    texts = {column.name: _meant(by_name.get(column.name, Cell("")), column.kind) for column in columns}
    faults += [Fault(number, name, reason, texts[name]) for name, reason in _rules(row, columns, delivery)]
    return faults, row


def _meant(cell: Cell, kind: str) -> str:
    """The text that a cell would hold, had its program not taken it for a number or a date."""
    if kind == "month" and cell.day and cell.day.day == 1:
        return cell.text[:7]
    if not cell.number or not cell.text.isdigit():
        return cell.text
    return cell.text.zfill(WIDTHS.get(kind, 0))


def _rules(row: Row, columns: tuple[Column, ...], delivery: Delivery) -> list[tuple[str, str]]:
    """(column, reason) of the rules about values that could be read."""
    found = []
    if delivery.dataset in ORDERS:
        start, end = ORDERS[delivery.dataset]
        if _before(row[end], row[start]):
            found.append((end, "bad_order"))
    amount, extent = row.get("belopp_kr"), row.get("omfattning")
    if isinstance(amount, float) and amount <= 0:
        found.append(("belopp_kr", "out_of_range"))
    if isinstance(extent, float) and not 1 <= extent <= 100:
        found.append(("omfattning", "out_of_range"))
    for column in columns:
        value = row[column.name]
        if column.period and isinstance(value, date) and not delivery.start <= value <= delivery.end:
            found.append((column.name, "outside_period"))
    if delivery.dataset in SPANS:
        start, end = SPANS[delivery.dataset]
        # A spell without a start that can be read is one of which nothing is known.
        if _before(delivery.end, row[start]) or (row[start] and _before(row[end], delivery.start)):
            found.append((start, "outside_period"))
    return found


def _before(value: object, other: object) -> bool:
    return isinstance(value, date) and isinstance(other, date) and value < other


def _unique(sound: dict[int, Row], columns: tuple[Column, ...]) -> tuple[dict[int, Row], int, list[int]]:
    """The rows that load, how many are copies of one, and the numbers of those whose key has another content too."""
    keys = [column.name for column in columns if column.key]
    by_key: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for number, row in sound.items():
        by_key[tuple(row[name] for name in keys)].append(number)
    loaded: dict[int, Row] = {}
    conflicting: list[int] = []
    collapsed = 0
    for numbers in by_key.values():
        first: dict[tuple[object, ...], int] = {}
        for number in numbers:
            first.setdefault(tuple(sound[number].values()), number)
        collapsed += len(numbers) - len(first)
        if len(first) > 1:
            conflicting += first.values()
        else:
            loaded[numbers[0]] = sound[numbers[0]]
    return loaded, collapsed, conflicting
