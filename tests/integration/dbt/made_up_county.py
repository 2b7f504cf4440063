"""A made-up county that crowds the corners of the follow-up: what the parties know, and the inbox that tells it.

Dates pile up on month ends, on the first and last days of coverage and the days beside them; municipalities
deliver with gaps, one no closures, one nothing at all. No indicator is computed here.
"""

from __future__ import annotations

import calendar
import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

PAYERS = {
    "AKASSA": "af",
    "AKTIVITETSSTOD": "af",
    "ETABLERING": "af",
    "SJUKPENNING": "fk",
    "REHABPENNING": "fk",
    "SJUKERSATTNING": "fk",
    "AKTIVITETSERSATTNING": "fk",
}
SILENT, WITHOUT_CLOSURES = "2181", "0330"
MUNICIPALITIES = ("2101", "2104", "2121", "2180", WITHOUT_CLOSURES, SILENT)
PARTIES = ("AF", "FK", "KOMMUN", "RG")
REASONS = ("ARBETE", "STUDIER", "AF_ERSATTNING", "SJUKERSATTNING", "FLYTT", "ANNAT")
FIRST_CASE, LAST_CASE = date(2019, 12, 1), date(2021, 12, 31)
MONTH_ENDS = (date(2020, 2, 29), date(2020, 8, 30), date(2020, 8, 31), date(2021, 8, 31), date(2021, 12, 31))
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Case:
    """One consultation; `person` is blank where the individual is not identified."""

    case_id: str
    person: str
    consulted_on: date
    case_type: str
    municipality: str
    gender: str
    party: str


@dataclass
class County:
    """What the parties know. Every fact lies in a delivery, but for those of no delivery, which nobody tells."""

    deliveries: dict[tuple[str, str], list[tuple[date, date]]] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)
    consents: list[tuple[str, str, str, date, date | None]] = field(default_factory=list)
    """Deliverer, person, party, consented, withdrawn."""
    months: dict[tuple[str, str, date], bool] = field(default_factory=dict)
    """Municipality, person, first day of the month: main income or not."""
    closings: dict[tuple[str, str, date], str] = field(default_factory=dict)
    """Municipality, person, day: reason."""
    spells: dict[tuple[str, str, date], date | None] = field(default_factory=dict)
    """Person, benefit, first day: last day, blank = running."""

    def delivery_of(self, deliverer: str, dataset: str, first: date, last: date) -> tuple[date, date] | None:
        """The first delivery that a span of days touches, or none."""
        for start, end in self.deliveries.get((deliverer, dataset), []):
            if start <= last and first <= end:
                return start, end
        return None


