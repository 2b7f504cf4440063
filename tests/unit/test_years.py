"""The world of `make years`: facts that are plausible, deliveries that say what was known, faults that are faults."""

from datetime import date
from functools import cache

import pandas as pd
import pytest

from dagster_project.contract import load_contract
from dagster_project.ingestion.names import parse_path
from tests.years import judging, report
from tests.years.calendar_steps import Cadence, steps, together
from tests.years.county import make_county
from tests.years.deliveries import Deliverer, Delivery
from tests.years.fault_plan import fault_plan
from tests.years.faults import all_faults, plantings, targets
from tests.years.judging import Finding
from tests.years.periods import Period, periods
from tests.years.results import OrdinaryRun, Tried, YearsResult

CADENCES = [
    Cadence(name, cumulative) for name in ("month", "quarter", "half_year") for cumulative in (False, True)
]


@cache
def county():
    return make_county(250)


@cache
def deliverer():
    return Deliverer(county())


@cache
def steps_of(cadence):
    return steps(county(), cadence)


def facts(dataset):
    return county().facts[dataset]


def test_the_same_seed_gives_the_same_facts_and_another_seed_others():
    again, other = make_county(250), make_county(250, seed=2)
    assert all(again.facts[name].equals(rows) for name, rows in county().facts.items())
    assert not other.facts["arenden"].equals(facts("arenden"))


@pytest.mark.parametrize("dataset", load_contract().datasets)
def test_facts_have_every_column_of_the_contract_and_no_key_twice(dataset):
    of_contract = load_contract().datasets[dataset]
    assert {column.name for column in of_contract.columns} <= set(facts(dataset))
    assert not facts(dataset).duplicated([*(column.name for column in of_contract.key), "folder"]).any()


def test_nine_in_ten_with_income_support_have_it_in_the_next_month_too():
    support = facts("forsorjningsstod")
    months = {month: set(rows["personnummer"]) for month, rows in support.groupby("manad")}
    kept = [
        len(months[m] & months[m + pd.DateOffset(months=1)]) / len(months[m]) for m in sorted(months)[12:48]
    ]
    assert 0.9 <= sum(kept) / len(kept) <= 0.95


def test_cases_double_over_two_years_and_rest_in_july():
    cases = facts("arenden")
    new = cases[cases["arendetyp"] == "NY"].groupby(cases["konsultationsdatum"].dt.to_period("M")).size()
    # Three years, so that chance is small beside a third.
    july = sum(new[f"{year}-07"] for year in (2021, 2022, 2023))
    rest = sum(new[f"{year}-{month:02d}"] for year in (2021, 2022, 2023) for month in (4, 5, 9, 10)) / 4
    assert july < rest / 2
    assert 1.4 < new["2023"].sum() / new["2020-07":"2021-06"].sum() < 2.6
    assert new["2021":"2023"].sum() / 3 == pytest.approx(250, rel=0.15)


def test_nearly_every_consultation_has_its_person():
    assert facts("arenden")["personnummer"].notna().mean() == pytest.approx(0.97, abs=0.02)


def test_a_team_has_consultations_only_while_it_is_open():
    cases = facts("arenden").merge(facts("team"), on="team_id")
    day = cases["konsultationsdatum"]
    assert ((day >= cases["team_fran"]) & ~(day > cases["team_till"])).all()
    opened = facts("team")["team_fran"].dt.date.isin([date(2022, 4, 1)])
    assert opened.any()
    assert (facts("team")["team_till"].dt.date == date(2022, 12, 31)).any()


@pytest.mark.parametrize("cadence", CADENCES, ids=lambda cadence: cadence.label)
def test_every_delivery_has_a_name_of_the_contract_and_comes_after_its_period(cadence):
    for step in steps_of(cadence):
        for delivery in step.deliveries:
            name = parse_path(delivery.path, load_contract())
            assert name is not None
            assert name.period is not None
            assert (name.period.start, name.period.end) == (delivery.period.first, delivery.period.last)
            assert delivery.known_until < step.day


@pytest.mark.parametrize("cadence", CADENCES, ids=lambda cadence: cadence.label)
def test_periods_of_a_party_and_dataset_never_overlap_in_part(cadence):
    delivered = {}
    for step in steps_of(cadence):
        for delivery in step.deliveries:
            delivered.setdefault((delivery.party, delivery.dataset), set()).add(delivery.period)
    for found in delivered.values():
        for one in found:
            for other in found:
                apart = one.last < other.first or other.last < one.first
                assert apart or one.contains(other) or other.contains(one)


def test_cumulative_periods_begin_with_their_year():
    found = periods(date(2021, 1, 1), date(2022, 3, 31), 3, cumulative=True)
    assert [period.name for period in found] == ["2021Q1", "2021H1", "20210101-20210930", "2021", "2022Q1"]


def test_a_running_spell_has_no_end_until_the_delivery_whose_period_holds_it():
    first = Period(date(2022, 1, 1), date(2022, 3, 31))
    second = Period(date(2022, 4, 1), date(2022, 6, 30))
    key = ["personnummer", "ersattning", "fran"]
    early, late = (deliverer().rows(Delivery("fk", "ersattning", p, p.last)) for p in (first, second))
    both = early.merge(late, on=key, suffixes=("_early", "_late"))
    assert len(both) > 20
    assert both["till_early"].isna().all()
    ended = both["till_late"].dropna()
    assert len(ended)
    assert ended.dt.date.between(second.first, second.last).all()


