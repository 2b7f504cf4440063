"""A table is replaced in part where all that changed for it are rows of few municipalities; else it is built whole."""

import pytest

from dagster_project.building.inputs import Inputs
from dagster_project.building.parts import find_parts
from dagster_project.building.plan import plan_build
from dagster_project.building.record import Record

SUPPORT, CLOSED, SPELLS = "forsorjningsstod", "avslut", "ersattning"


def model(name, by=None, of=()):
    meta = {"in_part_by": by, "in_part_of": list(of)} if by else {}
    return {"resource_type": "model", "schema": "marts", "alias": name, "config": {"meta": meta}}


MANIFEST = {
    "sources": {
        f"source.trisam.raw.{table}": {"source_name": "raw", "name": table}
        for table in (SUPPORT, CLOSED, SPELLS)
    },
    "nodes": {
        "model.trisam.months": model("months", "municipality_code", [SUPPORT]),
        "model.trisam.follow_up": model("follow_up", "person_id", [SUPPORT, CLOSED]),
        "model.trisam.spells": model("spells"),
        "model.trisam.total": model("total"),
    },
    "parent_map": {
        "model.trisam.months": [f"source.trisam.raw.{SUPPORT}"],
        "model.trisam.spells": [f"source.trisam.raw.{SPELLS}"],
        "model.trisam.follow_up": [
            "model.trisam.months",
            "model.trisam.spells",
            f"source.trisam.raw.{CLOSED}",
        ],
        "model.trisam.total": ["model.trisam.follow_up"],
    },
}


def inputs(deliveries, blocked="b1", rows=None):
    """Inputs of these deliveries, `deliverer/dataset` with its content; each of ten municipalities has 10 rows."""
    listed = {}
    for name, content in deliveries.items():
        listed.setdefault(name.partition("/")[2], {})[name] = content
    versions = {
        f"raw.{table}": str(sorted(listed.get(table, {}).items())) + blocked
        for table in (SUPPORT, CLOSED, SPELLS)
    }
    counted = {
        SUPPORT: {f"kommun-21{n:02}": 10 for n in range(10)},
        CLOSED: {f"kommun-21{n:02}": 10 for n in range(10)},
    }
    return Inputs(
        versions={**versions, "quality.delivery": "d", "ops.blocked_person": blocked},
        deliveries=listed,
        rows=rows or counted,
    )


BEFORE = {f"kommun-21{n:02}/{table}": "h1" for n in range(10) for table in (SUPPORT, CLOSED)} | {
    f"af/{SPELLS}": "h1"
}


def parts(after, code="c", **other):
    before = inputs(BEFORE)
    built = Record(
        number="1",
        code="c",
        inputs=before,
        versions=plan_build(MANIFEST, before, "c", None).versions,
        results={},
        tables={},
    )
    now = inputs({**BEFORE, **after}, **other)
    return plan_build(MANIFEST, now, code, built).parts


def names(found):
    return {unique_id.rpartition(".")[2]: by for unique_id, by in found.models.items()}


def test_what_a_municipality_delivers_anew_is_replaced_by_the_column_that_reaches_it():
    found = parts({f"kommun-2101/{SUPPORT}": "h2"})
    assert names(found) == {"months": "municipality_code", "follow_up": "person_id"}
    assert found.deliverers == {SUPPORT: ("kommun-2101",)}


def test_a_delivery_that_is_new_counts_as_one_that_is_another():
    found = parts({f"kommun-2199/{CLOSED}": "h1"})
    assert names(found) == {"follow_up": "person_id"}
    assert found.deliverers == {CLOSED: ("kommun-2199",)}


def test_a_table_that_another_change_reaches_too_is_built_whole():
    found = parts({f"kommun-2101/{SUPPORT}": "h2", f"af/{SPELLS}": "h2"})
    assert names(found) == {"months": "municipality_code"}


def test_where_most_of_a_dataset_has_changed_its_tables_are_built_whole():
    assert names(parts({f"kommun-21{n:02}/{SUPPORT}": "h2" for n in range(5)})) != {}
    most = parts({f"kommun-21{n:02}/{SUPPORT}": "h2" for n in range(6)})
    assert names(most) == {}


@pytest.mark.parametrize("change", [{"code": "other"}, {"blocked": "b2"}])
def test_other_code_or_a_blocked_person_lets_everything_be_built_whole(change):
    assert names(parts({f"kommun-2101/{SUPPORT}": "h2"}, **change)) == {}


def test_without_a_record_everything_is_built_whole():
    now = inputs(BEFORE)
    assert find_parts(MANIFEST, set(MANIFEST["nodes"]), now, "c", None).models == {}
