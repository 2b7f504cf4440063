"""Labels and orders of codes, from the reference data of the warehouse. No wording of its own, no data access.

A code that no list has is shown as it is and sorted last, so that new codes never break a report.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dagster_project.settings import PROJECT_ROOT

REFERENCE_DIR = PROJECT_ROOT / "seeds" / "reference"


@dataclass(frozen=True)
class Reference:
    """Lists of labels by list name; each list maps code to Swedish label, in the list's order."""

    lists: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    # A country's tables have few sets of codes, and each of them many times.
    _ranks: dict[str, Mapping[str, int]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _orders: dict[tuple[str, frozenset[str]], Sequence[str]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def label(self, list_name: str, code: str) -> str:
        """The label of a code, or the code itself."""
        return self.lists.get(list_name, {}).get(code) or code

    def order(self, list_name: str, codes: Iterable[str]) -> Sequence[str]:
        """The codes in the list's order, unknown ones last by code."""
        asked = list_name, frozenset(codes)
        if asked not in self._orders:
            rank = self._rank(list_name)
            self._orders[asked] = sorted(asked[1], key=lambda code: (rank.get(code, len(rank)), code))
        return self._orders[asked]

    def _rank(self, list_name: str) -> Mapping[str, int]:
        if list_name not in self._ranks:
            self._ranks[list_name] = {code: n for n, code in enumerate(self.lists.get(list_name, {}))}
        return self._ranks[list_name]

    def extended(self, extra: Mapping[str, Mapping[str, str]]) -> Reference:
        """A copy in which each list of `extra` starts with the old codes and goes on with the new ones."""
        lists = {name: dict(labels) for name, labels in self.lists.items()}
        for name, labels in extra.items():
            lists.setdefault(name, {}).update(labels)
        return Reference(lists)


def load_reference(folder: Path = REFERENCE_DIR) -> Reference:
    """Read the code lists, municipalities, counties, ladder and reporting periods.

    Composed lists: `benefit` (of both authorities), `destination` (the ladder), `reporter` (authorities and
    municipalities), `area` (counties and municipalities).
    """
    lists: dict[str, dict[str, str]] = {}
    rows = _rows(folder / "code_list.csv")
    for row in sorted(rows, key=lambda r: (r["list_name"], int(r["sort_order"] or 0))):
        lists.setdefault(row["list_name"], {})[row["code"]] = row["label_sv"]
    lists["benefit"] = {**lists.get("benefit_fk", {}), **lists.get("benefit_af", {})}
    ladder = sorted(_rows(folder / "ladder.csv"), key=lambda r: int(r["sort_order"]))
    lists["destination"] = {row["destination_code"]: row["label_sv"] for row in ladder}
    municipalities = {
        row["municipality_code"]: row["municipality_name"] for row in _rows(folder / "municipality.csv")
    }
    counties = {row["county_code"]: row["county_name"] for row in _rows(folder / "county.csv")}
    lists["municipality"] = municipalities
    lists["area"] = {**counties, **municipalities}
    authorities = {code: label for code, label in lists.get("party", {}).items() if code != "KOMMUN"}
    lists["reporter"] = {**authorities, **municipalities}
    lists["reporting_period"] = {
        row["code"]: row["label_sv"] for row in _rows(folder / "reporting_period.csv")
    }
    return Reference(lists)


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
