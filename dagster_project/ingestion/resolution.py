"""Which deliveries are in force: revisions, cumulative periods, overlaps, what rejection lets back in.

Pure: from names, periods and what is known of contents to a status for each. Nothing here reads a file.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from dagster_project.ingestion.names import Period


@dataclass(frozen=True)
class Candidate:
    """One content that may be in force for a party's dataset.

    `held` is True for content that an earlier run loaded and whose file is gone, changed or rejected since:
    it yields to any file that replaces it, and stays when that file turns out not to be loadable.
    """

    path: str
    period: Period
    revision: int
    held: bool = False

    @property
    def file_name(self) -> str:
        """The name within the party's folder; the contract orders overlaps by it."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class Rejection:
    """Why a delivery is rejected: the contract's reason and a detail in plain words."""

    reason: str
    detail: str


@dataclass
class Resolution:
    """The status of every candidate: exactly one of the three holds for each."""

    in_force: list[Candidate] = field(default_factory=list)
    superseded: dict[Candidate, Candidate] = field(default_factory=dict)
    rejected: dict[Candidate, Rejection] = field(default_factory=dict)


def replaces(new: Candidate, old: Candidate) -> bool:
    """Whether `new`, if it is sound, takes the place of `old` (of the same party and dataset)."""
    if new.period.same_days(old.period):
        return (new.revision, not new.held) > (old.revision, not old.held)
    return new.period.contains(old.period)


def would_replace(path: str, period: Period, revision: int, gone: Candidate) -> bool:
    """Whether a file that lies there states, by its name, at least what a file that is gone stated."""
    if path == gone.path:
        return True
    if period.same_days(gone.period):
        return revision >= gone.revision
    return period.contains(gone.period)


def left_out(named: Collection[Candidate], published: Collection[Candidate]) -> list[Candidate]:
    """The files that leaving out by name concerns, where one name may mean several revisions.

    `published` are the files that the published release rests on, unchanged since: they stay, and with them what
    they have replaced.
    """
    return [c for c in named if c not in published and not any(replaces(p, c) for p in published)]


def _ambiguous(candidates: Collection[Candidate]) -> dict[Candidate, Rejection]:
    files = [c for c in candidates if not c.held]
    shared = Counter((c.period.start, c.period.end, c.revision) for c in files)
    return {
        c: Rejection(
            "ambiguous_revision",
            f"period {c.period.text}, revision {c.revision} is delivered by more than one file",
        )
        for c in files
        if shared[c.period.start, c.period.end, c.revision] > 1
    }


def _in_order(candidate: Candidate) -> tuple[str, bool]:
    return candidate.file_name, candidate.held


def _overlapped(later: Candidate, ordered: Sequence[Candidate]) -> Candidate | None:
    """The first of those before a delivery in file-name order that it partly overlaps."""
    for earlier in ordered:
        if _in_order(earlier) >= _in_order(later):
            return None
        if later.period.overlaps(earlier.period) and not later.period.contains(earlier.period):
            return earlier
    return None


def _first_overlap(tops: Sequence[Candidate]) -> tuple[Candidate, Candidate] | None:
    """The first delivery in file-name order that partly overlaps an earlier one, and that earlier one."""
    ordered = sorted(tops, key=_in_order)
    for later in ordered:
        if (earlier := _overlapped(later, ordered)) is not None:
            return later, earlier
    return None


def _overlap(later: Candidate, earlier: Candidate) -> Rejection:
    return Rejection("overlapping_period", f"period {later.period.text} partly overlaps {earlier.file_name}")


def _replacing(old: Candidate, live: Sequence[Candidate]) -> Candidate | None:
    """What takes the place of a candidate: the longest period, then the highest revision."""
    newer = [new for new in live if new is not old and replaces(new, old)]
    return max(
        newer,
        key=lambda c: (c.period.end - c.period.start, c.revision, not c.held, c.path),
        default=None,
    )


def resolve(candidates: Collection[Candidate], unsound: Mapping[Candidate, Rejection]) -> Resolution:
    """Decide for one party's dataset.

    `unsound` are the contents known not to be loadable. A rejected delivery counts for nothing: what it would
    have replaced or overlapped is judged as if it were not there. One that is replaced itself is superseded,
    whatever is known of its content: the answer to a rejection may be a new file under the same name, or a
    higher revision, or a longer period.
    """
    resolution = Resolution(rejected=_ambiguous(candidates))
    while True:
        live = [c for c in candidates if c not in resolution.rejected and c not in unsound]
        replaced = {old: new for old in live if (new := _replacing(old, live)) is not None}
        tops = [c for c in live if c not in replaced]
        overlap = _first_overlap(tops)
        if overlap is None:
            break
        later, earlier = overlap
        resolution.rejected[later] = _overlap(later, earlier)
    resolution.in_force, resolution.superseded = tops, replaced
    _settle_unsound(resolution, live, unsound)
    return resolution


def _settle_unsound(
    resolution: Resolution, live: Sequence[Candidate], unsound: Mapping[Candidate, Rejection]
) -> None:
    """Give each content that cannot be loaded the status that it has whether or not it was ever read."""
    ordered = sorted(resolution.in_force, key=_in_order)
    for candidate, why in unsound.items():
        if candidate in resolution.rejected:
            continue
        if (new := _replacing(candidate, live)) is not None:
            resolution.superseded[candidate] = new
        else:
            earlier = _overlapped(candidate, ordered)
            resolution.rejected[candidate] = _overlap(candidate, earlier) if earlier else why
