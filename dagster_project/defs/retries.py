"""A step that is tried again where that can help, and only there; which errors those are, `automation/` says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from dagster_project.automation.retries import may_pass

_TIMES = 3
_SECONDS_BETWEEN = 20


@contextmanager
def tried_again_where_it_helps() -> Iterator[None]:
    """Ask Dagster for another attempt at a step that met a passing error; every other error goes its way.

    For work that may be done twice, and before the step's first table is told; checks are told again.
    """
    try:
        yield
    except Exception as error:
        if may_pass(error):
            raise dg.RetryRequested(max_retries=_TIMES, seconds_to_wait=_SECONDS_BETWEEN) from error
        raise
