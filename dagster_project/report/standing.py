"""What the report of the release before says of an area, where it would be laid out from the very same now.

The parts of an area name in their first line what they were made from: one hash of the code and of every row that they
show. What is taken over is held against that release's manifest, so that a damaged file is never handed on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_SAYS = "// made from "


@dataclass(frozen=True)
class Before:
    """The release before, `files` with their SHA-256 by relative path, and the revision of the code that writes now."""

    folder: Path = Path()
    files: Mapping[str, str] = field(default_factory=dict)
    code: str = ""

    def part(self, relative: str, made_from: str) -> str | None:
        """The text of a file that was made from this; None where there is none, or where it is not what it was."""
        known = self.files.get(relative)
        if known is None:
            return None
        try:
            content = (self.folder / relative).read_bytes()
        except OSError:
            return None
        stands = content.startswith(headed(made_from, "").encode())
        return content.decode() if stands and hashlib.sha256(content).hexdigest() == known else None


NOTHING_BEFORE = Before()
"""Nothing can be taken over."""


def headed(made_from: str, text: str) -> str:
    """The text of a script under the line that says what it was made from."""
    return f"{_SAYS}{made_from}\n{text}"
