"""Tables 1 to 7 and 26: what is counted of consultations."""

from __future__ import annotations

import pandas as pd

from benchmarks.pandas_tables.counting import (
    ALL_LEVELS,
    GENDER_COUNTS,
    LEADING,
    also_all,
    by_gender,
    codes,
    filled,
    percent,
    summed,
    with_areas,
    with_previous,
)

DAY = "konsultationsdatum"
AREA = ["area_level", "area_code"]
FLAGS = {"own_question": "egen_fragestallning", "attended": "deltog_mote", "feedback": "aterkoppling"}


def case_tables(consultations: pd.DataFrame, when: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The tables of consultations, by name."""
    facts = by_gender(with_areas(consultations))
    new = facts[facts["arendetyp"] == "NY"]
    pairs = summed(
        new.rename(columns={"fragestallning": "question_code", "atgardsforslag": "proposal_code"}),
        when, DAY, ["question_code", "proposal_code"], ["total_count"],
    )  # fmt: skip
    parties = _parties(new, when)
    return {
        "question": _coded(new, when, "fragestallning", "question"),
        "proposal": _coded(new, when, "atgardsforslag", "proposal"),
        "question_to_proposal": pairs,
        "case_volume": _volume(facts, when),
        "initiating_party": parties,
        "party_evenness": _evenness(parties),
        "participation": _participation(new, when),
    }


def _coded(new: pd.DataFrame, when: pd.DataFrame, column: str, name: str) -> pd.DataFrame:
    facts = also_all(new.rename(columns={column: f"{name}_code"}), f"{name}_code", "TOTAL")
    counted = summed(facts, when, DAY, [f"{name}_code"], GENDER_COUNTS, ALL_LEVELS)
    return filled(counted, LEADING, f"{name}_code", [*codes(name), "TOTAL"])


def _volume(facts: pd.DataFrame, when: pd.DataFrame) -> pd.DataFrame:
    kinds = facts.assign(
        new_count=(facts["arendetyp"] == "NY").astype(int),
        follow_up_count=(facts["arendetyp"] != "NY").astype(int),
    )
    table = summed(kinds, when, DAY, [], ["new_count", "follow_up_count", "total_count"], ALL_LEVELS)
    table = with_previous(table, when, AREA, "new_count", "previous_new_count")
    change = table["new_count"] - table["previous_new_count"]
    return table.assign(new_change_percent=percent(change, table["previous_new_count"]))


def _parties(new: pd.DataFrame, when: pd.DataFrame) -> pd.DataFrame:
    facts = new.rename(columns={"initierande_part": "party_code", "total_count": "new_count"})
    table = filled(
        summed(facts, when, DAY, ["party_code"], ["new_count"]), LEADING, "party_code", codes("party")
    )
    area_total = table.groupby(LEADING)["new_count"].transform("sum")
    table = table.assign(share_percent=percent(table["new_count"], area_total))
    table = with_previous(table, when, [*AREA, "party_code"], "new_count", "previous_count")
    change = table["new_count"] - table["previous_count"]
    return table.assign(change_percent=percent(change, table["previous_count"]))


def _evenness(parties: pd.DataFrame) -> pd.DataFrame:
    table = parties.groupby(LEADING)["new_count"].agg(smallest_count="min", largest_count="max").reset_index()
    return table.assign(evenness_percent=percent(table["smallest_count"], table["largest_count"]))


def _participation(new: pd.DataFrame, when: pd.DataFrame) -> pd.DataFrame:
    facts = also_all(new.rename(columns={"initierande_part": "party_code"}), "party_code", "ALL")
    for name, column in FLAGS.items():
        facts[f"{name}_yes"] = (facts[column] == "J").astype(int)
        facts[f"{name}_known"] = facts[column].notna().astype(int)
    values = [f"{name}_{what}" for name in FLAGS for what in ("yes", "known")]
    table = summed(facts, when, DAY, ["party_code"], values)
    table = table[table[[f"{name}_known" for name in FLAGS]].sum(axis=1) > 0]
    for name in FLAGS:
        table = table.assign(**{f"{name}_percent": percent(table[f"{name}_yes"], table[f"{name}_known"])})
    return table


def consent_table(cases: pd.DataFrame, when: pd.DataFrame) -> pd.DataFrame:
    """Table 26, from new cases with a person and a column `to_PARTY` for each party."""
    parties = codes("party")
    facts = pd.concat(
        [
            cases.assign(
                party_code=party, person_case_count=1, linkable_count=cases[f"to_{party}"].astype(int)
            )
            for party in parties
        ]
    )
    table = summed(facts, when, DAY, ["party_code"], ["person_case_count", "linkable_count"])
    return table.assign(linkable_percent=percent(table["linkable_count"], table["person_case_count"]))
