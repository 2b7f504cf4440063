"""What a check says: one value type shared by Great Expectations, dbt tests and the gate."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Status = Literal["passed", "failed", "error"]


class Outcome(BaseModel):
    """The result of one check.

    `blocking` is false for a failure that is reported but does not stop publication (reconciliation with
    the published figures, unless a run asks for it). An error always blocks.
    """

    model_config = ConfigDict(frozen=True)

    check_id: str
    suite: str
    table: str
    status: Status
    blocking: bool = True
    observed: str = ""
    message: str = ""
