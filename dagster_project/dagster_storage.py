"""Dagster's own storage under home: its configuration, and setting aside what a fault has damaged.

It holds the history of runs and nothing that a release rests on, so that a damaged one never stops a run.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from dagster_project.settings import PROJECT_ROOT

_CONFIG = PROJECT_ROOT / "deploy" / "local" / "dagster.yaml"
_DATABASES = ("history/runs.db", "history/runs/index.db", "schedules/schedules.db")
_DAMAGED = ("malformed", "not a database", "disk image")


def prepare(home: Path) -> None:
    """Make Dagster's home; a damaged one is kept beside as `dagster-damaged`, for whoever wants to look."""
    if home.exists() and not all(_is_sound(home / name) for name in _DATABASES):
        aside = home.with_name(f"{home.name}-damaged")
        shutil.rmtree(aside, ignore_errors=True)
        home.rename(aside)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    config = home / "dagster.yaml"
    if not config.exists():
        temporary = config.with_suffix(".next")
        temporary.write_bytes(_CONFIG.read_bytes())
        temporary.replace(config)


def _is_sound(database: Path) -> bool:
    if not database.exists():
        return True
    if database.stat().st_size == 0:
        return False
    try:
        with closing(sqlite3.connect(database)) as con:
            return bool(con.execute("pragma quick_check(1)").fetchone() == ("ok",))
    except sqlite3.DatabaseError as error:
        # One that is locked, or lies on a full disk, is not damaged.
        return not any(word in str(error) for word in _DAMAGED)
