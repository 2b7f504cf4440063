"""What is made to last is left alone by the garbage collector; what comes after is collected as ever."""

import gc
import weakref

import pytest

from dagster_project.garbage import made_to_last


class Knot:
    """An object that holds itself: only the garbage collector can free it."""

    def __init__(self):
        self.itself = self


@pytest.fixture(autouse=True)
def _thawed():
    yield
    gc.unfreeze()


def test_what_is_made_within_is_not_looked_at_again():
    with made_to_last():
        assert not gc.isenabled()
        lasting = weakref.ref(Knot())
    gc.collect()
    assert lasting() is not None


def test_what_is_made_after_it_is_collected():
    with made_to_last():
        pass
    passing = weakref.ref(Knot())
    gc.collect()
    assert passing() is None


def test_garbage_is_collected_again_when_something_fails_within():
    with pytest.raises(ValueError, match="cannot be read"), made_to_last():
        raise ValueError("cannot be read")
    assert gc.isenabled()
