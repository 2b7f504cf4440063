"""What a person asks of one run: a value, quick to import."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RunRequest:
    """What a person asks of one run."""

    withdraw: bool = False
    only: tuple[str, ...] = ()
    rebuild: bool = False
    wait: bool = False
    again: bool = False
    accept: tuple[str, ...] = ()
    accepted_why: str = ""
    without: tuple[str, ...] = ()
    without_why: str = ""
