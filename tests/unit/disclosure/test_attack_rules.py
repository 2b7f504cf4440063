"""Where a rule of the attack tells something: at every place where a count of it is withheld, or it is broken."""

from typing import Any

import pytest

from dagster_project.disclosure_attack.notation import Reader, Rule
from dagster_project.disclosure_attack.reading import Count, Place, Published

SUM = "case_volume.total_count = case_volume.new_count + case_volume.follow_up_count"


def volume(column: str, period: str = "2021", area: str = "21") -> Count:
    return Count(Place("case_volume", period, area, ()), column)


def told(published: Published, rules: dict[str, Any]) -> list[Rule]:
    listed = {"previous": {}, "percents": {}, **rules}
    return list(Reader(published, "21", listed).rules())


def published(
    shown: dict[Count, int], withheld: set[Count], figures: dict[Count, float] | None = None
) -> Published:
    places = frozenset(count.place for count in (*shown, *withheld))
    return Published(places, shown, withheld, figures or {}, [], {"case_volume": ()})


def kept(area: str = "21", period: str = "2021") -> dict[Count, int]:
    return {
        volume("total_count", period, area): 30,
        volume("new_count", period, area): 20,
        volume("follow_up_count", period, area): 10,
    }


def test_a_rule_that_shown_counts_keep_tells_nothing() -> None:
    assert told(published(kept(), set()), {"sections": [{"at": "any", "rules": [SUM]}]}) == []


def test_a_rule_is_told_where_shown_counts_break_it() -> None:
    shown = kept() | kept("2180") | {volume("new_count", area="2180"): 21}
    (rule,) = told(published(shown, set()), {"sections": [{"at": "any", "rules": [SUM]}]})
    assert rule.text.endswith("at 2021 2180")


def test_a_rule_is_told_where_a_count_of_it_is_withheld() -> None:
    hidden = volume("new_count", area="2180")
    shown = kept() | kept("2180")
    del shown[hidden]
    (rule,) = told(published(shown, {hidden}), {"sections": [{"at": "any", "rules": [SUM]}]})
    assert {count: factor for factor, count in rule.terms} == {
        hidden: 1.0,
        volume("follow_up_count", area="2180"): 1.0,
        volume("total_count", area="2180"): -1.0,
    }


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("case_volume.new_count@areas = case_volume.new_count", volume("new_count", area="2180")),
        ("case_volume.new_count@H1 + case_volume.new_count@H2 = case_volume.new_count", volume("new_count", "2021H2")),
        ("case_volume.new_count <= case_volume.new_count@county", volume("new_count")),
    ],
)  # fmt: skip
def test_counts_of_other_places_are_seen(text: str, hidden: Count) -> None:
    shown = kept() | kept("2180") | kept(period="2021H1") | kept(period="2021H2")
    del shown[hidden]
    at = "municipality" if "@county" in text else "year"
    (rule,) = told(published(shown, {hidden}), {"sections": [{"at": at, "rules": [text]}]})
    assert hidden in [count for _, count in rule.terms]


@pytest.mark.parametrize(
    ("percent", "hidden", "found"),
    [(50.0, None, 0), (49.0, None, 1), (50.0, volume("new_count"), 1)],
)
def test_a_percent_is_told_where_it_bounds_a_withheld_count_or_is_wrong(
    percent: float, hidden: Count | None, found: int
) -> None:
    shown = {count: value for count, value in kept().items() if count != hidden}
    figure = {volume("new_change_percent"): percent}
    rule = {"plus": "total_count", "minus": "new_count", "of": "new_count"}
    rules = {"sections": [], "percents": {"case_volume": {"new_change_percent": rule}}}
    assert len(told(published(shown, {hidden} if hidden else set(), figure), rules)) == found
