"""The suites: data with a reason, a sentence and one id each."""

import json

import pytest

from dagster_project.quality.suites import expected_ids, load_suites
from dagster_project.settings import EXPECTATIONS_DIR


@pytest.mark.parametrize("boundary", ["extracts", "release"])
def test_every_expectation_of_the_project_has_a_reason_and_a_sentence(boundary):
    suites = load_suites(EXPECTATIONS_DIR, boundary)
    assert suites
    for suite in suites:
        for expectation in suite.expectations:
            assert len(expectation.meta.reason) > 20
            assert expectation.meta.message.endswith(".")


def test_ids_are_unique_over_both_boundaries():
    ids = [i for b in ("extracts", "release") for i in expected_ids(load_suites(EXPECTATIONS_DIR, b))]
    assert len(ids) == len(set(ids))


def test_only_reconciliation_waits_for_the_run_to_ask():
    waiting = [
        e.meta.id
        for s in load_suites(EXPECTATIONS_DIR, "release")
        for e in s.expectations
        if e.meta.enforced_when != "always"
    ]
    assert waiting == ["published_figures_match"]


def test_a_suite_under_another_name_is_refused(tmp_path):
    (tmp_path / "extracts").mkdir()
    suite = {"name": "b", "meta": {"schema_name": "raw", "table": "a", "purpose": "p"}, "expectations": []}
    (tmp_path / "extracts" / "a.json").write_text(json.dumps(suite))
    with pytest.raises(ValueError, match="name and file must agree"):
        load_suites(tmp_path, "extracts")
