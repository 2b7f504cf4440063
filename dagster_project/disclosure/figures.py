"""Cells of the open release and relations between them, as plain values; no rule about a table is here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from dagster_project.disclosure.offering import OfferedTable


class Cell(NamedTuple):
    """One count: table, column, period (or wave), area (blank for waves), and the other keys left to right."""

    table: str
    column: str
    period: str
    area: str
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Relation:
    """A sum of coefficient × cell that is zero (`equal`) or at least zero.

    `certain` relations hold by definition. The others hold wherever deliveries have no gaps and people do not
    change gender: they are used where the numbers bear them out, since a reader may guess them right.
    """

    name: str
    terms: tuple[tuple[int, Cell], ...]
    equal: bool
    certain: bool = True


Place = tuple[str, str]
"""Period and area."""


@dataclass(frozen=True)
class Pattern:
    """A relation that holds at several places: its cells name neither period nor area."""

    relation: Relation
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Figures:
    """The offered counts of one county (or of the survey waves), absent ones being zero."""

    values: dict[Cell, int]

    def value(self, cell: Cell) -> int:
        """Return the count, 0 when there is no such row."""
        return self.values.get(cell, 0)

    @cached_property
    def periods(self) -> tuple[str, ...]:
        """Years and half-years that occur, sorted."""
        return tuple(sorted({cell.period for cell in self.values}))

    @cached_property
    def years(self) -> tuple[str, ...]:
        """Years that occur."""
        return tuple(p for p in self.periods if len(p) == 4)

    @cached_property
    def county(self) -> str:
        """The county's code."""
        return next(iter(self.values)).area[:2]

    @cached_property
    def municipalities(self) -> tuple[str, ...]:
        """Codes of the municipalities that occur."""
        return tuple(sorted({cell.area for cell in self.values if len(cell.area) == 4}))

    @cached_property
    def _keys(self) -> dict[tuple[str, str], set[tuple[str, ...]]]:
        found: dict[tuple[str, str], set[tuple[str, ...]]] = {}
        for cell in self.values:
            found.setdefault((cell.table, cell.column), set()).add(cell.keys)
        return found

    def keys(self, table: str, column: str) -> list[tuple[str, ...]]:
        """Return the other keys that occur for a column of a table."""
        return sorted(self._keys.get((table, column), ()))

    @cached_property
    def county_places(self) -> tuple[Place, ...]:
        """The county at every period."""
        return tuple((period, self.county) for period in self.periods)

    @cached_property
    def municipality_places(self) -> tuple[Place, ...]:
        """Every municipality at every year."""
        return tuple((year, area) for year in self.years for area in self.municipalities)

    def levels(self) -> Iterator[tuple[tuple[Place, ...], bool]]:
        """Yield the places at which counts are offered, and whether they are the county's."""
        yield self.county_places, True
        yield self.municipality_places, False


def cells_of(table: OfferedTable) -> Iterator[tuple[int, Cell, int]]:
    """Yield row number, cell and value of every count of a table that is not null."""
    spec = table.spec
    place = {name: i for i, name in enumerate(table.columns)}
    leading = 1 if spec.by_wave else 4
    for number, row in enumerate(table.rows):
        rest = tuple(str(v) for v in row[leading : len(spec.key_columns)])
        period, area = (str(row[0]), "") if spec.by_wave else (str(row[1]), str(row[3]))
        for column in spec.counts:
            value = row[place[column]]
            if value is not None:
                yield number, Cell(spec.name, column, period, area, rest), int(str(value))


def split(tables: Iterable[OfferedTable]) -> dict[str, Figures]:
    """Return the figures by county code, those of the survey waves under a blank."""
    parts: dict[str, dict[Cell, int]] = {}
    for table in tables:
        for _, cell, value in cells_of(table):
            parts.setdefault(cell.area[:2], {})[cell] = value
    return {county: Figures(values) for county, values in sorted(parts.items())}
