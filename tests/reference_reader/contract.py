"""The extract contract as read by somebody who has seen the text only: datasets, columns, code lists.

One line a column: name, type, and the marks `*` (required), `key`, `period`. Codes and municipalities are reference
data, read from the files in which they stand.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REFERENCE = Path(__file__).parents[2] / "seeds" / "reference"

PARTIES = {
    "rg": ("team", "arenden", "moten", "samtycke"),
    "af": ("ersattning", "samtycke"),
    "fk": ("ersattning", "samtycke", "bemanning"),
    "kommun": ("forsorjningsstod", "avslut", "planering", "samtycke", "bemanning"),
    "finsam": ("enkat", "medel", "malbedomning", "observationer"),
}

TEXT = """
arenden
    arende_id text * key
    personnummer pnr
    konsultationsdatum date * period
    arendetyp case_type *
    team_id text *
    kommunkod municipality *
    kon gender *
    initierande_part party *
    fragestallning question *
    atgardsforslag proposal *
    egen_fragestallning flag
    deltog_mote flag
    aterkoppling flag
team
    team_id text * key
    enhet text *
    enhetstyp unit_type *
    kommunkod municipality *
    team_fran date
    team_till date
moten
    mote_id text * key
    team_id text *
    motesdatum date * period
    form meeting_form *
    status meeting_status *
    installt_orsak cancellation_reason
forsorjningsstod
    personnummer pnr * key
    manad month * key period
    kon gender *
    belopp_kr number *
    huvudinkomst flag *
    forsorjningshinder obstacle
avslut
    personnummer pnr * key
    avslutsdatum date * key period
    orsak closing_reason *
planering
    personnummer pnr * key
    forsta_kontakt date * key
    planeringsdatum date * period
ersattning
    personnummer pnr * key
    ersattning benefit * key
    fran date * key
    till date
    omfattning number
samtycke
    personnummer pnr * key
    part party * key
    samtyckesdatum date * key period
    aterkallat_datum date
bemanning
    roll text * key
    fran date * key
    till date
    antal number *
    planerad_procent number *
    faktisk_procent number *
    faktiskt_antal number
enkat
    enkat_omgang text * key
    respondent_id text * key
    kon gender *
    svarat flag *
    svar_redo readiness_answer
    bortfallsorsak nonresponse_reason
medel
    insats_id text * key
    insats text *
    kommunkod municipality
    fran date *
    till date *
    beviljat_kr number *
    utnyttjat_kr number *
malbedomning
    mal goal * key
    rapportor reporter * key
    bedomningsdatum date * key period
    status goal_status *
    kommentar text
observationer
    observation_id text * key
    rapportor reporter_or_finsam *
    kategori observation_category *
    tema themes *
    datum date * period
    text text *
"""

# (start, end): an end is not before its start.
ORDERS = {
    "team": ("team_fran", "team_till"),
    "planering": ("forsta_kontakt", "planeringsdatum"),
    "ersattning": ("fran", "till"),
    "samtycke": ("samtyckesdatum", "aterkallat_datum"),
    "bemanning": ("fran", "till"),
    "medel": ("fran", "till"),
}
# Datasets whose span overlaps the delivery's period.
SPANS = {"ersattning": ("fran", "till"), "bemanning": ("fran", "till")}


@dataclass(frozen=True)
class Column:
    name: str
    kind: str
    required: bool
    key: bool
    period: bool


@cache
def datasets() -> dict[str, tuple[Column, ...]]:
    found: dict[str, list[Column]] = {}
    for line in TEXT.strip().splitlines():
        words = line.split()
        if not line.startswith(" "):
            columns = found.setdefault(words[0], [])
        else:
            columns.append(Column(words[0], words[1], "*" in words, "key" in words, "period" in words))
    return {name: tuple(columns) for name, columns in found.items()}


@cache
def code_lists() -> dict[str, dict[str, str]]:
    """Code by code and by Swedish label, both folded, of each list."""
    found: dict[str, dict[str, str]] = {}
    with (REFERENCE / "code_list.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            codes = found.setdefault(row["list_name"], {})
            codes[row["code"].casefold()] = row["code"]
            codes[row["label_sv"].casefold()] = row["code"]
    return found


@cache
def municipalities() -> frozenset[str]:
    with (REFERENCE / "municipality.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["municipality_code"] for row in csv.DictReader(file))


def datasets_of(party: str) -> tuple[str, ...]:
    """The datasets that a folder's party delivers; none for a folder of nobody."""
    if party.startswith("kommun-"):
        return PARTIES["kommun"] if party[7:] in municipalities() else ()
    return () if party == "kommun" else PARTIES.get(party, ())
