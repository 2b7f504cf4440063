"""The gate: silence is not a pass, an error is not a failure that can be accepted."""

import pytest

from dagster_project.quality.outcome import Outcome
from dagster_project.release.gate import judge


def outcome(
    check_id: str, status: str = "passed", *, suite: str = "indicators_question", blocking: bool = True
):
    return Outcome(
        check_id=check_id,
        suite=suite,
        table="indicators.question",
        status=status,
        blocking=blocking,
        message="m",
    )


def test_passes_when_every_expected_check_passed():
    assert judge(["a", "b"], [outcome("a"), outcome("b")]).passed


def test_a_check_without_a_result_refuses():
    verdict = judge(["a", "b"], [outcome("a")])
    assert verdict.refusals == ["b: did not run"]


@pytest.mark.parametrize("status", ["failed", "error"])
def test_a_blocking_result_that_is_no_pass_refuses(status):
    assert not judge(["a"], [outcome("a", status)]).passed


def test_a_reported_failure_does_not_refuse():
    assert judge(["a"], [outcome("a", "failed", blocking=False)]).passed
