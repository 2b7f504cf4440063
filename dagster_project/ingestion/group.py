"""One party's dataset during a run: its files, what an earlier run loaded of it, and what holds in the end."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from dagster_project.ingestion.gathering import Staged
from dagster_project.ingestion.inbox import InboxFile
from dagster_project.ingestion.names import DeliveryName, Period
from dagster_project.ingestion.resolution import (
    Candidate,
    Rejection,
    Resolution,
    left_out,
    resolve,
    would_replace,
)
from dagster_project.ingestion.warehouse import DeliveryRow


@dataclass(frozen=True)
class DeliveryFile:
    """A file whose name is a delivery's. `content_hash` is known when an earlier run read the same signature."""

    file: InboxFile
    name: DeliveryName
    period: Period
    content_hash: str | None

    @property
    def path(self) -> str:
        """Relative to the inbox; names that parse hold nothing to mask."""
        return self.file.path


@dataclass
class Group:
    """The deliveries of one folder and dataset.

    `loaded` are the rows of quality.delivery that an earlier run left in force, by path; `rejected_contents`
    its rejections of contents, by path and hash. `stale` means that the rules changed since: then every file
    is read again. `left_out` are the files that this run treats as not delivered yet; `replaced` the rows of
    deliveries that the published release has and a later content has replaced, as they were in force.
    """

    files: dict[str, DeliveryFile] = field(default_factory=dict)
    loaded: dict[str, DeliveryRow] = field(default_factory=dict)
    left_out: dict[str, DeliveryFile] = field(default_factory=dict)
    replaced: dict[str, DeliveryRow] = field(default_factory=dict)
    rejected_contents: dict[tuple[str, str], DeliveryRow] = field(default_factory=dict)
    stale: bool = False
    staged: dict[str, Staged] = field(default_factory=dict)
    unsound: dict[Candidate, Rejection] = field(default_factory=dict)
    held: dict[str, Candidate] = field(default_factory=dict)

    def candidate(self, path: str) -> Candidate:
        """The file at a path as a candidate."""
        file = self.files[path]
        return Candidate(path, file.period, file.name.revision)

    def unchanged(self, path: str) -> bool:
        """Whether the file holds what is loaded from it."""
        row = self.loaded.get(path)
        return not self.stale and row is not None and row.content_hash == self.files[path].content_hash

    def leave_out(self, named: Collection[str], published: Mapping[str, str]) -> None:
        """Treat the named files as not delivered yet; `published` is the content hash of each published delivery.

        What a run loaded of them without publishing it goes, and what it replaced comes back.
        """
        standing = [
            self.candidate(path)
            for path in self.files
            if self.unchanged(path) and published.get(path) == self.loaded[path].content_hash
        ]
        for candidate in left_out([self.candidate(p) for p in self.files if p in named], standing):
            self.left_out[candidate.path] = self.files.pop(candidate.path)
        if not self.left_out:
            return
        for path in self.left_out:
            if path in self.loaded and self.loaded[path].content_hash != published.get(path):
                del self.loaded[path]
        self.loaded = {**self.replaced, **self.loaded}

    def gone(self) -> list[str]:
        """Deliveries in force whose file is gone and which no file there, left out or not, would replace."""
        there = {**self.files, **self.left_out}
        return [path for path in self.loaded if not _replaced_by_name(self.loaded[path], there)]

    def is_held_for_left_out(self, path: str) -> bool:
        """Whether content stays in force because the file that would replace it is left out."""
        return bool(self.left_out) and _replaced_by_name(self.loaded[path], self.left_out)

    def prepare(self) -> None:
        """Take into account what earlier runs know: contents that were loaded, contents that were rejected."""
        for path, row in self.loaded.items():
            if path not in self.files or not self.unchanged(path):
                self.held[path] = loaded_candidate(row)
        for path, file in self.files.items():
            known = self.rejected_contents.get((path, file.content_hash or ""))
            if known is not None and not self.stale:
                self.unsound[self.candidate(path)] = Rejection(known.reason or "", known.detail or "")

    def resolve(self) -> Resolution:
        """What holds as far as contents are known."""
        files = [self.candidate(path) for path in self.files]
        resolution = resolve([*files, *self.held.values()], self.unsound)
        kept = [
            path
            for path in self.files
            if self.unchanged(path) and path not in self.held and self._is_ambiguous(resolution, path)
        ]
        if not kept:
            return resolution
        # What was in force before a second file made it ambiguous stays in force.
        self.held.update({path: loaded_candidate(self.loaded[path]) for path in kept})
        return resolve([*files, *self.held.values()], self.unsound)

    def _is_ambiguous(self, resolution: Resolution, path: str) -> bool:
        rejection = resolution.rejected.get(self.candidate(path))
        return rejection is not None and rejection.reason == "ambiguous_revision"

    def unread(self, resolution: Resolution) -> list[str]:
        """Files that are to be in force but were not read yet, in order of path."""
        paths = {candidate.path for candidate in resolution.in_force if not candidate.held}
        return sorted(path for path in paths if not self.unchanged(path) and path not in self.staged)

    def take(self, path: str, staged: Staged) -> None:
        """Note what reading a file brought."""
        self.staged[path] = staged
        if staged.rejection is not None:
            self.unsound[self.candidate(path)] = staged.rejection


def _replaced_by_name(row: DeliveryRow, files: Mapping[str, DeliveryFile]) -> bool:
    old = loaded_candidate(row)
    return any(would_replace(path, f.period, f.name.revision, old) for path, f in files.items())


def loaded_candidate(row: DeliveryRow) -> Candidate:
    """Content that an earlier run loaded, as a candidate that yields to any file that replaces it."""
    if row.period is None or row.period_start is None or row.period_end is None or row.revision is None:
        raise ValueError(f"{row.delivery_id} is in force without a period")
    return Candidate(
        row.delivery_id, Period(row.period, row.period_start, row.period_end), row.revision, held=True
    )
