"""What an attack can find, and the checks that need no arithmetic across rows."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from dagster_project.disclosure_attack.reading import Count, Place, Published


class Finding(NamedTuple):
    """One thing that an open release gives away. `low` and `high` bound the count where one is bounded."""

    kind: str
    cell: Count
    low: int | None = None
    high: int | None = None
    detail: str = ""

    def __str__(self) -> str:
        place = self.cell.place
        keys = " ".join((place.period, place.area, *place.keys)).strip()
        bounds = "" if self.low is None else f" is {self.low} to {self.high}"
        return f"{self.kind}: {place.table}.{self.cell.column} [{keys}]{bounds}{self.detail and ': ' + self.detail}"


Rules = dict[str, Any]


def plain_findings(published: Published, rules: Rules, threshold: int) -> Iterator[Finding]:
    """Yield what single rows and their neighbours give away."""
    for count in published.odd:
        yield Finding("value and status disagree", count)
    for count, value in published.shown.items():
        if 0 < value < threshold:
            yield Finding("a small count is shown", count, value, value)
    yield from _rests(published, rules, threshold)
    yield from _beside(published, rules)
    yield from _percents(published, rules)
    yield from _missing(published, rules)


def _rests(published: Published, rules: Rules, threshold: int) -> Iterator[Finding]:
    for count, value in published.shown.items():
        whole = rules["rests"].get(count.place.table, {}).get(count.column)
        if whole is None:
            continue
        total = published.shown.get(Count(count.place, whole))
        if total is not None and 0 < total - value < threshold:
            yield Finding("a small rest is shown", count, detail=f"{whole} is {total}")


def _beside(published: Published, rules: Rules) -> Iterator[Finding]:
    for figure in published.figures:
        source = rules["beside"].get(figure.place.table, {}).get(figure.column)
        if source and Count(figure.place, source) in published.withheld:
            yield Finding("a figure is left beside a withheld count", figure)


def _percents(published: Published, rules: Rules) -> Iterator[Finding]:
    members: dict[tuple[str, str, str, tuple[str, ...]], list[Place]] = {}
    for place in published.places:
        for over in {r["over"] for r in rules["percents"].get(place.table, {}).values() if "over" in r}:
            members.setdefault(_group(published, place, over), []).append(place)
    for figure in published.figures:
        rule = rules["percents"].get(figure.place.table, {}).get(figure.column)
        if rule is None:
            continue
        rows = members[_group(published, figure.place, rule["over"])] if "over" in rule else [figure.place]
        columns = {rule["plus"], rule["of"], rule.get("minus", rule["plus"])}
        if any(Count(place, column) in published.withheld for place in rows for column in columns):
            yield Finding("a percent is left beside a withheld count", figure)


def _group(published: Published, place: Place, over: str) -> tuple[str, str, str, tuple[str, ...]]:
    at = published.key_columns[place.table].index(over)
    return (place.table, place.period, place.area, place.keys[:at] + place.keys[at + 1 :])


def _missing(published: Published, rules: Rules) -> Iterator[Finding]:
    """A filled table has a row for every code, so that an absent row does not read as a small one."""
    for table in rules["filled"]:
        found = [place for place in published.places if place.table == table]
        codes = {place.keys[-1] for place in found}
        groups: dict[tuple[str, str, tuple[str, ...]], set[str]] = {}
        for place in found:
            groups.setdefault((place.period, place.area, place.keys[:-1]), set()).add(place.keys[-1])
        for (period, area, keys), present in sorted(groups.items()):
            for code in sorted(codes - present):
                yield Finding("a row is missing", Count(Place(table, period, area, (*keys, code)), "row"))
