"""Which errors may be gone when the same is tried again. A refusal never is: the same files give the same answer."""

from __future__ import annotations

import errno
from collections.abc import Iterator

from dagster_project.errors import TrisamError

# A share that was away for a moment, a lock that another process was about to let go of. A full disk, missing
# rights and a damaged file wait for a person.
_PASSING = frozenset(
    {
        errno.EAGAIN,
        errno.EBUSY,
        errno.EINTR,
        errno.EIO,
        errno.ESTALE,
        errno.ETIMEDOUT,
        errno.ECONNRESET,
        errno.EHOSTDOWN,
        errno.EHOSTUNREACH,
        errno.ENETDOWN,
        errno.ENETUNREACH,
    }
)
_HELD = "Could not set lock on file"


def may_pass(error: BaseException) -> bool:
    """Whether trying again can help: somebody held the work file, or the file system did not answer."""
    chain = list(_causes(error))
    if any(isinstance(one, TrisamError) for one in chain):
        return False
    return any(_passes(one) for one in chain)


def _passes(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in _PASSING:
        return True
    return _HELD in str(error)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__
