"""Consents of the people behind the cases: most complete in time, some missing, late or withdrawn."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date, timedelta

from dagster_project.sample.draw import sample
from dagster_project.sample.plan import Plan
from dagster_project.sample.records import PARTIES, Consent, NewCase

EARLIEST = date(2019, 11, 1)


def make_consents(plan: Plan, cases: Iterable[NewCase], rng: random.Random) -> list[Consent]:
    """Consents of everybody identified; a person who returns keeps those of the first case."""
    consents = [
        consent
        for case in cases
        if case.number is not None and not case.returning
        for consent in _of_case(plan, case, case.number, rng)
    ]
    others = [consent for consent in consents if consent.party != "RG"]
    return consents + [
        _elsewhere(consent) for consent in others if rng.random() < plan.shares.duplicate_consent
    ]


def linkable(case: NewCase, consents: Iterable[Consent], party: str) -> bool:
    """Whether a case is linkable to a party, given all consents of its person."""
    of_party = [consent for consent in consents if consent.party == party]
    return (
        case.number is not None
        and any(consent.given <= case.day for consent in of_party)
        and all(consent.withdrawn is None for consent in of_party)
    )


def _of_case(plan: Plan, case: NewCase, number: str, rng: random.Random) -> list[Consent]:
    fault, parties = _fault(plan, case, rng)
    consents = []
    for party in PARTIES:
        given = max(EARLIEST, case.day - timedelta(rng.randrange(1, 36)))
        withdrawn = None
        if party in parties:
            if fault == "missing":
                continue
            if fault == "late":
                given = case.day + timedelta(rng.randrange(1, 30))
            else:
                withdrawn = case.day + timedelta(rng.randrange(10, 200))
        # What was asked for after the programme is in nobody's delivery.
        if given <= plan.programme.end:
            consents.append(Consent(_folder(case.municipality, party), number, party, given, withdrawn))
    return consents


def _fault(plan: Plan, case: NewCase, rng: random.Random) -> tuple[str, list[str]]:
    """What is wrong with the case's consents, and for which parties."""
    odds = plan.consent
    faults = {"missing": odds.missing, "late": odds.late, "withdrawn": odds.withdrawn}
    fault = rng.choices(list(faults), list(faults.values()))[0]
    if case.complete:
        return fault, []
    parties = [party for party in PARTIES if party != "KOMMUN" or case.linked is None]
    hit = sample(rng, parties, rng.choice((1, 1, 2, 3))) if rng.random() >= odds.complete else []
    return fault, [*hit, "KOMMUN"] if case.linked is False else hit


def _folder(municipality: str, party: str) -> str:
    return f"kommun-{municipality}" if party == "KOMMUN" else party.lower()


def _elsewhere(consent: Consent) -> Consent:
    """The same consent as the region wrote it down too."""
    return Consent("rg", consent.number, consent.party, consent.given, consent.withdrawn)
