"""What may pass is tried again; a refusal, a full disk and a damaged file are not."""

import errno

import dagster as dg
import duckdb
import pytest

from dagster_project.automation.retries import may_pass
from dagster_project.defs.retries import tried_again_where_it_helps
from dagster_project.errors import TrisamError

HELD = duckdb.IOException('IO Error: Could not set lock on file "warehouse.duckdb": Conflicting lock is held')


def caused(error, cause):
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        HELD,
        OSError(errno.ESTALE, "Stale file handle"),
        TimeoutError(errno.ETIMEDOUT, "timed out"),
        caused(RuntimeError("step"), OSError(errno.EIO, "Input/output error")),
    ],
)
def test_an_error_that_may_pass_is_tried_again(error):
    assert may_pass(error)


@pytest.mark.parametrize(
    "error",
    [
        TrisamError("Publication refused."),
        caused(TrisamError("The work file is being written by a run."), HELD),
        caused(RuntimeError("step"), TrisamError("refused")),
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EROFS, "Read-only file system"),
        PermissionError(errno.EACCES, "Permission denied"),
        duckdb.IOException("IO Error: Corrupt database file"),
        ValueError("a fault of the program"),
    ],
)
def test_an_error_that_waits_for_a_person_is_not(error):
    assert not may_pass(error)


def test_errors_that_name_each_other_as_cause_are_judged_all_the_same():
    first, second = RuntimeError("a"), RuntimeError("b")
    first.__cause__, second.__cause__ = second, first
    assert not may_pass(first)


def attempts(error, instance):
    """How often a step that fails with `error` the first time is made, and whether the run succeeds."""
    made = []

    @dg.op
    def step():
        made.append(1)
        with tried_again_where_it_helps():
            if len(made) == 1:
                raise error

    @dg.job(executor_def=dg.in_process_executor)
    def work():
        step()

    done = work.execute_in_process(instance=instance, raise_on_error=False)
    return len(made), done.success


@pytest.mark.parametrize(
    ("error", "expected"), [(HELD, (2, True)), (TrisamError("Publication refused."), (1, False))]
)
def test_a_step_is_made_again_after_a_passing_error_and_never_after_a_refusal(error, expected, monkeypatch):
    monkeypatch.setattr("dagster_project.defs.retries._SECONDS_BETWEEN", 0)
    with dg.DagsterInstance.ephemeral() as instance:
        assert attempts(error, instance) == expected
