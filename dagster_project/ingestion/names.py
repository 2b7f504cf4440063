"""File names of deliveries: party, dataset, period, revision, format. Nothing here touches a file."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from dagster_project.contract import Contract

FORMATS = ("csv.gz", "csv", "xlsx", "parquet")  # the longest ending first
_REVISION = re.compile(r"_r0*([1-9][0-9]{0,5})$")


@dataclass(frozen=True)
class Period:
    """A span of whole days, both ends included, and how the file name writes it."""

    text: str
    start: date
    end: date

    def contains(self, other: "Period") -> bool:
        """Whether every day of the other lies in this one."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Period") -> bool:
        """Whether the two share a day."""
        return self.start <= other.end and other.start <= self.end

    def same_days(self, other: "Period") -> bool:
        """Whether the two are the same span, however written (`2021` and `20210101-20211231`)."""
        return self.start == other.start and self.end == other.end


@dataclass(frozen=True)
class DeliveryName:
    """What the path of a delivery says. `period` is None when the text has no period that parses."""

    folder: str
    party_code: str
    dataset: str
    period_text: str
    period: Period | None
    revision: int
    file_format: str


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def _span(text: str) -> tuple[date, date] | None:
    """Both ends of a period, ValueError for days that do not exist, None for another form."""
    if match := re.fullmatch(r"([0-9]{4})", text):
        return _months(int(match[1]), 1, 12)
    if match := re.fullmatch(r"([0-9]{4})H([12])", text):
        half = int(match[2])
        return _months(int(match[1]), 6 * half - 5, 6 * half)
    if match := re.fullmatch(r"([0-9]{4})Q([1-4])", text):
        quarter = int(match[2])
        return _months(int(match[1]), 3 * quarter - 2, 3 * quarter)
    if match := re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text):
        return _months(int(match[1]), int(match[2]), int(match[2]))
    if match := re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})-([0-9]{4})([0-9]{2})([0-9]{2})", text):
        first = date(int(match[1]), int(match[2]), int(match[3]))
        return first, date(int(match[4]), int(match[5]), int(match[6]))
    return None


def parse_period(text: str) -> Period | None:
    """`2021`, `2021H1`, `2021Q3`, `2021-09` or `20191201-20211231`; None for anything else."""
    try:
        span = _span(text)
    except ValueError:
        return None
    if span is None or span[0] > span[1]:
        return None
    return Period(text, *span)


def spellings(path: str) -> set[str]:
    """The names by which people call a delivery: its path, without the ending, without the revision."""
    ending = next((f".{f}" for f in FORMATS if path.lower().endswith(f".{f}")), "")
    stem = path[: len(path) - len(ending)]
    return {path, stem, _REVISION.sub("", stem)}


def parse_path(path: str, contract: Contract) -> DeliveryName | None:
    """Read `PARTY/DATASET_PERIOD[_rN].EXT`; None when the path is not a delivery's name.

    A name that bears a dataset of its party and an underscore but no period (or revision) that parses comes
    back with `period` None: the contract's `bad_period`.
    """
    folder, slash, file_name = path.partition("/")
    party = contract.party_of_folder(folder) if slash else None
    if party is None or "/" in file_name:
        return None
    file_format = next((f for f in FORMATS if file_name.endswith(f".{f}")), None)
    if file_format is None:
        return None
    stem = file_name.removesuffix(f".{file_format}")
    candidates = [d.name for d in contract.datasets_of(party.code) if stem.startswith(f"{d.name}_")]
    if not candidates:
        return None
    dataset = max(candidates, key=len)  # of `plan` and `plan_b`, the name that says more
    rest = stem.removeprefix(f"{dataset}_")
    revision = _REVISION.search(rest)
    text = rest[: revision.start()] if revision else rest
    return DeliveryName(
        folder=folder,
        party_code=party.code,
        dataset=dataset,
        period_text=text,
        period=parse_period(text),
        revision=int(revision[1]) if revision else 1,
        file_format=file_format,
    )
