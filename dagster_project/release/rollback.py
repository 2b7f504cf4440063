"""Going back to an earlier release, which is compared with its manifest before it is put in force."""

from __future__ import annotations

from collections.abc import Sequence

from dagster_project.errors import TrisamError
from dagster_project.release import hold, switch
from dagster_project.release.history import Row, verify_release
from dagster_project.settings import Settings

_SHOWN = 5


class NotAsSealedError(TrisamError):
    """The release to go back to is not as it was sealed."""

    def __init__(self, version: str, faults: Sequence[Row]) -> None:
        listed = ", ".join(f"{row['file']} ({row['fault']})" for row in faults[:_SHOWN])
        more = f" and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        super().__init__(
            f"Release {version} is damaged: not as its manifest says are {listed}{more}. "
            "It was not put in force; what is published stays.",
            "Name another release (`trisam releases` lists them), or put this one back from its backup.",
        )


def roll_back(settings: Settings, version: str | None = None, *, by: str) -> hold.Rollback:
    """Put a release in force again: the one named, or the one before the published. What was left is held back.

    Raises NoSuchReleaseError where there is none, DamagedReleaseError or NotAsSealedError where a hash, size or
    file is not as its manifest says, RollbacksError; nothing is changed then.
    """
    chosen = switch.earlier_version(settings.releases_dir, settings.published_link, version)
    faults = verify_release(settings, chosen)
    if faults:
        raise NotAsSealedError(chosen, faults)
    # Before the switch: a rollback that is in force without its record would be undone by the next run.
    noted = hold.note_rollback(settings, chosen, by)
    switch.point_to(settings.published_link, settings.releases_dir / chosen)
    return noted
