"""Options that several commands share, and the exit codes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

REFUSED, WRONG_USE, LOCKED = 1, 2, 3

Inbox = Annotated[
    Path | None, typer.Option(help="Folder of the parties; by default TRISAM_INBOX or seeds/extracts.")
]
Home = Annotated[
    Path | None, typer.Option(help="Where work and releases lie; by default TRISAM_HOME or data.")
]
Json = Annotated[bool, typer.Option("--json", help="Answer as JSON, for machines.")]
