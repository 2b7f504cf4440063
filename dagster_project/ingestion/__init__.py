"""The door of ingestion: what others call. It imports late, since the answer "nothing new" must cost nothing.

- `plan(inbox, work_db)`: whether a run would find anything to do.
- `ingest(inbox, work_db, key, …)`: bring the work database in line with the inbox.
- `forget(work_db, key, personnummer)`: remove persons and never load them again.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dagster_project.ingestion.erasure import forget
    from dagster_project.ingestion.limits import ReadingLimits
    from dagster_project.ingestion.masking import mask, mask_path
    from dagster_project.ingestion.planning import Plan, plan
    from dagster_project.ingestion.results import (
        ForgetCount,
        IngestResult,
        KeyMismatchError,
        RejectedDelivery,
        WithdrawnDeliveriesError,
    )
    from dagster_project.ingestion.run import ingest

# No module may bear the name of a function here: importing it would put it in the function's place.
_HOMES = {
    "ForgetCount": "results",
    "IngestResult": "results",
    "KeyMismatchError": "results",
    "Plan": "planning",
    "ReadingLimits": "limits",
    "RejectedDelivery": "results",
    "WithdrawnDeliveriesError": "results",
    "forget": "erasure",
    "ingest": "run",
    "mask": "masking",
    "mask_path": "masking",
    "plan": "planning",
}
__all__ = [
    "ForgetCount",
    "IngestResult",
    "KeyMismatchError",
    "Plan",
    "ReadingLimits",
    "RejectedDelivery",
    "WithdrawnDeliveriesError",
    "forget",
    "ingest",
    "mask",
    "mask_path",
    "plan",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
