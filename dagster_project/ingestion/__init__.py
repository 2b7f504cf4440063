"""The door of ingestion: what others call. It imports late, since the answer "nothing new" must cost nothing."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dagster_project.ingestion.ingest import ingest
    from dagster_project.ingestion.limits import ReadingLimits
    from dagster_project.ingestion.results import IngestResult

_HOMES = {
    "ingest": "ingest",
    "ReadingLimits": "limits",
    "IngestResult": "results",
}

__all__ = ["IngestResult", "ReadingLimits", "ingest"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"dagster_project.ingestion.{_HOMES[name]}"), name)
