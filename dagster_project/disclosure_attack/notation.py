"""Turns the rules of relations.yml into sums of counts; what is shown or withheld plays no part here."""

import itertools
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

from dagster_project.disclosure_attack.reading import Count, Place, Published

TERM = re.compile(r"(\w+)(?:\(([^)]*)\))?\.(\w+)((?:@\w+)?)")
WHOLES = ("TOTAL", "ALL")


class Rule(NamedTuple):
    """Σ factor × count = 0, or ≥ 0 where not `equal`. `text` says which rule it is."""

    text: str
    terms: tuple[tuple[float, Count], ...]
    equal: bool


class Reader:
    """One county (or the survey waves) of an open release, and every rule that applies to it."""

    def __init__(self, published: Published, county: str, rules: dict[str, Any]) -> None:
        self._published, self._county, self._rules = published, county, rules
        self._places = [place for place in published.places if place.area[:2] == county]

    @cached_property
    def _periods(self) -> list[str]:
        return sorted({place.period for place in self._places})

    @cached_property
    def _years(self) -> list[str]:
        return [period for period in self._periods if len(period) == 4]

    @cached_property
    def _municipalities(self) -> list[str]:
        return sorted({place.area for place in self._places if len(place.area) == 4})

    @cached_property
    def _codes(self) -> dict[tuple[str, int], list[str]]:
        found: dict[tuple[str, int], set[str]] = {}
        for place in self._places:
            for at, key in enumerate(place.keys):
                found.setdefault((place.table, at), set()).add(key)
        return {where: sorted(codes) for where, codes in found.items()}

    def rules(self) -> Iterator[Rule]:
        """Yield every rule of relations.yml at every place that it applies to."""
        for section in self._rules["sections"]:
            if (section["at"] == "wave") == (self._county == ""):
                where = list(self._where(section["at"]))
                for text in self._texts(section):
                    for period, area in where:
                        yield self._rule(text, period, area)
        yield from self._previous()
        yield from self._percents()

    def _where(self, at: str) -> Iterator[tuple[str, str]]:
        own = [(year, area) for year in self._years for area in self._municipalities]
        every = [(period, self._county) for period in self._periods]
        yearly = [(year, self._county) for year in self._years]
        halved = [(y, c) for y, c in yearly if {f"{y}H1", f"{y}H2"} <= set(self._periods)]
        choices = {"any": every + own, "county": every, "year": yearly, "municipality": own, "halved": halved}
        if at == "wave":
            return iter([(wave, "") for wave in self._periods])
        if at == "covered":
            return self._covered(every, own)
        return iter(choices[at])

    def _covered(self, every: list[tuple[str, str]], own: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """Deliveries about closings are a municipality's: one row to date shows that it made them."""
        covered = {p.area for p in self._places if p.table == "self_support" and p.keys == ("T", "to_date")}
        yield from (where for where in own if where[1] in covered)
        linked = {
            area
            for year, area in own
            if self._published.shown.get(
                Count(Place("consent", year, area, ("KOMMUN",)), "linkable_count"), 1
            )
            and Place("consent", year, area, ("KOMMUN",)) in self._published.places
        }
        if linked <= covered:
            yield from every

    def _texts(self, section: dict[str, Any]) -> Iterator[str]:
        """Yield the section's rules with every {name} replaced by every value it takes."""
        choices = {name: self._values(listed) for name, listed in section.get("let", {}).items()}
        for text in section["rules"]:
            yield from _expanded(text, choices)

    def _values(self, listed: list[str] | str) -> list[str]:
        if isinstance(listed, list):
            return listed
        table, column = listed.split("/")
        at = self._published.key_columns.get(table, ()).index(column) if self._has(table) else 0
        return self._codes.get((table, at), [])

    def _has(self, table: str) -> bool:
        return table in self._published.key_columns

    def _rule(self, text: str, period: str, area: str) -> Rule:
        small, large = re.split(r"<=|=", text)
        terms = [(1.0, c) for c in self._sum(large, period, area)] + [
            (-1.0, c) for c in self._sum(small, period, area)
        ]
        return Rule(f"{text.strip()} at {period} {area}", tuple(terms), "<=" not in text)

    def _sum(self, text: str, period: str, area: str) -> Iterator[Count]:
        for table, keys, column, at in TERM.findall(text):
            areas, when = [area], period
            if at == "@areas":
                areas = self._municipalities
            elif at == "@county":
                areas = [self._county]
            elif at:
                when = period + at[1:]
            for place in areas:
                for codes in self._keys(table, keys):
                    yield Count(Place(table, when, place, codes), column)

    def _keys(self, table: str, text: str) -> Iterator[tuple[str, ...]]:
        options = [
            [c for c in self._codes.get((table, at), []) if c not in WHOLES] if key == "*" else [key]
            for at, key in enumerate(text.split(",") if text else [])
        ]
        return itertools.product(*options)

    def _previous(self) -> Iterator[Rule]:
        for place in self._places:
            for column, source in self._rules["previous"].get(place.table, {}).items():
                count = Count(place, column)
                if count in self._published.shown or count in self._published.withheld:
                    before = Count(place._replace(period=_before(place.period)), source)
                    yield Rule(f"{column} is the period before", ((1.0, count), (-1.0, before)), equal=True)

    def _percents(self) -> Iterator[Rule]:
        for place in self._places:
            for column, rule in self._rules["percents"].get(place.table, {}).items():
                percent = self._published.figures.get(Count(place, column))
                if percent is not None and percent == percent:  # noqa: PLR0124
                    yield Rule(f"{column} at {place}", tuple(self._ratio(place, rule, percent)), equal=True)

    def _ratio(self, place: Place, rule: dict[str, str], percent: float) -> Iterator[tuple[float, Count]]:
        yield 1.0, Count(place, rule["plus"])
        if "minus" in rule:
            yield -1.0, Count(place, rule["minus"])
        wholes = [place]
        if "over" in rule:
            at = self._published.key_columns[place.table].index(rule["over"])
            codes = self._codes[(place.table, at)]
            wholes = [place._replace(keys=(*place.keys[:at], code, *place.keys[at + 1 :])) for code in codes]
        yield from ((-percent / 100.0, Count(whole, rule["of"])) for whole in wholes)


def _expanded(text: str, choices: dict[str, list[str]]) -> Iterator[str]:
    names = [name for name in choices if f"{{{name}}}" in text]
    if not names:
        yield text
        return
    for value in choices[names[0]]:
        yield from _expanded(text.replace(f"{{{names[0]}}}", value), choices)


def _before(period: str) -> str:
    if len(period) == 4:
        return str(int(period) - 1)
    return f"{period[:4]}H1" if period.endswith("2") else f"{int(period[:4]) - 1}H2"
