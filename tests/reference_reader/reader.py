"""A whole inbox: raw rows, quarantine and one status per file."""

from dataclasses import dataclass, field
from pathlib import Path

from tests.reference_reader.cells import Unreadable, fold, read
from tests.reference_reader.contract import datasets
from tests.reference_reader.files import Delivery, Status, listed, recognise, resolve
from tests.reference_reader.rows import Outcome, judge, missing_column


@dataclass
class Reading:
    """What the contract makes of an inbox. `outcomes` has the deliveries in force and those with too many bad rows."""

    statuses: dict[str, Status]
    deliveries: dict[str, Delivery]
    outcomes: dict[str, Outcome] = field(default_factory=dict)


def read_inbox(inbox: Path) -> Reading:
    known = {path: recognise(inbox, path) for path in listed(inbox)}
    deliveries = {path: one for path, one in known.items() if isinstance(one, Delivery)}
    reading = Reading({path: one for path, one in known.items() if isinstance(one, Status)}, deliveries)
    reading.statuses |= resolve(list(deliveries.values()), lambda one: _refuse(inbox, one, reading))
    reading.outcomes = {
        path: outcome
        for path, outcome in reading.outcomes.items()
        if reading.statuses[path] in (Status("in_force"), Status("rejected", "too_many_bad_rows"))
    }
    return reading


def _refuse(inbox: Path, delivery: Delivery, reading: Reading) -> str | None:
    if delivery.path not in reading.outcomes:
        try:
            known = {column.name for column in datasets()[delivery.dataset]}
            sheet = read(inbox / delivery.path, known)
        except Unreadable:
            return "unreadable"
        header = [fold(name) for name in sheet.header]
        if any(header.count(name) > 1 for name in known):
            return "unreadable"
        if missing_column(sheet, delivery.dataset):
            return "missing_column"
        reading.outcomes[delivery.path] = judge(sheet, delivery)
    return "too_many_bad_rows" if reading.outcomes[delivery.path].too_many_bad_rows else None
