"""The version of a home's layout: newer code brings a home forward, older code refuses one that is ahead of it.

The versions that there are stand in `home_layout.yml`; a home keeps the number of its own in HOME/home_version.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, PositiveInt, model_validator

from dagster_project.atomic_files import write_atomically
from dagster_project.errors import TrisamError

_LAYOUTS = Path(__file__).with_name("home_layout.yml")
_FILE = "home_version"


class NewerHomeError(TrisamError):
    """The home was written by a newer version of the code."""

    def __init__(self, home: Path, found: int, known: int) -> None:
        super().__init__(
            f"The home {home} has layout {found}; this version of the code knows layouts up to {known}. "
            "Nothing was changed.",
            "Run the version of the code that wrote the home, or restore a backup of the home from before the "
            "upgrade.",
        )


class HomeVersionError(TrisamError):
    """The number of the home's layout cannot be read."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The file {path} does not hold the number of a layout. Nothing was changed.",
            "Restore it from its backup, or remove it if no newer version of the code has used this home.",
        )


class _Layout(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: PositiveInt
    change: str


class _Layouts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    versions: tuple[_Layout, ...]

    @model_validator(mode="after")
    def _numbered_in_order(self) -> _Layouts:
        if not self.versions or [v.version for v in self.versions] != list(range(1, len(self.versions) + 1)):
            raise ValueError("layouts are numbered 1, 2, 3 and so on")
        return self


@cache
def known_version() -> int:
    """The newest layout that this code knows."""
    layouts = _Layouts.model_validate(yaml.safe_load(_LAYOUTS.read_text(encoding="utf-8")))
    return layouts.versions[-1].version


def home_version(home: Path) -> int:
    """The layout of a home; 0 where it has no number. Raises HomeVersionError."""
    path = home / _FILE
    try:
        text = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return 0
    except UnicodeDecodeError:
        raise HomeVersionError(path) from None
    if not (text.isascii() and text.isdigit()):
        raise HomeVersionError(path)
    return int(text)


def refuse_newer(home: Path) -> None:
    """Raise NewerHomeError for a home that this code does not know; reads one small file."""
    found = home_version(home)
    # Without a number there is nothing to compare, and no layout to be read.
    if found and found > known_version():
        raise NewerHomeError(home, found, known_version())


def bring_forward(home: Path) -> None:
    """Give a home the number of this code's layout; to be called by a run, which brings the rest forward."""
    if home_version(home) < known_version():
        write_atomically(home / _FILE, f"{known_version()}\n", mode=0o644)
