"""Working ahead: the next of a row of things is made while the one before is used."""

from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def one_ahead(things: Iterable[T]) -> Generator[T]:
    """The same things in the same order, each made in a thread of its own while the one before it is used.

    No more than one is made that nobody has asked for. Raises in its place what making one raises. Whoever stops early
    waits until the one that is being made is done.
    """
    making = iter(things)
    with ThreadPoolExecutor(1, "one-ahead") as worker:
        coming = worker.submit(_next, making)
        while (made := coming.result()) is not None:
            coming = worker.submit(_next, making)
            yield made[0]


def _next(things: Iterator[T]) -> tuple[T] | None:
    for thing in things:
        return (thing,)
    return None
