"""The gate: silence is not a pass, an error is not a failure that can be accepted."""

import pytest

from dagster_project.quality.outcome import Outcome
from dagster_project.release.gate import judge


def outcome(
    check_id: str, status: str = "passed", *, suite: str = "indicators_question", level: str = "blocks"
):
    return Outcome(
        check_id=check_id,
        suite=suite,
        table="indicators.question",
        status=status,
        level=level,
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


@pytest.mark.parametrize("level", ["warns", "informs"])
def test_a_failure_that_does_not_block_does_not_refuse(level):
    assert judge(["a"], [outcome("a", "failed", level=level)]).passed
