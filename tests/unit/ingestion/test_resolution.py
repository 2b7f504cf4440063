"""Which deliveries are in force."""

import random

import pytest

from dagster_project.ingestion.names import parse_period
from dagster_project.ingestion.resolution import Candidate, Rejection, left_out, resolve

BAD = Rejection("unreadable", "broken")


def delivery(name: str, held: bool = False) -> Candidate:
    period_text, _, revision = name.partition("_r")
    period = parse_period(period_text)
    assert period is not None
    return Candidate(f"rg/arenden_{name}.csv", period, int(revision or 1), held)


def outcome(*names: str, unsound: tuple[str, ...] = (), held: tuple[str, ...] = ()) -> dict[str, str]:
    candidates = [delivery(name) for name in names] + [delivery(name, held=True) for name in held]
    found = resolve(candidates, {delivery(name): BAD for name in unsound})
    statuses = dict.fromkeys(found.in_force, "in force") | dict.fromkeys(found.superseded, "superseded")
    statuses |= {c: r.reason for c, r in found.rejected.items()}
    assert len(statuses) == len(candidates)
    return {
        ("held " if c.held else "") + c.file_name.removeprefix("arenden_").removesuffix(".csv"): status
        for c, status in statuses.items()
    }


def test_the_highest_revision_is_in_force():
    assert outcome("2021", "2021_r2", "2021_r10") == {
        "2021": "superseded", "2021_r2": "superseded", "2021_r10": "in force",
    }  # fmt: skip


def test_a_longer_period_supersedes_what_it_contains_whatever_the_revision():
    assert outcome("2021Q1_r5", "2021H1", "2021", "2022") == {
        "2021Q1_r5": "superseded", "2021H1": "superseded", "2021": "in force", "2022": "in force",
    }  # fmt: skip


def test_the_same_days_written_in_two_ways_are_the_same_period():
    assert outcome("2021", "20210101-20211231_r2") == {
        "2021": "superseded",
        "20210101-20211231_r2": "in force",
    }
    assert set(outcome("2021", "20210101-20211231").values()) == {"ambiguous_revision"}


def test_periods_that_touch_do_not_overlap():
    assert set(outcome("2021H1", "2021H2").values()) == {"in force"}


def test_a_partial_overlap_rejects_the_later_in_file_name_order():
    assert outcome("2021H1", "20210401-20210930") == {
        "20210401-20210930": "in force", "2021H1": "overlapping_period",
    }  # fmt: skip


def test_a_superseded_delivery_overlaps_nothing():
    assert outcome("2021", "2021H1", "20210401-20210930") == {
        "2021": "in force", "2021H1": "superseded", "20210401-20210930": "superseded",
    }  # fmt: skip


def test_what_a_delivery_rejected_for_overlap_contained_comes_in_force():
    assert outcome("20210401-20210930", "2021H1", "2021Q1") == {
        "20210401-20210930": "in force", "2021H1": "overlapping_period", "2021Q1": "in force",
    }  # fmt: skip


def test_a_rejected_delivery_overlaps_nothing():
    found = outcome("20210101-20210630", "20210401-20210930", "20210801-20211231")
    assert found == {
        "20210101-20210630": "in force",
        "20210401-20210930": "overlapping_period",
        "20210801-20211231": "in force",
    }


def test_an_unsound_revision_lets_the_lower_one_stay():
    assert outcome("2021", "2021_r2", unsound=("2021_r2",)) == {"2021": "in force", "2021_r2": "unreadable"}


def test_an_unsound_cumulative_delivery_lets_its_parts_back_in():
    assert outcome("2021", "2021H1", "2021Q3", unsound=("2021",)) == {
        "2021": "unreadable", "2021H1": "in force", "2021Q3": "in force",
    }  # fmt: skip


def test_an_unsound_delivery_overlaps_nothing():
    assert outcome("20210401-20210930", "2021H1", unsound=("20210401-20210930",)) == {
        "20210401-20210930": "unreadable", "2021H1": "in force",
    }  # fmt: skip


