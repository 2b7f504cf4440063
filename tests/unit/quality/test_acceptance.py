"""Reviewed jumps are let through by name, and nothing else is."""

from datetime import date

import pytest

from dagster_project.errors import TrisamError
from dagster_project.quality.acceptance import Acceptance, apply, refuse_unknown, standing
from dagster_project.quality.outcome import Outcome

JUMP = Acceptance(name="jump", who="a", why="b")


def outcome(check_id="jump", status="failed", suite="volume"):
    return Outcome(check_id=check_id, suite=suite, table="quality.volume", status=status, message="m.")


def test_a_reviewed_failure_is_let_through_by_name():
    assert [o.blocking for o in apply([outcome(), outcome("other")], [JUMP])] == [False, True]


@pytest.mark.parametrize("kept", [outcome(status="error"), outcome(suite="dbt")])
def test_an_error_or_a_dbt_test_cannot_be_accepted(kept):
    assert apply([kept], [JUMP]) == [kept]


def test_an_acceptance_lapses_after_its_last_day(tmp_path):
    path = tmp_path / "accepted.yml"
    path.write_text("- {name: jump, who: a, why: b, until: 2026-01-31}\n")
    assert [a.name for a in standing(path, date(2026, 1, 31))] == ["jump"]
    assert standing(path, date(2026, 2, 1)) == []


def test_an_acceptance_of_no_expectation_is_refused():
    with pytest.raises(TrisamError, match="jump"):
        refuse_unknown([JUMP], ["another"])
