"""The offer of the open release as typed values, read from open_release.yml; nothing is computed here."""

from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

AREA_KEYS = ("period_type", "period", "area_level", "area_code")


class Count(BaseModel):
    """A column that counts persons or cases, and where its numbers come from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    within: str | None = None
    of: tuple[str, ...] = ()
    county_only: bool = False
    previous_of: str | None = None


class Measure(BaseModel):
    """A column computed from counts: null when one of them, or of its group, is withheld."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    depends_on: tuple[str, ...]
    formula: str | None = None
    group: str | None = None


class PeopleTable(BaseModel):
    """An indicator table that counts persons or cases, and what of it is offered at which level."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: str
    keys: tuple[str, ...]
    by_wave: bool = False
    gender_rows: bool = False
    additive: bool = False
    municipality: dict[str, str] | None = None
    only: dict[str, str] = {}
    counts: dict[str, Count]
    measures: dict[str, Measure] = {}
    order: tuple[str, ...] = ()

    @property
    def key_columns(self) -> tuple[str, ...]:
        """All columns that name a row, left to right."""
        return self.keys if self.by_wave else AREA_KEYS + self.keys

    @property
    def value_columns(self) -> tuple[str, ...]:
        """Counts and measures in the order of the indicator table."""
        return self.order or (*self.counts, *self.measures)

    @property
    def source_columns(self) -> tuple[str, ...]:
        """The indicator columns that the counts are summed from."""
        return tuple(dict.fromkeys(c for name, count in self.counts.items() for c in count.of or (name,)))


class PlainTable(BaseModel):
    """An indicator table without individuals, offered as it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: str
    rows: Literal["areas", "periods", "all"]


class Offer(BaseModel):
    """Everything that is offered."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    people: tuple[PeopleTable, ...]
    plain: tuple[PlainTable, ...]
    descriptions: dict[str, str]

    def table(self, name: str) -> PeopleTable:
        """Return the people table of that name; KeyError when there is none."""
        for table in self.people:
            if table.name == name:
                return table
        raise KeyError(name)


@cache
def load_offer() -> Offer:
    """Read open_release.yml; a pydantic ValidationError names what is wrong in it."""
    text = Path(__file__).with_name("open_release.yml").read_text(encoding="utf-8")
    return Offer.model_validate(yaml.safe_load(text))
