"""The manifest of a release: what it was made from, what was checked, what lies in it."""

from __future__ import annotations

import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from dagster_project.errors import TrisamError
from dagster_project.quality.acceptance import Acceptance
from dagster_project.quality.outcome import Outcome
from dagster_project.release.shapes import TableShape

FILE_NAME = "manifest.json"


class DamagedReleaseError(TrisamError):
    """The manifest of a release is gone or cannot be read."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"The manifest of release {folder.resolve().name} is damaged or gone.",
            "Put an earlier release in force (`trisam rollback`), remove the folder, and publish again "
            "(`trisam run --again`).",
        )


class DeliveryEntry(BaseModel):
    """A delivery that the release rests on."""

    model_config = ConfigDict(frozen=True)

    delivery_id: str
    content_hash: str
    period_start: date
    period_end: date
    rows_loaded: int
    rows_quarantined: int


class LeftOutEntry(BaseModel):
    """A delivery that a person left out of the release: who, and why."""

    model_config = ConfigDict(frozen=True)

    delivery: str
    who: str
    why: str

    def __str__(self) -> str:
        """As people are told."""
        return f"{self.delivery} (left out by {self.who}: {self.why})"


class TableEntry(BaseModel):
    """A table of the release: rows, and a hash of its content that does not depend on row order."""

    model_config = ConfigDict(frozen=True)

    rows: int
    content_hash: str


class FileEntry(BaseModel):
    """A file of the release."""

    model_config = ConfigDict(frozen=True)

    sha256: str
    size_bytes: int


class Manifest(BaseModel):
    """One release. `expected_checks` lists every check that had to have a result; `outcomes` what each said.

    `without` are the deliveries that lay in the inbox and that a person left out: what the release lacks. `shapes`
    are the keys and references of the tables, `made_from` the version of what each was made from; releases from
    before these were kept have none.
    """

    model_config = ConfigDict(frozen=True)

    version: str
    created_at: datetime
    previous_version: str | None
    fingerprint: str
    code_revision: str
    reconcile: str
    disclosure_threshold: int
    deliveries: list[DeliveryEntry]
    without: list[LeftOutEntry] = []
    expected_checks: list[str]
    outcomes: list[Outcome]
    acceptances: list[Acceptance] = []
    tables: dict[str, TableEntry]
    changed_tables: list[str]
    shapes: dict[str, TableShape] = {}
    made_from: dict[str, str] = {}
    files: dict[str, FileEntry]


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest of a release folder."""
    (folder / FILE_NAME).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a release folder, or None where there is no release.

    Raises DamagedReleaseError when there is one that cannot be read.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return None
    try:
        return Manifest.model_validate(json.loads(path.read_bytes()))
    except ValueError:
        raise DamagedReleaseError(folder) from None


def hash_files(folder: Path) -> dict[str, FileEntry]:
    """Hash and size of every file of a folder but the manifest itself, by relative path."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != FILE_NAME)
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as threads:
        return dict(zip((str(p.relative_to(folder)) for p in paths), threads.map(_entry, paths), strict=True))


def _entry(path: Path) -> FileEntry:
    with path.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    return FileEntry(sha256=digest, size_bytes=path.stat().st_size)
