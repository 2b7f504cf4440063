"""When a run starts by itself: the files of the inbox have come to rest and hold something new.

Looking (`look`) and judging (`judge`) are apart: the first touches the inbox and the work file, the second takes
and returns values.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb
from pydantic import BaseModel, ConfigDict, ValidationError

from dagster_project.contract import Contract
from dagster_project.errors import TrisamError
from dagster_project.ingestion.gathering import hash_quietly
from dagster_project.ingestion.inbox import InboxFile, Signature, scan
from dagster_project.ingestion.masking import mask_path
from dagster_project.ingestion.names import parse_path
from dagster_project.ingestion.planning import plan
from dagster_project.ingestion.warehouse import read_seen

_SHOWN = 5


@dataclass(frozen=True)
class Sight:
    """What one look at the inbox found. Names are masked paths.

    `content` is one value for names, sizes and times of all recognised files; `changed` are those whose content
    no run has seen, `gone` recognised ones that a run has seen and that are not there now. `is_busy`: a run is
    writing, so that what it has seen cannot be asked.
    """

    content: str
    recognised: int
    unrecognised: int
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    is_busy: bool = False


class Memory(BaseModel):
    """What the tick before left for this one: the content it saw, and the last content a run was started for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    content: str = ""
    started: str = ""


@dataclass(frozen=True)
class Decision:
    """What a tick does: `run_key` names the run to be started, None when none is; `reason` says why."""

    memory: Memory
    run_key: str | None
    reason: str


def remembered(text: str | None) -> Memory:
    """The memory as the tick before wrote it; an empty one where there is none, or none that reads."""
    try:
        return Memory.model_validate_json(text or "{}")
    except ValidationError:
        return Memory()


def judge(memory: Memory, sight: Sight) -> Decision:
    """Start a run when two ticks saw the same content and no run has seen it; never twice for one content."""
    seen = memory.model_copy(update={"content": sight.content})
    if sight.is_busy:
        return Decision(
            seen, None, "A run is writing the warehouse; the inbox is looked at again at the next tick."
        )
    if not (sight.changed or sight.gone):
        return Decision(seen, None, _nothing(sight))
    if memory.content != sight.content:
        return Decision(
            seen, None, f"Waiting until the files are unchanged at the next tick: {_names(sight)}."
        )
    if memory.started == sight.content:
        return Decision(
            seen, None, f"A run was started for these files already: {_names(sight)}. See its outcome."
        )
    started = seen.model_copy(update={"started": sight.content})
    return Decision(started, f"inbox-{sight.content}", f"New in the inbox: {_names(sight)}.")


def _nothing(sight: Sight) -> str:
    others = (
        f"; {sight.unrecognised} files are not recognised and start nothing" if sight.unrecognised else ""
    )
    return f"Nothing new: a run has seen all {sight.recognised} recognised files{others}."


def _names(sight: Sight) -> str:
    names = [*sight.changed, *(f"{name} (gone)" for name in sight.gone)]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def look(inbox: Path, work_db: Path, contract: Contract) -> Sight:
    """Look at the inbox, and ask the work file what is new in it; opens only files that were touched.

    Raises TrisamError when the inbox is missing.
    """
    files = scan(inbox)
    recognised = [file for file in files if file.is_file and parse_path(file.path, contract) is not None]
    unrecognised = len(files) - len(recognised)
    content = content_of(recognised)
    try:
        planned = plan(inbox, work_db)
        before = _seen(work_db)
    except duckdb.IOException:
        return Sight(content, len(recognised), unrecognised, is_busy=True)
    new = _with_new_content(inbox, recognised, set(planned.new), before)
    gone = tuple(path for path in planned.gone if parse_path(path, contract) is not None)
    return Sight(content, len(recognised), unrecognised, new, gone)


def content_of(files: Iterable[InboxFile]) -> str:
    """One value (16 hex digits) for names, sizes and times of files."""
    digest = hashlib.sha256()
    for file in sorted(files, key=lambda one: one.path):
        signature = file.signature
        stated = (mask_path(file.path), signature.size, signature.mtime_ns, signature.ctime_ns)
        digest.update("\x1f".join(map(str, stated)).encode() + b"\x1e")
    return digest.hexdigest()[:16]


def _seen(work_db: Path) -> dict[str, tuple[Signature, str | None]]:
    if not work_db.exists():
        return {}
    with closing(duckdb.connect(str(work_db), read_only=True)) as con:
        try:
            entries = read_seen(con)
        except (duckdb.CatalogException, duckdb.BinderException):  # not yet filled, or by earlier code
            return {}
    return {path: (signature, content_hash) for (path, signature), content_hash in entries.items()}


def _with_new_content(
    inbox: Path,
    recognised: Iterable[InboxFile],
    new: Collection[str],
    before: dict[str, tuple[Signature, str | None]],
) -> tuple[str, ...]:
    names = []
    for file in recognised:
        name = mask_path(file.path)
        if name not in new:
            continue
        signature, content_hash = before.get(name, (None, None))
        # A file that was copied again is new by its times only.
        touched = signature is not None and signature.size == file.signature.size
        if touched and content_hash is not None and hash_quietly(inbox / file.path)[0] == content_hash:
            continue
        names.append(name)
    return tuple(names)


def refusal(error: TrisamError) -> str:
    """Why nothing could be looked at, as a tick says it."""
    return f"{error.message} {error.hint}".strip()
