"""Matching the header of a file with the columns of a dataset. Delimiters and cells are not its business."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from dagster_project.contract import Dataset
from dagster_project.ingestion.masking import LONGEST_VALUE, mask, printable
from dagster_project.ingestion.reading.unreadable import MissingColumnsError, UnreadableError

_SWEDISH = str.maketrans("åäö", "aao")
# What a person cannot see: blanks of every width, no-break ones, tabs and breaks, zero-width characters.
BLANKS = (
    " \t\r\n\x0b\x0c\x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\u200b\ufeff"
)


def fold(header: str) -> str:
    """A header without regard to case, surrounding blanks, å/ä/ö and the way Unicode composes them."""
    composed = unicodedata.normalize("NFC", header).strip(BLANKS).lower()
    return composed.translate(_SWEDISH)


@dataclass(frozen=True)
class HeaderMatch:
    """Where each column of the dataset lies in the file, and how the file differs from the contract.

    `positions` maps column names to zero-based positions; an optional column that is missing is not in it.
    """

    positions: dict[str, int]
    unknown: tuple[str, ...]
    missing_optional: tuple[str, ...]


def count_known(header: Sequence[str], dataset: Dataset) -> int:
    """How many columns of the dataset a header names."""
    return len({fold(name) for name in header} & {column.name for column in dataset.columns})


def match_header(header: Sequence[str], dataset: Dataset) -> HeaderMatch:
    """Match a header. Raises MissingColumnsError, or UnreadableError when a column is there twice."""
    known = {column.name for column in dataset.columns}
    positions: dict[str, int] = {}
    unknown: list[str] = []
    for position, name in enumerate(header):
        folded = fold(name)
        if folded not in known:
            unknown.append(mask(printable(name.strip(BLANKS)))[:LONGEST_VALUE] or "(no name)")
        elif folded in positions:
            raise UnreadableError(f"the column {folded} occurs twice in the header")
        else:
            positions[folded] = position
    missing = [c.name for c in dataset.columns if c.required and c.name not in positions]
    if missing:
        raise MissingColumnsError(f"missing: {', '.join(missing)}")
    optional = tuple(c.name for c in dataset.columns if c.name not in positions)
    return HeaderMatch(positions, tuple(dict.fromkeys(unknown)), optional)
