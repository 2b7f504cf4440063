"""What Python's garbage collector need not look at: modules and parsed projects, a million objects that stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def made_to_last() -> Iterator[None]:
    """What is imported and made within stays to the end of the process: it is not searched for garbage, now or later.

    Else every collection looks through all of it: a tenth of a run's time.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
