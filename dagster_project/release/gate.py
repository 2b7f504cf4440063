"""The gate: every expected check must have a result, and every result that blocks must be a pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pydantic import BaseModel, ConfigDict

from dagster_project.quality.outcome import Outcome


class Verdict(BaseModel):
    """What the gate says. `refusals` are sentences for people, empty when the candidate may be published."""

    model_config = ConfigDict(frozen=True)

    refusals: list[str]

    @property
    def passed(self) -> bool:
        """Whether the candidate may be published."""
        return not self.refusals


def judge(expected: Iterable[str], outcomes: Sequence[Outcome]) -> Verdict:
    """Compare what had to be checked with what was."""
    by_id = {o.check_id: o for o in outcomes}
    refusals = [f"{check_id}: did not run" for check_id in sorted(set(expected) - set(by_id))]
    for outcome in outcomes:
        if outcome.stops:
            refusals.append("\n".join(outcome.sentences()))
    return Verdict(refusals=refusals)
