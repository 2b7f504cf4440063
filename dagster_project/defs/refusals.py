"""A step that refuses says in its failure what refused it: for people as sentences, for notices as names."""

from __future__ import annotations

from collections.abc import Sequence

import dagster as dg

from dagster_project.quality.outcome import Outcome

_DELIVERIES, _CHECKS = "refused_deliveries", "refused_by"


def refused(
    reasons: Sequence[str], *, deliveries: Sequence[str] = (), checks: Sequence[str] = ()
) -> dg.Failure:
    """The failure of a step; `deliveries` and `checks` are names without contents, fit for a notice."""
    names = {_DELIVERIES: list(deliveries), _CHECKS: list(checks)}
    return dg.Failure(
        description="\n".join(reasons),
        metadata={key: dg.MetadataValue.json(value) for key, value in names.items() if value},
        allow_retries=False,
    )


def refuse_where_blocked(outcomes: Sequence[Outcome], rejected: Sequence[tuple[str, str, str]] = ()) -> None:
    """Raise the failure of a step whose checks stop publication; nothing where none does.

    `rejected` are deliveries with reason and detail.
    """
    stops = [outcome for outcome in outcomes if outcome.stops]
    if not stops:
        return
    raise refused(
        [
            *(f"{name} is rejected ({reason}): {detail}" for name, reason, detail in rejected),
            *(line for outcome in stops for line in outcome.sentences()),
        ],
        deliveries=[f"{name} ({reason})" for name, reason, _ in rejected],
        checks=[outcome.label for outcome in stops],
    )


def names_in(failures: Sequence[dg.DagsterEvent]) -> tuple[list[str], list[str]]:
    """The deliveries and the checks that the failed steps of a run name."""
    found: dict[str, list[str]] = {_DELIVERIES: [], _CHECKS: []}
    for event in failures:
        said = event.step_failure_data.user_failure_data
        for key, names in found.items():
            value = said.metadata.get(key) if said else None
            if isinstance(value, dg.JsonMetadataValue) and isinstance(value.data, list):
                names += [str(name) for name in value.data]
    return found[_DELIVERIES], found[_CHECKS]
