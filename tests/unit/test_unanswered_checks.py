"""Warnings of checks without a result are told where a run had something to judge, and nothing else is held back."""

from __future__ import annotations

import logging

from dagster._core.execution.plan import active

from dagster_project.unanswered_checks import kept_unanswered

WARNING = "Blocking asset check 'a:b' emitted no result in step 'c'; downstream step 'd' will proceed."


def test_a_warning_is_silent_until_it_is_told(caplog):
    with kept_unanswered() as unanswered:
        active.logger.warning(WARNING)
        active.logger.warning("A step was lost.")
    assert caplog.messages == ["A step was lost."]
    unanswered.tell()
    assert caplog.messages == ["A step was lost.", WARNING]


def test_outside_of_a_run_of_ours_dagster_says_what_it_likes(caplog):
    with kept_unanswered():
        pass
    active.logger.warning(WARNING)
    assert caplog.messages == [WARNING]


def test_a_warning_is_told_once(caplog):
    with kept_unanswered() as unanswered:
        active.logger.warning(WARNING)
    unanswered.tell()
    unanswered.tell()
    assert [r.levelno for r in caplog.records] == [logging.WARNING]
