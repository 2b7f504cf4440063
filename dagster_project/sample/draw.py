"""Draws by weight from a seeded stream; each part of the generator has a stream of its own, by name."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


def stream(seed: int, name: str) -> random.Random:
    """The random stream of one part of the sample: a change in one part leaves the others as they were."""
    return random.Random(f"{seed}:{name}")  # noqa: S311  (repeatable on purpose, nothing here is a secret)


def pick(rng: random.Random, weights: Mapping[str, float]) -> str:
    """One key, by weight."""
    return rng.choices(list(weights), list(weights.values()))[0]


def shuffled(rng: random.Random, items: Sequence[T]) -> list[T]:
    """The items in random order."""
    result = list(items)
    rng.shuffle(result)
    return result


def sample(rng: random.Random, items: Sequence[T], count: int) -> list[T]:
    """`count` of the items, each at most once, in random order."""
    return shuffled(rng, items)[:count]
