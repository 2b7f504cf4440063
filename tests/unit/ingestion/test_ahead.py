"""Reading goes ahead of validating, by one and no more."""

import threading
from collections.abc import Iterator

import pytest

from dagster_project.ingestion.ahead import one_ahead


def test_what_is_made_ahead_comes_in_the_order_it_was_made():
    assert list(one_ahead(range(100))) == list(range(100))
    assert list(one_ahead([])) == []


def test_the_next_is_made_while_the_one_before_is_used_and_none_after_it():
    made: list[int] = []
    second, third = threading.Event(), threading.Event()

    def things() -> Iterator[int]:
        for number, event in enumerate((threading.Event(), second, third)):
            made.append(number)
            event.set()
            yield number

    ahead = one_ahead(things())
    assert next(ahead) == 0
    assert second.wait(30)
    assert not third.wait(0.2)
    assert made == [0, 1]
    ahead.close()
    assert made == [0, 1]


def test_what_making_one_raises_comes_after_those_that_were_made():
    def things() -> Iterator[int]:
        yield 1
        raise OSError("no such file")

    ahead = one_ahead(things())
    assert next(ahead) == 1
    with pytest.raises(OSError, match="no such file"):
        next(ahead)


def test_whoever_stops_early_leaves_no_thread_behind():
    before = threading.active_count()
    ahead = one_ahead(range(10))
    next(ahead)
    ahead.close()
    assert threading.active_count() == before