def test_a_withdrawal_is_told_by_a_revision_of_the_period_in_which_the_consent_was_given():
    told = [
        (step, delivery)
        for step in steps_of(Cadence("quarter"))
        for delivery in step.deliveries
        if delivery.party.startswith("kommun") and delivery.dataset == "samtycke" and delivery.revision == 2
    ]
    assert told
    for step, delivery in told:
        withdrawn = deliverer().rows(delivery)["aterkallat_datum"].dropna()
        assert (withdrawn.dt.date > delivery.period.last).any()
        assert (withdrawn.dt.date < step.day).all()


def test_a_municipality_joins_in_the_second_year_and_another_leaves_in_the_third():
    found = steps_of(Cadence("month"))
    days = {
        party: [s.day for s in found if any(d.party == party and d.dataset == "avslut" for d in s.deliveries)]
        for party in ("kommun-2132", "kommun-2161", "kommun-2180")
    }
    assert min(days["kommun-2132"]).year == 2022
    assert max(days["kommun-2161"]).year == 2023
    assert max(days["kommun-2180"]).year == 2024


def test_a_late_party_delivers_two_months_at_once():
    delivered = [
        [d for d in step.deliveries if (d.party, d.dataset, d.revision) == ("rg", "arenden", 1)]
        for step in steps_of(Cadence("month"))
    ]
    assert max(map(len, delivered)) == 2
    # Nothing but the month that it missed; after 2023 there are no more consultations to deliver.
    assert [
        step.day.month
        for step, found in zip(steps_of(Cadence("month")), delivered, strict=True)
        if not found and step.deliveries and step.day.year < 2024
    ] == [10]


def test_persons_are_erased_on_two_days_and_a_run_of_its_own_follows():
    erased = [step for step in steps_of(Cadence("half_year")) if step.erased]
    assert len(erased) == 2
    assert not any(step.deliveries for step in erased)


def test_a_revision_corrects_a_few_rows_of_the_first_version():
    delivered = [d for step in steps_of(Cadence("quarter")) for d in step.deliveries if d.is_early]
    changed = []
    for early in delivered:
        right = Delivery(early.party, early.dataset, early.period, early.known_until)
        before, after = deliverer().rows(early), deliverer().rows(right)
        assert 0 <= len(after) - len(before) <= max(3, 0.05 * len(after))
        changed.append(not before.equals(after))
    assert any(changed)


def test_runs_of_a_month_are_put_together_with_all_their_files():
    found = steps_of(Cadence("quarter"))
    fewer = together(found)
    assert len(fewer) < len(found)
    assert sum(len(s.deliveries) for s in fewer) == sum(len(s.deliveries) for s in found)


@pytest.mark.parametrize("cadence", CADENCES, ids=lambda cadence: cadence.label)
def test_every_fault_is_planted_somewhere_and_changes_the_rows(cadence):
    planted = set()
    for chosen in targets(steps_of(cadence), fault_plan().places).values():
        for target in chosen:
            for fault, planting in plantings(deliverer(), target, all_faults()):
                planted.add(fault.name)
                assert not fault.plant(planting).equals(planting.rows)
    # A file of one month has no other month, and the files of a county of 250 cases are small.
    small = {"first contacts a year off", "closing reasons shifted by one"}
    if cadence == Cadence("month"):
        small |= {"one month missing"}
    assert {fault.name for fault in all_faults()} - planted <= small


def test_a_fault_that_is_only_informed_of_is_not_seen():
    informed = Finding("drift", "informs", "grown", "rg", "arenden")
    assert not tried([informed]).told
    assert tried([informed, Finding("drift", "warns", "odd", "rg", "arenden")]).is_named
    assert not tried([Finding("drift", "blocks", "odd", "af", "arenden")]).is_named


def tried(findings):
    return Tried("fault", "place", "rg", "arenden", "2022Q1", 30, findings)


def test_goals_are_missed_by_one_refused_run_or_by_two_unseen_faults_in_ten():
    warned = Finding("drift", "warns", "odd")
    quiet = OrdinaryRun(date(2021, 1, 1), 3, [warned], 1.0)
    refused = OrdinaryRun(date(2021, 1, 1), 3, [Finding("drift", "blocks", "odd")], 1.0)
    seen, unseen = tried([warned]), tried([])
    assert report.totals([YearsResult("a", [quiet], [seen] * 9 + [unseen])]).reached
    assert not report.totals([YearsResult("a", [quiet], [seen] * 8 + [unseen] * 2)]).reached
    assert not report.totals([YearsResult("a", [quiet, refused], [seen] * 10)]).reached
    assert not report.totals([YearsResult("a", [quiet], [seen], ["question: 1 of 2 rows"])]).reached


def test_findings_are_read_from_an_answer_and_accepted_by_check_and_delivery():
    found = {
        "check": "amounts_hold",
        "level": "blocks",
        "party": "rg",
        "dataset": "medel",
        "period": "2021",
        "what": "x",
    }
    refused = {"ending": "refused", "reasons": ["x"], "findings": [found]}
    assert judging.acceptance_words(judging.findings_of_answer(refused)) == [
        "--accept",
        "amounts_hold=rg/medel_2021",
    ]


def test_a_refusal_that_no_check_speaks_for_is_told_by_its_reason():
    answer = {"ending": "refused", "reasons": ["A delivery is gone."], "findings": []}
    assert [(f.level, f.what) for f in judging.findings_of_answer(answer)] == [
        ("blocks", "A delivery is gone.")
    ]