def test_both_files_of_one_revision_are_rejected_even_when_a_higher_one_is_there():
    twins = [delivery("2021"), Candidate("rg/arenden_2021.xlsx", delivery("2021").period, 1)]
    found = resolve([*twins, delivery("2021_r2")], {})
    assert {c.file_name for c in found.rejected} == {"arenden_2021.csv", "arenden_2021.xlsx"}
    assert found.in_force == [delivery("2021_r2")]


def test_held_content_yields_to_a_sound_file_and_stays_beside_an_unsound_one():
    assert outcome("2021", held=("2021",)) == {"2021": "in force", "held 2021": "superseded"}
    assert outcome("2021", held=("2021",), unsound=("2021",)) == {
        "2021": "unreadable",
        "held 2021": "in force",
    }
    assert outcome("2021_r2", held=("2021",), unsound=("2021_r2",)) == {
        "2021_r2": "unreadable", "held 2021": "in force",
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(30))
def test_in_force_periods_never_share_a_day_and_order_of_files_does_not_matter(seed):
    rng = random.Random(seed)
    texts = [
        "2021",
        "2021H1",
        "2021H2",
        "2021Q1",
        "2021Q2",
        "2021-05",
        "20210415-20210820",
        "20201201-20210131",
    ]
    names = list({f"{rng.choice(texts)}_r{rng.randint(1, 3)}" for _ in range(rng.randint(1, 9))})
    unsound = tuple(name for name in names if rng.random() < 0.2)
    first = outcome(*names, unsound=unsound)
    rng.shuffle(names)
    assert outcome(*names, unsound=unsound) == first
    periods = [delivery(name).period for name, status in first.items() if status == "in force"]
    assert not any(a.overlaps(b) for i, a in enumerate(periods) for b in periods[:i])


@pytest.mark.parametrize("answer", ["2021H1_r2", "2021"])
def test_what_cannot_be_loaded_is_superseded_by_what_replaces_it(answer):
    assert outcome("2021H1", answer, unsound=("2021H1",)) == {"2021H1": "superseded", answer: "in force"}


def test_what_cannot_be_loaded_is_not_superseded_by_what_is_rejected_itself():
    assert outcome("2021Q1", "2021H1", "2021", unsound=("2021Q1", "2021H1", "2021")) == {
        "2021Q1": "unreadable", "2021H1": "unreadable", "2021": "unreadable",
    }  # fmt: skip


def test_the_reason_of_a_rejection_does_not_tell_what_was_read():
    assert outcome("2021H1", "20210401-20211231", unsound=("2021H1",)) == {
        "2021H1": "overlapping_period", "20210401-20211231": "in force",
    }  # fmt: skip
    assert outcome("20210101-20210430", "2021H1_r2", "2021H1", unsound=("20210101-20210430",)) == {
        "20210101-20210430": "superseded", "2021H1_r2": "in force", "2021H1": "superseded",
    }  # fmt: skip
    assert outcome("2021Q1", "2021", unsound=("2021",)) == {"2021Q1": "in force", "2021": "unreadable"}


def left(*named: str, published: tuple[str, ...] = ()) -> list[str]:
    found = left_out([delivery(name) for name in named], [delivery(name) for name in published])
    return [c.file_name.removeprefix("arenden_").removesuffix(".csv") for c in found]


def test_every_revision_that_a_name_means_is_left_out_where_none_is_published():
    assert left("2021", "2021_r2") == ["2021", "2021_r2"]


def test_a_published_file_and_what_it_replaced_are_not_left_out_with_its_new_revision():
    assert left("2021", "2021_r2", "2021_r3", published=("2021_r2",)) == ["2021_r3"]
    assert left("2021", "2021_r2", published=("2021_r2", "2022")) == []


def test_what_would_replace_a_published_file_is_left_out():
    assert left("2021", published=("2021H1", "2021H2")) == ["2021"]
