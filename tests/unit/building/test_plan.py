"""A table is built again when anything it is made from is another, and only then; a test when anything it judges is."""

import pytest

from dagster_project.building.inputs import Inputs
from dagster_project.building.plan import exclusions, plan_build
from dagster_project.building.record import Answer, Record

VERSIONS = {"raw.arenden": "a1", "raw.moten": "m1", "quality.delivery": "d1", "ops.blocked_person": "b1"}
CODE = "c1"


def inputs(**versions):
    changed = {name.replace("_", ".", 1): version for name, version in versions.items()}
    return Inputs(versions={**VERSIONS, **changed}, deliveries={}, rows={})


def node(kind, name):
    return {
        "resource_type": kind,
        "fqn": ["trisam", "layer", name],
        "schema": "marts",
        "alias": name,
        "config": {},
    }


def source(schema, name):
    return {"source_name": schema, "name": name}


MANIFEST = {
    "sources": {
        "source.trisam.raw.arenden": source("raw", "arenden"),
        "source.trisam.raw.moten": source("raw", "moten"),
        "source.trisam.quality.delivery": source("quality", "delivery"),
    },
    "nodes": {
        "model.trisam.fct_case": node("model", "fct_case"),
        "model.trisam.fct_meeting": node("model", "fct_meeting"),
        "model.trisam.overview": node("model", "overview"),
        "model.trisam.dim_period": node("model", "dim_period"),
        "seed.trisam.code_list": node("seed", "code_list"),
        "test.trisam.unique_case": node("test", "unique_case"),
        "test.trisam.case_has_meeting": node("test", "case_has_meeting"),
        "test.trisam.unique_meeting": node("test", "unique_meeting"),
        "unit_test.trisam.window": node("unit_test", "window"),
    },
    "parent_map": {
        "model.trisam.fct_case": ["source.trisam.raw.arenden", "seed.trisam.code_list"],
        "model.trisam.fct_meeting": ["source.trisam.raw.moten"],
        "model.trisam.overview": ["model.trisam.fct_case", "model.trisam.fct_meeting"],
        "model.trisam.dim_period": ["source.trisam.quality.delivery"],
        "seed.trisam.code_list": [],
        "test.trisam.unique_case": ["model.trisam.fct_case"],
        "test.trisam.case_has_meeting": ["model.trisam.fct_case", "model.trisam.fct_meeting"],
        "test.trisam.unique_meeting": ["model.trisam.fct_meeting"],
    },
}
TESTS = ("unique_case", "case_has_meeting", "unique_meeting")


def record(**results):
    versions = plan_build(MANIFEST, inputs(), CODE, None).versions
    passed = {f"test.trisam.{t}": Answer(status="pass", failures=0) for t in TESTS}
    other = {f"test.trisam.{t}": Answer(status=said, failures=1) for t, said in results.items()}
    return Record(
        number="1",
        code=CODE,
        inputs=inputs(),
        versions=versions,
        results={**passed, **other},
        tables={},
    )


def names(unique_ids):
    return {unique_id.rpartition(".")[2] for unique_id in unique_ids}


def test_without_a_record_everything_is_built_and_no_result_stands():
    plan = plan_build(MANIFEST, inputs(), CODE, None)
    assert plan.is_whole
    assert plan.standing == {}
    assert exclusions(plan, MANIFEST) == []


def test_with_nothing_new_nothing_is_built_and_every_result_stands():
    plan = plan_build(MANIFEST, inputs(), CODE, record())
    assert plan.outdated == frozenset()
    assert names(plan.standing) == set(TESTS)


def test_a_changed_source_reaches_all_that_descend_from_it_and_the_tests_of_any_of_these():
    plan = plan_build(MANIFEST, inputs(raw_moten="m2"), CODE, record())
    assert names(plan.outdated) == {"fct_meeting", "overview", "unique_meeting", "case_has_meeting"}
    assert names(plan.standing) == {"unique_case"}


def test_other_days_covered_reach_what_is_made_from_them():
    plan = plan_build(MANIFEST, inputs(quality_delivery="d2"), CODE, record())
    assert names(plan.outdated) == {"dim_period"}


def test_other_code_reaches_everything_seeds_too():
    assert plan_build(MANIFEST, inputs(), "c2", record()).is_whole


@pytest.mark.parametrize("said", ["warn", "fail", "error", "skipped"])
def test_a_test_that_had_not_passed_is_run_again(said):
    plan = plan_build(MANIFEST, inputs(), CODE, record(unique_meeting=said))
    assert names(plan.outdated) == {"unique_meeting"}
    assert "test.trisam.unique_meeting" not in plan.standing


def test_a_test_without_a_result_is_run():
    kept = record()
    lost = kept.model_copy(update={"results": {}})
    assert names(plan_build(MANIFEST, inputs(), CODE, lost).outdated) == set(TESTS)


def test_a_source_that_nobody_has_a_version_of_is_refused():
    with pytest.raises(KeyError):
        plan_build(MANIFEST, Inputs(versions={"raw.arenden": "a1"}, deliveries={}, rows={}), CODE, None)


def test_dbt_is_told_to_leave_out_the_models_and_seeds_that_stand_and_tests_that_judge_only_these():
    plan = plan_build(MANIFEST, inputs(raw_moten="m2"), CODE, record())
    words = exclusions(plan, MANIFEST)
    assert words[0] == "--exclude"
    assert set(words[1].split()) == {
        "fqn:trisam.layer.fct_case",
        "fqn:trisam.layer.dim_period",
        "fqn:trisam.layer.code_list",
    }
    assert words[2:] == ["--indirect-selection", "cautious"]