def months_later(day: date, months: int) -> date:
    """The same day of the month some months on, or that month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _stretches(random: Random, first: date, last: date, gap_share: float) -> Iterator[tuple[date, date]]:
    while first <= last:
        end = min(last, first + timedelta(days=random.randint(20, 400)))
        if random.random() >= gap_share:
            yield first, end
        first = end + DAY


def _with_deliveries(county: County, random: Random) -> None:
    county.deliveries["rg", "arenden"] = [(FIRST_CASE, LAST_CASE)]
    for deliverer in ("rg", "af", "fk", "kommun-2101"):
        county.deliveries[deliverer, "samtycke"] = [(date(2019, 11, 1), date(2023, 12, 31))]
    for deliverer in ("af", "fk"):
        stretches = _stretches(random, date(2019, 6, 10), date(2022, 10, 5), 0.08)
        county.deliveries[deliverer, "ersattning"] = list(stretches)
    for municipality in MUNICIPALITIES:
        if municipality != SILENT:
            stretches = _stretches(random, date(2019, 6, 10), date(2022, 9, 20), 0.15)
            county.deliveries[f"kommun-{municipality}", "forsorjningsstod"] = list(stretches)
        if municipality not in (SILENT, WITHOUT_CLOSURES):
            stretches = _stretches(random, date(2019, 12, 10), date(2022, 9, 20), 0.2)
            county.deliveries[f"kommun-{municipality}", "avslut"] = list(stretches)


def _with_cases(county: County, random: Random, count: int) -> None:
    persons = [_personnummer(number) for number in range(count // 3)]
    edges = [
        day
        for stretches in county.deliveries.values()
        for start, end in stretches
        for day in (start - DAY, start, end, end + DAY)
        if FIRST_CASE <= day <= LAST_CASE
    ]
    for number in range(count):
        any_day = FIRST_CASE + timedelta(days=random.randint(0, (LAST_CASE - FIRST_CASE).days))
        county.cases.append(
            Case(
                case_id=f"A{number}",
                person=random.choice(persons) if random.random() < 0.95 else "",
                consulted_on=random.choice(
                    (random.choice(MONTH_ENDS), random.choice(edges), any_day, any_day)
                ),
                case_type="NY" if random.random() < 0.9 else "UPPF",
                municipality=random.choice(MUNICIPALITIES),
                gender=random.choice("KKMMA"),
                party=random.choice(PARTIES),
            )
        )


def _with_consents(county: County, random: Random, person: str, consultations: list[date]) -> None:
    for party in PARTIES:
        if random.random() < 0.07:
            continue
        for deliverer in {
            random.choice(("rg", "af", "fk", "kommun-2101")) for _ in range(random.choice((1, 1, 2)))
        }:
            close_by = max(
                random.choice(consultations) + random.choice((-DAY, 0 * DAY, DAY)), date(2019, 11, 1)
            )
            consented = date(2019, 11, 1) if random.random() < 0.6 else close_by
            withdrawn = consented + timedelta(days=random.randint(0, 300)) if random.random() < 0.05 else None
            county.consents.append((deliverer, person, party, consented, withdrawn))


def _with_support(county: County, random: Random, person: str, days: list[date]) -> None:
    for day in days:
        for _ in range(random.choice((0, 0, 1, 1, 2))):
            municipality = random.choice([m for m in MUNICIPALITIES if m != SILENT])
            month = months_later(day, random.choice((-1, 0, 0, 0, 1))).replace(day=1)
            if county.delivery_of(f"kommun-{municipality}", "forsorjningsstod", month, month):
                county.months[municipality, person, month] = random.random() < 0.5
        for _ in range(random.choice((0, 0, 1, 2))):
            municipality = random.choice([m for m in MUNICIPALITIES if m not in (SILENT, WITHOUT_CLOSURES)])
            closed = day + random.choice((0, 0, 0, 1, -1, random.randint(-100, 200))) * DAY
            if county.delivery_of(f"kommun-{municipality}", "avslut", closed, closed):
                county.closings[municipality, person, closed] = random.choice(REASONS)
        if random.random() < 0.6:
            benefit = random.choice(list(PAYERS))
            first = day + random.choice((0, 0, 1, -1, random.randint(-200, 200))) * DAY
            later = first + timedelta(days=random.randint(0, 250))
            last = random.choice(
                (None, first, later, max(first, day), max(first, day - DAY), max(first, day + DAY))
            )
            if county.delivery_of(PAYERS[benefit], "ersattning", first, last or date.max):
                county.spells[person, benefit, first] = last


def make_county(seed: int, case_count: int) -> County:
    """A county of so many cases; the same seed makes the same county."""
    random = Random(seed)
    county = County()
    _with_deliveries(county, random)
    _with_cases(county, random, case_count)
    consultations: dict[str, list[date]] = {}
    for case in county.cases:
        if case.person:
            consultations.setdefault(case.person, []).append(case.consulted_on)
    for person, days in consultations.items():
        _with_consents(county, random, person, days)
        _with_support(county, random, person, [months_later(day, h) for day in days for h in (0, 6, 12)])
    return county


def _personnummer(number: int) -> str:
    digits = f"{date(1970, 1, 1) + timedelta(days=number):%y%m%d}98{number % 10}"
    doubled = "".join(str(int(digit) * (2 - place % 2)) for place, digit in enumerate(digits))
    return f"19{digits}{-sum(map(int, doubled)) % 10}"


def _rows(county: County) -> Iterator[tuple[str, str, date, date, dict[str, object]]]:
    """Every fact as deliverer, dataset, first and last day, and the row of its extract."""
    for case in county.cases:
        yield (
            "rg",
            "arenden",
            case.consulted_on,
            case.consulted_on,
            {
                "arende_id": case.case_id,
                "personnummer": case.person,
                "konsultationsdatum": case.consulted_on,
                "arendetyp": case.case_type,
                "team_id": "T1",
                "kommunkod": case.municipality,
                "kon": case.gender,
                "initierande_part": case.party,
                "fragestallning": "VARD",
                "atgardsforslag": "VARD",
            },
        )
    for deliverer, person, party, consented, withdrawn in county.consents:
        yield (
            deliverer,
            "samtycke",
            consented,
            consented,
            {
                "personnummer": person,
                "part": party,
                "samtyckesdatum": consented,
                "aterkallat_datum": withdrawn or "",
            },
        )
    for (municipality, person, month), is_main in county.months.items():
        yield (
            f"kommun-{municipality}",
            "forsorjningsstod",
            month,
            month,
            {
                "personnummer": person,
                "manad": f"{month:%Y-%m}",
                "kon": "K",
                "belopp_kr": 4000,
                "huvudinkomst": "J" if is_main else "N",
            },
        )
    for (municipality, person, closed), reason in county.closings.items():
        yield (
            f"kommun-{municipality}",
            "avslut",
            closed,
            closed,
            {
                "personnummer": person,
                "avslutsdatum": closed,
                "orsak": reason,
            },
        )
    for (person, benefit, first), last in county.spells.items():
        yield (
            PAYERS[benefit],
            "ersattning",
            first,
            last or date.max,
            {
                "personnummer": person,
                "ersattning": benefit,
                "fran": first,
                "till": last or "",
            },
        )


_HEADERS = {
    "arenden": "arende_id personnummer konsultationsdatum arendetyp team_id kommunkod kon initierande_part "
    "fragestallning atgardsforslag",
    "samtycke": "personnummer part samtyckesdatum aterkallat_datum",
    "forsorjningsstod": "personnummer manad kon belopp_kr huvudinkomst",
    "avslut": "personnummer avslutsdatum orsak",
    "ersattning": "personnummer ersattning fran till",
}


def write_inbox(county: County, inbox: Path) -> None:
    """One CSV per delivery, empty ones too: an empty delivery says that there was nothing."""
    rows: dict[tuple[str, str, date], list[dict[str, object]]] = {}
    for deliverer, dataset, first, last, row in _rows(county):
        delivery = county.delivery_of(deliverer, dataset, first, last)
        assert delivery is not None
        rows.setdefault((deliverer, dataset, delivery[0]), []).append(row)
    for (deliverer, dataset), stretches in county.deliveries.items():
        for start, end in stretches:
            path = inbox / deliverer / f"{dataset}_{start:%Y%m%d}-{end:%Y%m%d}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, _HEADERS[dataset].split(), delimiter=";")
                writer.writeheader()
                writer.writerows(rows.get((deliverer, dataset, start), []))
