"""What lies in the inbox, by name and stat alone. No file is opened here, and no link followed.

Standard library only: the answer "nothing new" must cost next to nothing.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dagster_project.errors import TrisamError


@dataclass(frozen=True)
class Signature:
    """What a file's directory entry says of its content: the same signature means the same content.

    The modification time alone does not: copying tools set it, and a clock may give it twice. The change time is set by
    the system at every write, rename and restore, and by nobody else.
    """

    size: int
    mtime_ns: int
    inode: int
    ctime_ns: int | None

    @classmethod
    def of(cls, status: os.stat_result) -> "Signature":
        """The signature in what the system says of a file."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ino, status.st_ctime_ns)


@dataclass(frozen=True)
class InboxFile:
    """One entry that is no folder. `path` is relative to the inbox with `/`; `is_file` is False for links,
    pipes and devices, which are never opened."""

    path: str
    signature: Signature
    is_file: bool
    is_link: bool


def _list(folder: Path) -> list[os.DirEntry[str]]:
    """The entries of a folder; none when it cannot be read or went away meanwhile."""
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def _walk(inbox: Path) -> Iterator[InboxFile]:
    # A stack, since folders may nest deeper than Python recurses.
    folders = [(inbox, "")]
    while folders:
        folder, prefix = folders.pop()
        for entry in _list(folder):
            path = f"{prefix}{entry.name}"
            try:
                if entry.is_dir(follow_symlinks=False):
                    folders.append((Path(entry.path), f"{path}/"))
                    continue
                status = entry.stat(follow_symlinks=False)
            except OSError:  # went away between listing and looking
                continue
            yield InboxFile(
                path=path,
                signature=Signature.of(status),
                is_file=stat.S_ISREG(status.st_mode),
                is_link=stat.S_ISLNK(status.st_mode),
            )


def scan(inbox: Path) -> list[InboxFile]:
    """Every entry of the inbox that is no folder, nested and hidden ones too, in order of path.

    Raises TrisamError when the inbox is missing or no folder.
    """
    if not inbox.is_dir():
        raise TrisamError(
            f"The inbox {inbox} does not exist or is no folder.",
            "Mount it or set TRISAM_INBOX. Nothing was changed.",
        )
    return sorted(_walk(inbox), key=lambda file: file.path)
