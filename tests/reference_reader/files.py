"""Names of files: which are deliveries of what, and which of them replace which."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.reference_reader.contract import datasets_of
from tests.reference_reader.values import day, last_day

ENDINGS = (".csv.gz", ".csv", ".xlsx", ".parquet")


@dataclass(frozen=True)
class Delivery:
    path: str
    party: str
    dataset: str
    period: str
    start: date
    end: date
    revision: int

    @property
    def file_name(self) -> str:
        return self.path.rsplit("/", 1)[1]


@dataclass(frozen=True)
class Status:
    status: str
    reason: str | None = None


def listed(inbox: Path) -> Iterator[str]:
    """Every file, by its path in the inbox; a link is a file, whatever it points to."""
    for path in sorted(inbox.rglob("*")):
        if path.is_symlink() or path.is_file():
            yield path.relative_to(inbox).as_posix()


def recognise(inbox: Path, path: str) -> Delivery | Status:
    parts = path.split("/")
    unknown = Status("unrecognised")
    file = inbox / path
    if len(parts) != 2 or parts[1].startswith(".") or file.is_symlink() or file.parent.is_symlink():
        return unknown
    ending = next((one for one in ENDINGS if parts[1].endswith(one)), None)
    dataset = parts[1].split("_", 1)[0]
    if ending is None or "_" not in parts[1] or dataset not in datasets_of(parts[0]):
        return unknown
    rest = parts[1][len(dataset) + 1 : -len(ending)]
    match = re.fullmatch(r"(.*?)(?:_r0*([1-9]\d*))?", rest, re.ASCII | re.DOTALL)
    days = period_days(match[1]) if match else None
    if match is None or days is None:
        return Status("rejected", "bad_period")
    return Delivery(path, parts[0], dataset, match[1], *days, int(match[2] or 1))


def period_days(text: str) -> tuple[date, date] | None:
    """First and last day of a period as written in a file name."""
    if match := re.fullmatch(r"(\d{4})", text, re.ASCII):
        return _months(int(match[1]), 1, 12)
    if match := re.fullmatch(r"(\d{4})H([12])", text, re.ASCII):
        return _months(int(match[1]), int(match[2]) * 6 - 5, 6)
    if match := re.fullmatch(r"(\d{4})Q([1-4])", text, re.ASCII):
        return _months(int(match[1]), int(match[2]) * 3 - 2, 3)
    if match := re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text, re.ASCII):
        return _months(int(match[1]), int(match[2]), 1)
    if match := re.fullmatch(r"(\d{4})(\d\d)(\d\d)-(\d{4})(\d\d)(\d\d)", text, re.ASCII):
        numbers = [int(part) for part in match.groups()]
        start, end = day(*numbers[:3]), day(*numbers[3:])
        return (start, end) if start and end and start <= end else None
    return None


def _months(year: int, first: int, count: int) -> tuple[date, date] | None:
    return (date(year, first, 1), last_day(year, first + count - 1)) if year else None


def resolve(deliveries: list[Delivery], refuse: Callable[[Delivery], str | None]) -> dict[str, Status]:
    """Status of every delivery; `refuse` reads one that would be in force and says why it is rejected, if it is.

    After every rejection all is looked at again, for what was replaced by the rejected one is in force again.
    """
    found = _ambiguous(deliveries)
    while True:
        alive = [one for one in deliveries if one.path not in found]
        left = [one for one in alive if not any(_replaces(other, one) for other in alive)]
        rejected = _first_rejected(left, refuse)
        if rejected is None:
            break
        found[rejected[0].path] = Status("rejected", rejected[1])
    in_force = {one.path for one in left}
    for one in alive:
        found[one.path] = Status("in_force" if one.path in in_force else "superseded")
    return found


def _ambiguous(deliveries: list[Delivery]) -> dict[str, Status]:
    seen: dict[object, list[str]] = {}
    for one in deliveries:
        seen.setdefault((one.party, one.dataset, one.start, one.end, one.revision), []).append(one.path)
    twins = [paths for paths in seen.values() if len(paths) > 1]
    return {path: Status("rejected", "ambiguous_revision") for paths in twins for path in paths}


def _same(one: Delivery, other: Delivery) -> bool:
    return (one.party, one.dataset) == (other.party, other.dataset) and one.path != other.path


def _replaces(one: Delivery, other: Delivery) -> bool:
    if not _same(one, other):
        return False
    if (one.start, one.end) == (other.start, other.end):
        return one.revision > other.revision
    return one.start <= other.start and other.end <= one.end


def _first_rejected(
    left: list[Delivery], refuse: Callable[[Delivery], str | None]
) -> tuple[Delivery, str] | None:
    """In file-name order: what overlaps an earlier one that stands, or cannot be loaded itself."""
    for place, one in enumerate(ordered := sorted(left, key=lambda delivery: delivery.file_name)):
        for earlier in ordered[:place]:
            if _same(one, earlier) and one.start <= earlier.end and earlier.start <= one.end:
                return one, "overlapping_period"
        if reason := refuse(one):
            return one, reason
    return None
