"""Turns the rules of relations.yml into sums of counts, at the places where they tell something.

A rule whose counts are all shown, and that they keep, tells nothing. What the others tell is found in bounds.py.
"""

import itertools
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from dagster_project.disclosure_attack.grid import Floats, Grid, Series, Spots, suspect
from dagster_project.disclosure_attack.reading import Count, Place, Published

TERM = re.compile(r"(\w+)(?:\(([^)]*)\))?\.(\w+)((?:@\w+)?)")
WHOLES = ("TOTAL", "ALL")


class Rule(NamedTuple):
    """Σ factor × count = 0, or ≥ 0 where not `equal`. `text` says which rule it is."""

    text: str
    terms: tuple[tuple[float, Count], ...]
    equal: bool


class Term(NamedTuple):
    """One count of a rule, before it is said where; `at` says how its place differs from the rule's."""

    factor: float
    series: Series
    at: str


class Wording(NamedTuple):
    """A rule before it is said where."""

    text: str
    terms: tuple[Term, ...]
    equal: bool


class Reader:
    """One county (or the survey waves) of an open release, and every rule that applies to it."""

    def __init__(self, published: Published, county: str, rules: dict[str, Any]) -> None:
        self._published, self._county, self._rules = published, county, rules
        self._grid = Grid(published, county)
        self._periods, self._municipalities = self._grid.periods, self._grid.municipalities

    @cached_property
    def _years(self) -> list[str]:
        return [period for period in self._periods if len(period) == 4]

    @cached_property
    def _codes(self) -> dict[tuple[str, int], list[str]]:
        found: dict[tuple[str, int], set[str]] = {}
        for table, keys in {(place.table, place.keys) for place in self._published.places}:
            for at, key in enumerate(keys):
                found.setdefault((table, at), set()).add(key)
        return {where: sorted(codes) for where, codes in found.items()}

    def rules(self) -> Iterator[Rule]:
        """Yield every rule of relations.yml at every place where a count of it is withheld or it is broken."""
        for section in self._rules["sections"]:
            if (section["at"] == "wave") == (self._county == ""):
                spots = self._grid.spots(self._where(section["at"]))
                for text in self._texts(section):
                    yield from self._telling(self._worded(text), spots)
        yield from self._previous()
        yield from self._percents()

    def _telling(self, wording: Wording, spots: Spots) -> Iterator[Rule]:
        total = np.zeros(len(spots.periods))
        for factor, series, at in wording.terms:
            total += factor * self._taken(series, at, spots)
        for period, area in self._grid.places(spots, suspect(total, equal=wording.equal)):
            yield self._rule(wording, period, area)

    def _taken(self, series: Series, at: str, spots: Spots) -> Floats:
        if at == "@areas":
            return self._grid.of_municipalities(series, spots)
        if at == "@county":
            return self._grid.at_county(series, spots)
        return self._grid.at(series, self._grid.renamed(spots, lambda p: p + at[1:]) if at else spots)

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
        covered = {
            p.area for p in self._published.places if p.table == "self_support" and p.keys == ("T", "to_date")
        }
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

    def _worded(self, text: str) -> Wording:
        small, large = re.split(r"<=|=", text)
        terms = (*self._terms(1.0, large), *self._terms(-1.0, small))
        return Wording(text.strip(), terms, "<=" not in text)

    def _terms(self, factor: float, text: str) -> Iterator[Term]:
        for table, keys, column, at in TERM.findall(text):
            for codes in self._keys(table, keys):
                yield Term(factor, Series(table, codes, column), at)

    def _rule(self, wording: Wording, period: str, area: str) -> Rule:
        terms = ((t.factor, count) for t in wording.terms for count in self._placed(t, period, area))
        return Rule(f"{wording.text} at {period} {area}", tuple(terms), wording.equal)

    def _placed(self, term: Term, period: str, area: str) -> Iterator[Count]:
        (table, keys, column), areas, when = term.series, [area], period
        if term.at == "@areas":
            areas = self._municipalities
        elif term.at == "@county":
            areas = [self._county]
        elif term.at:
            when = period + term.at[1:]
        for place in areas:
            yield Count(Place(table, when, place, keys), column)

    def _keys(self, table: str, text: str) -> Iterator[tuple[str, ...]]:
        options = [
            [c for c in self._codes.get((table, at), []) if c not in WHOLES] if key == "*" else [key]
            for at, key in enumerate(text.split(",") if text else [])
        ]
        return itertools.product(*options)

    def _previous(self) -> Iterator[Rule]:
        for place in self._published.places:
            for column, source in self._rules["previous"].get(place.table, {}).items():
                count = Count(place, column)
                if count in self._published.shown or count in self._published.withheld:
                    before = Count(place._replace(period=_before(place.period)), source)
                    yield Rule(f"{column} is the period before", ((1.0, count), (-1.0, before)), equal=True)

    def _percents(self) -> Iterator[Rule]:
        spots = self._grid.every_spot()
        for series, numbers in self._grid.figures.items():
            rule = self._rules["percents"].get(series.table, {}).get(series.column)
            if rule is None:
                continue
            percents = numbers[spots.periods, spots.areas]
            parts, wholes = self._parts(series, rule), self._wholes(series, rule)
            total = -percents / 100.0 * sum(self._grid.at(whole, spots) for whole in wholes)
            total += sum(part.factor * self._grid.at(part.series, spots) for part in parts)
            chosen = suspect(total, equal=True) & ~np.isnan(percents)
            for (period, area), percent in zip(
                self._grid.places(spots, chosen), percents[chosen].tolist(), strict=True
            ):
                terms = (*parts, *(Term(-percent / 100.0, whole, "") for whole in wholes))
                text = f"{series.column} of {' '.join((series.table, *series.keys))}"
                yield self._rule(Wording(text, terms, equal=True), period, area)

    def _parts(self, percent: Series, rule: dict[str, str]) -> list[Term]:
        named = [(1.0, "plus"), (-1.0, "minus")]
        return [Term(f, percent._replace(column=rule[name]), "") for f, name in named if name in rule]

    def _wholes(self, percent: Series, rule: dict[str, str]) -> list[Series]:
        whole = percent._replace(column=rule["of"])
        if "over" not in rule:
            return [whole]
        at = self._published.key_columns[whole.table].index(rule["over"])
        codes = self._codes[(whole.table, at)]
        return [whole._replace(keys=(*whole.keys[:at], code, *whole.keys[at + 1 :])) for code in codes]


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
