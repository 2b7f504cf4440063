"""What is costly is made once for all test processes: the first that asks makes it, the others wait for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder `name`, filled by `make(folder)` once per session, whichever process comes first.

    Whoever gets it reads it; a test that writes takes a copy. A failure of `make` is not kept: the next one tries.
    """
    base = factory.getbasetemp()
    # Test processes of pytest-xdist have a folder each, beside one another.
    root = (base.parent if base.name.startswith("popen-") else base) / "shared"
    root.mkdir(exist_ok=True)
    folder, done = root / name, root / f"{name}.done"
    with FileLock(root / f"{name}.lock"):
        if not done.exists():
            folder.mkdir(exist_ok=True)
            make(folder)
            done.touch()
    return folder
