"""What Dagster says of blocking checks without a result: kept until it is known whether a run had anything to judge.

A run that finds nothing new leaves out every step, and Dagster then warns of each check for each step after it, that
the step "will proceed". None does. Where a run had something to judge, the same words are a fault, and are told.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

_SAID_BY = "dagster._core.execution.plan.active"
_BEGINNING = "Blocking asset check "


class Unanswered(logging.Filter):
    """The warnings that were kept, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[logging.LogRecord] = []

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep a warning of a check without a result; let everything else pass."""
        is_one = record.getMessage().startswith(_BEGINNING)
        if is_one:
            self.kept.append(record)
        return not is_one

    def tell(self) -> None:
        """Log what was kept, since it matters after all."""
        for record in self.kept:
            logging.getLogger(_SAID_BY).handle(record)
        self.kept.clear()


@contextmanager
def kept_unanswered() -> Iterator[Unanswered]:
    """Within the block, warnings of checks without a result are kept; `tell` them afterwards where they matter."""
    unanswered = Unanswered()
    logger = logging.getLogger(_SAID_BY)
    logger.addFilter(unanswered)
    try:
        yield unanswered
    finally:
        logger.removeFilter(unanswered)
