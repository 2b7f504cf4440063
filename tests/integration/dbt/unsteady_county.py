"""Turns an inbox of the county generator into one that crowds the corners of the contract, and still breaks no rule.

People move, change gender and get support from several municipalities; consultations, spells and closings meet on one
day; consents are withdrawn; deliveries revise, contain and miss one another. Rows are drawn anew: no single case is told.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from random import Random

Row = dict[str, str]
GENDERS = "KMA"
PARTIES = ("AF", "FK", "KOMMUN", "RG")
FLAGS = ("egen_fragestallning", "deltog_mote", "aterkoppling")
ELSEWHERE = ("0114", "0115", "1980", "2184", "2161")
CLOSING_REASONS = (
    "ARBETE",
    "STUDIER",
    "AF_ERSATTNING",
    "SJUKERSATTNING",
    "AKTIVITETSERSATTNING",
    "FLYTT",
    "ANNAT",
)
BENEFITS = {
    "af": ("AKASSA", "AKTIVITETSSTOD", "ETABLERING"),
    "fk": ("SJUKPENNING", "REHABPENNING", "SJUKERSATTNING", "AKTIVITETSERSATTNING"),
}
EDGE_DAYS = ((8, 31), (12, 31), (3, 31), (2, 28), (1, 1), (8, 30))


def unsettle(inbox: Path, seed: int) -> None:
    """Rewrite an inbox of the three years from 2020, in CSV and with the ten municipalities, in its place."""
    random = Random(seed)
    cases = [row for path in sorted(inbox.glob("rg/arenden_*.csv")) for row in _rows(path)]
    days = _days_that_matter(cases)
    _unsettle_cases(inbox, random)
    _unsettle_units(inbox, random)
    _unsettle_consents(inbox, random, days)
    _unsettle_support(inbox, random, sorted(days))
    _crowd_closings(inbox, random, days)
    _crowd_spells(inbox, random, days)
    _unsettle_programme(inbox)
    _unsettle_deliveries(inbox)


def _rows(path: Path) -> list[Row]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=";"))


def _change(path: Path, change: Callable[[list[Row]], Iterable[Row]], target: Path | None = None) -> None:
    """Rewrite a delivery, or write what it becomes to another file."""
    columns = path.read_text(encoding="utf-8").splitlines()[0].split(";")
    rows = list(change(_rows(path)))
    with (target or path).open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def _days_that_matter(cases: list[Row]) -> dict[str, list[date]]:
    """The consultation and follow-up dates of each person."""
    found: dict[str, list[date]] = {}
    for row in cases:
        if row["personnummer"]:
            day = date.fromisoformat(row["konsultationsdatum"])
            found.setdefault(row["personnummer"], []).extend(_months_later(day, h) for h in (0, 6, 12))
    return found


def _unsettle_cases(inbox: Path, random: Random) -> None:
    teams = [row["team_id"] for row in _rows(next(inbox.glob("rg/team_*.csv")))]

    def change(rows: list[Row]) -> Iterable[Row]:
        for row in rows:
            if random.random() < 0.05:
                row["kommunkod"] = random.choice(ELSEWHERE)
            if row["kommunkod"] == ELSEWHERE[0]:
                row.update(dict.fromkeys(FLAGS, ""))
            if random.random() < 0.05:
                row["team_id"] = random.choice(teams)
            if random.random() < 0.03:
                row["kon"] = random.choice(GENDERS)
            if random.random() < 0.1:
                year = int(row["konsultationsdatum"][:4])
                leap_day = [(2, 29)] if year == 2020 else []
                row["konsultationsdatum"] = date(year, *random.choice([*EDGE_DAYS, *leap_day])).isoformat()
        return rows

    for path in sorted(inbox.glob("rg/arenden_*.csv")):
        _change(path, change)
    # Cases are covered from the middle of one quarter to the middle of another one.
    _cut(inbox / "rg", "arenden", "2020", "20200215-20201231", "konsultationsdatum")
    _cut(inbox / "rg", "arenden", "2022", "20220101-20221020", "konsultationsdatum")


def _cut(folder: Path, dataset: str, period: str, shorter: str, column: str) -> None:
    first, last = (date.fromisoformat(part).isoformat() for part in shorter.split("-"))
    path = folder / f"{dataset}_{period}.csv"
    _change(
        path,
        lambda rows: [row for row in rows if first <= row[column] <= last],
        folder / f"{dataset}_{shorter}.csv",
    )
    path.unlink()


def _unsettle_units(inbox: Path, random: Random) -> None:
    def change(rows: list[Row]) -> Iterable[Row]:
        for row in rows:
            if random.random() < 0.2:
                row["team_fran"] = random.choice(["2020-12-31", "2021-01-01", "2021-06-30", "2021-07-02"])
            if row["team_fran"] and random.random() < 0.4:
                row["team_till"] = random.choice(["2021-12-31", "2021-12-30", "2022-06-30", "2022-10-20"])
            if random.random() < 0.1:
                row["team_fran"] = row["team_till"] = ""
        return rows

    path = next(inbox.glob("rg/team_*.csv"))
    _change(path, change)
    # An earlier delivery tells otherwise of every other unit, and of one that there is no more.
    told = [{"kommunkod": "2180", "enhetstyp": "PSYK"}, {"team_id": "OLD-1"}]
    _change(
        path,
        lambda rows: [*({**row, **told[0]} for row in rows[::2]), {**rows[0], **told[1]}],
        path.with_name("team_2019.csv"),
    )


def _unsettle_consents(inbox: Path, random: Random, days: dict[str, list[date]]) -> None:
    def change(rows: list[Row]) -> Iterable[Row]:
        known = {(row["personnummer"], row["part"], row["samtyckesdatum"]) for row in rows}
        for row in list(rows):
            person, given = row["personnummer"], date(2021, 1, 1) + timedelta(random.randrange(365))
            if random.random() < 0.2:
                given = random.choice([day for day in days.get(person, []) if day.year == 2021] or [given])
                if (key := (person, row["part"], given.isoformat())) not in known:
                    known.add(key)
                    row.update({"samtyckesdatum": key[2], "aterkallat_datum": ""})
            elif (key := (person, random.choice(PARTIES), given.isoformat())) not in known and given.day < 4:
                known.add(key)
                told = (*key, key[2] if random.random() < 0.25 else "")
                rows.append(dict(zip(row, told, strict=True)))
        return rows

    for path in sorted(inbox.glob("*/samtycke_2021.csv")):
        _change(path, change)


def _unsettle_support(inbox: Path, random: Random, people: list[str]) -> None:
    def change(rows: list[Row]) -> Iterable[Row]:
        known = {(row["personnummer"], row["manad"]) for row in rows}
        for row in list(rows):
            if random.random() < 0.02:
                row["kon"] = random.choice(GENDERS)
            if random.random() < 0.05:
                row["huvudinkomst"] = random.choice("JN")
            if random.random() < 0.05:
                row["forsorjningshinder"] = random.choice(["", "ANNAT", "ARBETSLOS"])
            # Somebody of another municipality, too.
            key = (random.choice(people), row["manad"])
            if random.random() < 0.12 and key not in known:
                known.add(key)
                other = {
                    "personnummer": key[0],
                    "kon": random.choice("KKKM"),
                    "huvudinkomst": random.choice("JN"),
                }
                rows.append({**row, **other})
        return rows

    for path in sorted(inbox.glob("kommun-*/forsorjningsstod_*.csv")):
        _change(path, change)


def _crowd_closings(inbox: Path, random: Random, days: dict[str, list[date]]) -> None:
    for path in sorted(inbox.glob("kommun-*/avslut_202[0-2].csv")):
        year = int(path.stem[-4:])

        def change(rows: list[Row], year: int = year) -> Iterable[Row]:
            known = {(row["personnummer"], row["avslutsdatum"]) for row in rows}
            for person, matter in days.items():
                day = random.choice(matter) + timedelta(random.choice([-1, 0, 0, 0, 1]))
                key = (person, day.isoformat())
                if random.random() < 0.06 and day.year == year and key not in known:
                    reason = random.choice(CLOSING_REASONS)
                    rows.append(
                        dict(zip(("personnummer", "avslutsdatum", "orsak"), (*key, reason), strict=True))
                    )
            return rows

        _change(path, change)


def _crowd_spells(inbox: Path, random: Random, days: dict[str, list[date]]) -> None:
    for party, benefits in BENEFITS.items():
        spells = []
        for person, matter in days.items():
            first, last = sorted(random.choice(matter) + timedelta(random.choice([-1, 0, 1])) for _ in "ab")
            if random.random() < 0.3:
                spells.append((person, random.choice(benefits), first, random.choice([last, last, None])))
        for path in sorted(inbox.glob(f"{party}/ersattning_202[0-2].csv")):
            year = int(path.stem[-4:])

            def change(rows: list[Row], year: int = year, spells: list = spells) -> Iterable[Row]:  # type: ignore[type-arg]
                known = {(row["personnummer"], row["ersattning"], row["fran"]) for row in rows}
                for person, benefit, first, last in spells:
                    # Some deliveries tell another end of the spell.
                    end = (
                        last
                        if random.random() < 0.8
                        else random.choice([None, first, first + timedelta(100)])
                    )
                    key = (person, benefit, first.isoformat())
                    if first.year <= year and (end is None or end.year >= year) and key not in known:
                        known.add(key)
                        told = (*key, end.isoformat() if end else "", random.choice(["", "50"]))
                        rows.append(dict(zip(rows[0], told, strict=True)))
                return rows

            _change(path, change)


def _unsettle_programme(inbox: Path) -> None:
    """Staffing spans that overlap and end, a later delivery of one, statements of several themes, empty grants."""

    def span(first: str, last: str, *numbers: str) -> Row:
        columns = ("roll", "fran", "till", "antal", "planerad_procent", "faktisk_procent", "faktiskt_antal")
        return dict(zip(columns, ("Processledare", first, last, *numbers), strict=True))

    staffing = next(inbox.glob("fk/bemanning_*.csv"))
    spans = [
        span("2021-02-10", "2021-07-05", "2", "50", "40.5", "1"),
        span("2021-07-05", "2021-07-05", "1", "50", "0", ""),
    ]
    _change(staffing, lambda rows: [*rows, *spans])
    _change(
        staffing,
        lambda _: [span("2021-02-10", "", "3", "50", "40.5", "1")],
        staffing.with_name("bemanning_2023.csv"),
    )
    themes = ("REKO| RESURS |REKO", "RESURS|VALD|EKONOMI")
    _change(
        next(inbox.glob("finsam/observationer_*.csv")),
        lambda rows: [{**row, "tema": themes[n]} if n < 2 else row for n, row in enumerate(rows)],
    )
    grants = (
        {"beviljat_kr": "0", "utnyttjat_kr": "0"},
        {"fran": "2020-01-31", "till": "2020-02-01", "kommunkod": ""},
    )
    _change(
        next(inbox.glob("finsam/medel_*.csv")),
        lambda rows: [{**row, **(grants[n] if n < 2 else {})} for n, row in enumerate(rows)],
    )


def _unsettle_deliveries(inbox: Path) -> None:
    """Gaps in coverage, a municipality without any delivery, one without closings, revised and contained deliveries."""
    (inbox / "kommun-2101" / "forsorjningsstod_2021.csv").unlink()
    shutil.rmtree(inbox / "kommun-2104")
    for path in (inbox / "kommun-2121").glob("avslut_*"):
        path.unlink()
    (inbox / "kommun-2132" / "avslut_2021.csv").unlink()
    late = inbox / "fk" / "ersattning_2022.csv"
    _change(
        late,
        lambda rows: [row for row in rows if not row["till"] or row["till"] >= "2022-01-15"],
        inbox / "fk" / "ersattning_20220115-20221231.csv",
    )
    late.unlink()
    whole = inbox / "kommun-2180" / "forsorjningsstod_2020.csv"
    _change(
        whole,
        lambda rows: [{**row, "kon": "A", "huvudinkomst": "J"} for row in rows if row["manad"] < "2020-07"],
        whole.with_name("forsorjningsstod_2020H1.csv"),
    )
    revised = inbox / "kommun-2181" / "avslut_2021.csv"
    _change(revised, lambda rows: rows[::2], revised.with_name("avslut_2021_r2.csv"))
