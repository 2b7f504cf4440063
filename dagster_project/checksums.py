"""Checksums of files by name and content: what decides whether something derived from them is current.

Modification times decide nothing: a container image, a restored backup or a clock that goes back changes them freely.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def checksum_of(files: Iterable[Path], root: Path, *facts: str) -> str:
    """SHA-256 (64 hex digits) of the contents of files, their paths below `root`, and `facts` that count as content."""
    digest = hashlib.sha256("\x1f".join(facts).encode())
    for path in sorted(files):
        digest.update(str(path.relative_to(root)).encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def file_checksum(path: Path) -> str | None:
    """SHA-256 (64 hex digits) of one file; None where there is none."""
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except FileNotFoundError:
        return None
