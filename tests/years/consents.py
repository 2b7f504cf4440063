"""Deliveries of consents: how a withdrawal reaches a period that was delivered before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from tests.years.deliveries import Deliverer, Delivery
from tests.years.periods import Period


def consent_deliveries(
    deliverer: Deliverer, party: str, withdrawals: str, dated: list[tuple[date, Period]]
) -> Iterator[tuple[date, Delivery]]:
    """A party's deliveries of consents, with the days of their arrival.

    `longer_period`: every file begins with the first day and supersedes the one before. `revision`: each period is
    delivered once, and again as a revision when a consent of it was withdrawn.
    """
    if withdrawals == "longer_period":
        first = dated[0][1].first
        for day, period in dated:
            yield day, Delivery(party, "samtycke", Period(first, period.last), period.last)
        return
    in_force: list[Delivery] = []
    for day, period in dated:
        for earlier in [one for one in in_force if not period.contains(one.period)]:
            if deliverer.has_withdrawals(earlier, after=earlier.known_until, until=period.last):
                later = replace(earlier, known_until=period.last, revision=earlier.revision + 1)
                in_force[in_force.index(earlier)] = later
                yield day, later
        in_force = [one for one in in_force if not period.contains(one.period)]
        in_force.append(Delivery(party, "samtycke", period, period.last))
        yield day, in_force[-1]
