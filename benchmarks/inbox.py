"""Inboxes to measure with: made once per size and seed, and one delivery that can be changed and put back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from dagster_project.sample.county import make_county

CHANGED_DATASET = "forsorjningsstod"


@dataclass(frozen=True)
class Inbox:
    """An inbox as it was made: new cases, municipalities, files, bytes, and the seconds that making it took."""

    cases: int
    seed: int
    municipalities: int
    files: int
    size_bytes: int
    made_seconds: float
    folder: str

    @property
    def path(self) -> Path:
        """The folder of the parties."""
        return Path(self.folder)


def prepared(parent: Path, cases: int, seed: int) -> Inbox:
    """The inbox of so many cases under a folder: made, unless it already stands there whole."""
    folder, note = parent / f"inbox-{cases}-{seed}", parent / f"inbox-{cases}-{seed}.json"
    if note.exists():
        return Inbox(**json.loads(note.read_text(encoding="utf-8")))
    if folder.exists():
        shutil.rmtree(folder)  # an earlier attempt was broken off
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = make_county(folder, cases, seed=seed)
    inbox = Inbox(
        cases, seed, made.municipalities, made.files, made.size_bytes, round(made.seconds, 2), str(folder)
    )
    note.write_text(json.dumps(asdict(inbox), indent=2) + "\n", encoding="utf-8")
    return inbox


@contextmanager
def one_changed_delivery(inbox: Path) -> Iterator[Path]:
    """While it lasts, the first municipality's largest delivery of income support lacks its last row."""
    party = min(inbox.glob("kommun-*"))
    delivery = max(party.glob(f"{CHANGED_DATASET}_*.csv"), key=lambda path: path.stat().st_size)
    content = delivery.read_bytes()
    try:
        delivery.write_bytes(content[: content.rstrip(b"\n").rindex(b"\n") + 1])
        yield delivery
    finally:
        delivery.write_bytes(content)
