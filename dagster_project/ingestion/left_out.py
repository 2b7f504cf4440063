"""Deliveries that a person leaves out of a run: which files a name means, who says so and why.

What follows from leaving a file out is decided in `resolution` and `group`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import duckdb

from dagster_project.contract import load_contract
from dagster_project.errors import TrisamError
from dagster_project.ingestion.group import Group
from dagster_project.ingestion.inbox import scan
from dagster_project.ingestion.masking import mask, mask_path
from dagster_project.ingestion.names import FORMATS, parse_path, spellings
from dagster_project.ingestion.reading.headers import fold
from dagster_project.ingestion.warehouse import LEFT_OUT

_SHOWN = 5
_ALIKE = 0.7


class UnknownDeliveryError(TrisamError):
    """A name matches no delivery of the inbox."""

    def __init__(self, name: str, near: Sequence[str]) -> None:
        listed = f" Near it: {', '.join(near)}." if near else ""
        super().__init__(
            f"No file of the inbox is called {_shown(name)}.{listed}",
            "Name it as PARTY/DATASET_PERIOD, for example kommun-2181/forsorjningsstod_2021-03.",
        )


class AlreadyPublishedError(TrisamError):
    """Every file that a name means is part of the published release, with the content that lies there."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{_shown(name)} is published already, and has not changed since: there is nothing to leave out.",
            "To take a published delivery back, remove its file and run with --withdraw.",
        )


@dataclass(frozen=True)
class Without:
    """Deliveries that a person leaves out of one run: their names, the person, and the reason.

    Raises TrisamError when who or why is missing, or holds what looks like a personal number.
    """

    names: tuple[str, ...] = ()
    who: str = ""
    why: str = ""

    def __post_init__(self) -> None:
        """Refuse a request that the release could not repeat."""
        if self.names and not (self.who.strip() and self.why.strip()):
            raise TrisamError(
                "Leaving out a delivery needs a person and a reason.", "Give --why beside --without."
            )
        if mask(self.who) != self.who or mask(self.why) != self.why:
            raise TrisamError(
                "The reason for leaving out a delivery holds what looks like a personal number.",
                "It is published with the release: name the delivery and what is wrong with it, never a person.",
            )

    @property
    def detail(self) -> str:
        """Who leaves out and why, as lists of deliveries show it."""
        return f"left out by {self.who}: {self.why}"


def matching(paths: Iterable[str], name: str) -> list[str]:
    """The paths that a name means, whatever its case and however å, ä and ö are written."""
    wanted = fold(name)
    return [path for path in paths if wanted in {fold(spelling) for spelling in spellings(path)}]


def matched(paths: Collection[str], names: Iterable[str]) -> dict[str, list[str]]:
    """The paths that each name means. Raises UnknownDeliveryError, with the nearest names, where there is none."""
    found = {}
    for name in names:
        found[name] = matching(paths, name)
        if not found[name]:
            raise UnknownDeliveryError(name, _near(paths, name))
    return found


def refuse_unknown(inbox: Path, names: Sequence[str]) -> None:
    """Raise UnknownDeliveryError when a name means no delivery of the inbox; opens no file."""
    if names:
        contract = load_contract()
        matched([f.path for f in scan(inbox) if f.is_file and parse_path(f.path, contract)], names)


def leave_out(
    groups: Collection[Group], bad_names: Collection[str], without: Without, published: Mapping[str, str]
) -> set[str]:
    """Take the files that a person leaves out from the groups, and return the paths of all that are left out.

    `bad_names` are files without a period that parses, which belong to no group. Raises UnknownDeliveryError for a
    name that means no file, AlreadyPublishedError where nothing of what it means can be left out.
    """
    meant = matched({path for group in groups for path in group.files} | set(bad_names), without.names)
    named = {path for found in meant.values() for path in found}
    for group in groups:
        group.leave_out(named, published)
    gone = {path for group in groups for path in group.left_out} | named.intersection(bad_names)
    for name, found in meant.items():
        if not gone.intersection(found):
            raise AlreadyPublishedError(name)
    return gone


def _near(paths: Collection[str], name: str) -> list[str]:
    wanted = fold(name)
    likeness = {
        path: max(SequenceMatcher(None, wanted, fold(spelling)).ratio() for spelling in spellings(path))
        for path in paths
    }
    near = sorted(
        (path for path in paths if likeness[path] >= _ALIKE), key=lambda path: (-likeness[path], path)
    )
    return [mask_path(path) for path in near[:_SHOWN]]


def _shown(name: str) -> str:
    # The days of a period are told from a personal number by the ending alone.
    has_ending = any(name.endswith(f".{ending}") for ending in FORMATS)
    return mask_path(name) if has_ending else mask_path(f"{name}.csv").removesuffix(".csv")


def record_left_out(con: duckdb.DuckDBPyConnection, without: Without, anew: Collection[str]) -> None:
    """Record who leaves out what; what quality.delivery no longer lists as left out is forgotten."""
    names = [mask_path(path) for path in sorted(anew)]
    con.execute(
        "delete from quality.left_out_delivery where delivery_id in (select unnest($names::varchar[])) or "
        "delivery_id not in (select delivery_id from quality.delivery where status = $left_out)",
        {"names": names, "left_out": LEFT_OUT},
    )
    con.execute(
        "insert into quality.left_out_delivery select unnest($names::varchar[]), $who, $why",
        {"names": names, "who": without.who, "why": without.why},
    )
