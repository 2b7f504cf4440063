"""dbt's answers: a test that did not run is an error, not a pass."""

import json

from dagster_project.building.record import Answer
from dagster_project.release.dbt_results import expected_tests
from dagster_project.release.dbt_results import test_outcomes as outcomes_of


def write(folder, results):
    manifest = {
        "nodes": {
            "test.trisam.unique_a": {
                "resource_type": "test",
                "name": "unique_a",
                "attached_node": "model.trisam.a",
            },
            "test.trisam.not_null_a": {
                "resource_type": "test",
                "name": "not_null_a",
                "attached_node": "model.trisam.a",
            },
            "model.trisam.a": {"resource_type": "model", "name": "a"},
        },
        "unit_tests": {
            "unit_test.trisam.a.window": {"name": "window", "depends_on": {"nodes": ["model.trisam.a"]}}
        },
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    kept = {r["unique_id"]: Answer(status=r["status"], failures=r["failures"]) for r in results}
    return folder / "manifest.json", kept


def statuses(folder, results):
    return {o.check_id: (o.status, o.blocking) for o in outcomes_of(*write(folder, results))}


def test_data_tests_are_expected_and_unit_tests_belong_to_the_tests_of_the_project(tmp_path):
    manifest, _ = write(tmp_path, [])
    assert expected_tests(manifest) == [
        "test.trisam.not_null_a",
        "test.trisam.unique_a",
    ]


def test_a_missing_or_skipped_test_is_an_error(tmp_path):
    results = [
        {"unique_id": "test.trisam.unique_a", "status": "pass", "failures": 0},
        {"unique_id": "test.trisam.not_null_a", "status": "skipped", "failures": None},
    ]
    assert statuses(tmp_path, results) == {
        "test.trisam.unique_a": ("passed", True),
        "test.trisam.not_null_a": ("error", True),
    }


def test_a_warning_is_reported_and_does_not_block(tmp_path):
    results = [{"unique_id": "test.trisam.unique_a", "status": "warn", "failures": 3}]
    assert statuses(tmp_path, results)["test.trisam.unique_a"] == ("failed", False)


def test_without_results_every_test_is_an_error(tmp_path):
    manifest, results = write(tmp_path, [])
    assert {o.status for o in outcomes_of(manifest, results)} == {"error"}
