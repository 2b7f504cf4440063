"""What the release before says as the next one would: of the tables that stand as they were.

A table is known by what it was made from (`building/`). What is copied is held against the manifest that it was
published with, so that a damaged file is never handed on.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from dagster_project.release.manifest import Manifest, TableEntry

Take = Callable[[str, Path], bool]
"""Whether a table's Parquet file was put at a path."""


def tables_of(published: Manifest, made_from: Mapping[str, str]) -> dict[str, TableEntry]:
    """What a release's manifest says of the tables that were made there from what they are made from now."""
    return {
        table: published.tables[table]
        for table, version in made_from.items()
        if table in published.tables and published.made_from.get(table) == version
    }


def no_release_before(table: str, target: Path) -> bool:
    """Nothing can be taken over."""
    del table, target
    return False


def taken_from(folder: Path, published: Manifest, made_from: Mapping[str, str]) -> Take:
    """Take over from a release the file of every table that was made there from what it is made from now.

    `made_from`: the version of each table that lies built, by `schema.table`.
    """

    def take(table: str, target: Path) -> bool:
        schema, _, name = table.partition(".")
        relative = f"parquet/{schema}/{name}.parquet"
        entry, version = published.files.get(relative), made_from.get(table)
        if entry is None or version is None or published.made_from.get(table) != version:
            return False
        source = folder / relative
        if not source.is_file() or source.stat().st_size != entry.size_bytes:
            return False
        # Not linked: a release stays whole when a file of another one is damaged.
        shutil.copyfile(source, target)
        with target.open("rb") as handle:
            if hashlib.file_digest(handle, "sha256").hexdigest() == entry.sha256:
                return True
        target.unlink()
        return False

    return take
