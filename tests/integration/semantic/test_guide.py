"""The guide to the metrics keeps its word: its queries answer, and what it groups by exists. No numbers here."""

from __future__ import annotations

import re

import duckdb
import pytest

from .conftest import PROJECT, Metrics

GUIDE = (PROJECT / "docs" / "semantic-layer.md").read_text("utf-8")
QUERIES = re.findall(r"mf query --metrics (\S+) --group-by (\S+)", GUIDE)
GROUPINGS = set(re.findall(r"`([a-z]+(?:_[a-z]+)*__[a-z_]+)`", GUIDE))


@pytest.mark.parametrize(("names", "group_by"), QUERIES)
def test_a_query_of_the_guide_answers(names: str, group_by: str, metrics: Metrics):
    answer = metrics.query(names.split(","), group_by.split(","))

    assert answer
    assert set(answer[0]) == {*names.split(","), *group_by.split(",")}


def test_everything_that_the_guide_groups_by_exists(metrics: Metrics):
    assert len(GROUPINGS) > 10
    assert {name for name in GROUPINGS if not name.startswith("metric_time__")} <= metrics.groupings


def test_the_guide_tells_of_every_indicator_which_metrics_it_is(tables: duckdb.DuckDBPyConnection):
    registered = {name for (name,) in tables.execute("select name from indicators.indicator").fetchall()}

    assert {name for name in registered if f"`{name}`" not in GUIDE} == set()
