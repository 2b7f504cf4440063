"""Deliveries that are rejected as a whole, supersession in an inbox, and what stays in force meanwhile."""

import pytest

from dagster_project.ingestion import WithdrawnDeliveriesError
from tests.integration.ingestion.conftest import House, pnr

HEADER = ["personnummer", "avslutsdatum", "orsak"]
PERSON = pnr("19820101")
GOOD = ";".join(HEADER) + f"\n{PERSON};2021-02-01;FLYTT\n"
OTHER = ";".join(HEADER) + f"\n{PERSON};2021-02-01;ANNAT\n"
BROKEN = "personnummer;avslutsdatum\n"
PATH = "kommun-2180/avslut_2021"


def orsaker(house: House) -> list[str]:
    return [row[0] for row in house.query("select orsak from raw.avslut order by 1")]


@pytest.mark.parametrize(
    ("file_name", "content", "reason"),
    [
        ("avslut_2021.csv", "", "missing_column"),
        ("avslut_2021.csv", "\n \n", "missing_column"),
        ("avslut_2021.csv", BROKEN, "missing_column"),
        ("avslut_2021.csv", f"{PERSON};2021-02-01;FLYTT\n", "missing_column"),
        ("avslut_2021.csv", "personnummer;avslutsdatum;orsak;Orsak\n", "unreadable"),
        ("avslut_2021.csv.gz", GOOD, "unreadable"),
        ("avslut_2021.xlsx", GOOD, "unreadable"),
        ("avslut_2021.parquet", GOOD, "unreadable"),
        ("avslut_2021.xlsx", "", "unreadable"),
        ("avslut_2021.parquet", "", "unreadable"),
        ("avslut_2021.csv.gz", "", "missing_column"),
        ("avslut_2021H3.csv", GOOD, "bad_period"),
        ("avslut_2021_rX.csv", GOOD, "bad_period"),
    ],
)
def test_what_cannot_be_taken_is_rejected_with_a_reason_and_advice(house, file_name, content, reason):
    house.put(f"kommun-2180/{file_name}", content)
    result = house.ingest()
    assert house.statuses() == {f"kommun-2180/{file_name}": reason}
    (rejected,) = result.rejected
    assert rejected.reason == reason
    assert rejected.next_step
    assert PERSON not in str(rejected)
    assert house.query("select count(*) from raw.avslut") == [(0,)]


def test_a_broken_file_among_sound_ones_harms_only_itself(house):
    house.put(f"{PATH}.csv", BROKEN)
    house.put("kommun-2101/avslut_2021.csv", GOOD)
    result = house.ingest()
    assert result.in_force == ("kommun-2101/avslut_2021.csv",)
    assert len(result.rejected) == 1


def test_a_higher_revision_replaces_the_lower_as_a_whole(house):
    house.put(f"{PATH}.csv", GOOD)
    assert house.ingest().loaded == (f"{PATH}.csv",)
    house.put(f"{PATH}_r2.csv", OTHER)
    result = house.ingest()
    assert (result.loaded, result.removed) == ((f"{PATH}_r2.csv",), (f"{PATH}.csv",))
    assert orsaker(house) == ["ANNAT"]
    assert house.statuses() == {f"{PATH}.csv": "superseded", f"{PATH}_r2.csv": "in_force"}


def test_a_cumulative_delivery_supersedes_its_parts(house):
    house.put("kommun-2180/avslut_2021Q1.csv", GOOD)
    house.put("kommun-2180/avslut_2021H2.csv", ";".join(HEADER))
    house.ingest()
    house.put(f"{PATH}.csv", OTHER)
    result = house.ingest()
    assert result.in_force == (f"{PATH}.csv",)
    assert orsaker(house) == ["ANNAT"]


def test_new_content_under_the_same_name_replaces_the_old(house):
    house.put(f"{PATH}.csv", GOOD)
    house.ingest()
    house.put(f"{PATH}.csv", OTHER)
    result = house.ingest()
    assert (result.loaded, result.removed) == ((f"{PATH}.csv",), ())
    assert orsaker(house) == ["ANNAT"]


def test_bad_content_under_the_same_name_leaves_the_old_in_force(house):
    house.put(f"{PATH}.csv", GOOD)
    house.ingest()
    house.put(f"{PATH}.csv", BROKEN)
    for _ in range(2):
        result = house.ingest()
        assert result.in_force == (f"{PATH}.csv",)
        assert [r.reason for r in result.rejected] == ["missing_column"]
        assert not result.changed
        assert orsaker(house) == ["FLYTT"]
    house.put(f"{PATH}.csv", OTHER)
    assert house.ingest().rejected == ()
    assert orsaker(house) == ["ANNAT"]


def test_a_bad_revision_leaves_the_lower_in_force_even_when_its_file_is_gone(house):
    house.put(f"{PATH}.csv", GOOD)
    house.ingest()
    house.put(f"{PATH}_r2.csv", BROKEN)
    house.ingest()
    assert house.statuses() == {f"{PATH}.csv": "in_force", f"{PATH}_r2.csv": "missing_column"}
    house.remove(f"{PATH}.csv")
    for _ in range(2):
        house.ingest()
        assert house.statuses() == {f"{PATH}.csv": "in_force", f"{PATH}_r2.csv": "missing_column"}
        assert orsaker(house) == ["FLYTT"]
    house.put(f"{PATH}_r2.csv", OTHER)
    house.ingest()
    assert house.statuses() == {f"{PATH}_r2.csv": "in_force"}
    assert orsaker(house) == ["ANNAT"]


def test_a_bad_cumulative_delivery_leaves_its_parts_in_force(house):
    house.put("kommun-2180/avslut_2021Q1.csv", GOOD)
    house.put(f"{PATH}.csv", BROKEN)
    house.ingest()
    assert house.statuses() == {"kommun-2180/avslut_2021Q1.csv": "in_force", f"{PATH}.csv": "missing_column"}


def test_a_lower_revision_returns_when_the_higher_turns_bad_on_a_first_load(house):
    house.put(f"{PATH}.csv", GOOD)
    house.put(f"{PATH}_r2.csv", OTHER)
    house.put(f"{PATH}_r3.csv", BROKEN)
    house.ingest()
    assert orsaker(house) == ["ANNAT"]


@pytest.mark.parametrize("answer", ["avslut_2021_r2.csv", "avslut_20200101-20211231.csv"])
def test_a_bad_delivery_that_is_replaced_is_superseded_and_leaves_no_rows(house, answer):
    house.put(f"{PATH}.csv", ";".join([*HEADER, "extra"]) + f"\n{PERSON};2021-02-01;?;\n")
    house.ingest()
    assert house.statuses() == {f"{PATH}.csv": "too_many_bad_rows"}
    house.put(f"kommun-2180/{answer}", GOOD)
    for _ in range(2):
        assert house.ingest().rejected == ()
        assert house.statuses() == {f"{PATH}.csv": "superseded", f"kommun-2180/{answer}": "in_force"}
        assert house.faults() == []
        assert house.query("select rows_read from quality.delivery order by rows_read") == [(1,), (None,)]
        assert house.query("select count(*) from quality.schema_drift where column_name = 'extra'") == [(0,)]
    house.put(f"kommun-2180/{answer}", BROKEN)
    house.ingest()
    assert orsaker(house) == ["FLYTT"]


def test_what_was_read_and_is_superseded_in_the_end_has_no_counts(house):
    house.put("kommun-2180/avslut_2021.csv", GOOD.replace("FLYTT", "?"))
    house.put("kommun-2180/avslut_20210601-20220630.csv", ";".join(HEADER))
    house.put("kommun-2180/avslut_2022H1.csv", GOOD.replace("2021-", "2022-"))
    house.ingest()
    assert house.statuses() == {
        "kommun-2180/avslut_2021.csv": "too_many_bad_rows",
        "kommun-2180/avslut_20210601-20220630.csv": "in_force",
        "kommun-2180/avslut_2022H1.csv": "superseded",
    }
    assert house.query("select file_name, rows_loaded from quality.delivery order by 1") == [
        ("avslut_2021.csv", 0), ("avslut_20210601-20220630.csv", 0), ("avslut_2022H1.csv", None),
    ]  # fmt: skip


def test_a_second_file_of_a_revision_rejects_both_and_what_was_loaded_stays(house):
    house.put(f"{PATH}.csv", GOOD)
    house.ingest()
    house.put(f"{PATH}.csv.gz", OTHER)
    for _ in range(2):
        result = house.ingest()
        assert sorted(r.delivery_id for r in result.rejected) == [f"{PATH}.csv", f"{PATH}.csv.gz"]
        assert result.in_force == (f"{PATH}.csv",)
        assert orsaker(house) == ["FLYTT"]
    house.remove(f"{PATH}.csv.gz")
    assert house.ingest().rejected == ()
    assert house.statuses() == {f"{PATH}.csv": "in_force"}


def test_a_partial_overlap_rejects_the_later_file_name(house):
    house.put("kommun-2180/avslut_20210301-20210731.csv", ";".join(HEADER))
    house.put("kommun-2180/avslut_2021H1.csv", OTHER)
    house.put("kommun-2180/avslut_2021-02.csv", ";".join(HEADER))
    house.ingest()
    assert house.statuses() == {
        "kommun-2180/avslut_20210301-20210731.csv": "in_force",
        "kommun-2180/avslut_2021-02.csv": "in_force",
        "kommun-2180/avslut_2021H1.csv": "overlapping_period",
    }


def test_withdrawal_stops_the_run_until_it_is_accepted(house):
    house.put(f"{PATH}.csv", GOOD)
    house.put("kommun-2180/avslut_2020.csv", ";".join(HEADER))
    house.ingest()
    house.remove(f"{PATH}.csv")
    with pytest.raises(WithdrawnDeliveriesError) as stopped:
        house.ingest()
    assert stopped.value.missing == (f"{PATH}.csv",)
    assert orsaker(house) == ["FLYTT"]
    result = house.ingest(withdraw=True)
    assert result.removed == (f"{PATH}.csv",)
    assert house.query("select count(*) from raw.avslut") == [(0,)]
    assert not house.ingest().changed


def test_an_empty_inbox_never_empties_the_warehouse(house):
    house.put(f"{PATH}.csv", GOOD)
    house.ingest()
    house.remove(f"{PATH}.csv")
    house.put("README.txt", "nothing here")
    for withdraw in (False, True):
        with pytest.raises(WithdrawnDeliveriesError, match="no delivery at all"):
            house.ingest(withdraw=withdraw)
    assert orsaker(house) == ["FLYTT"]


def test_a_missing_inbox_stops_the_run(house):
    from dagster_project.errors import TrisamError

    house.put(f"{PATH}.csv", GOOD)
    house.ingest()
    house.inbox.rename(house.root / "unmounted")
    with pytest.raises(TrisamError, match="does not exist"):
        house.ingest(withdraw=True)
    assert orsaker(house) == ["FLYTT"]


def test_a_period_delivered_in_another_format_is_no_withdrawal(house):
    house.put(f"{PATH}.csv", GOOD)
    house.ingest()
    house.remove(f"{PATH}.csv")
    import gzip

    house.put(f"{PATH}.csv.gz", gzip.compress(OTHER.encode()))
    result = house.ingest()
    assert (result.loaded, result.removed) == ((f"{PATH}.csv.gz",), (f"{PATH}.csv",))
    assert orsaker(house) == ["ANNAT"]


def test_a_lower_revision_alone_is_a_withdrawal_of_the_higher(house):
    house.put(f"{PATH}.csv", GOOD)
    house.put(f"{PATH}_r2.csv", OTHER)
    house.ingest()
    house.remove(f"{PATH}_r2.csv")
    with pytest.raises(WithdrawnDeliveriesError):
        house.ingest()
    house.ingest(withdraw=True)
    assert orsaker(house) == ["FLYTT"]


def test_two_parties_never_mix(house):
    for folder in ("kommun-2180", "kommun-2101"):
        house.put(f"{folder}/avslut_2021.csv", GOOD)
        house.put(f"{folder}/avslut_2021H1.csv", OTHER)
    house.ingest()
    assert house.query("select party, count(*) from raw.avslut group by 1 order by 1") == [
        ("kommun-2101", 1), ("kommun-2180", 1),
    ]  # fmt: skip


def test_a_run_can_be_restricted_to_a_party_or_dataset(house):
    house.put("kommun-2180/avslut_2021.csv", GOOD)
    house.put("kommun-2101/avslut_2021.csv", GOOD)
    assert house.ingest(only=["kommun-2180/avslut"]).in_force == ("kommun-2180/avslut_2021.csv",)
    house.put("kommun-2180/avslut_2021.csv", OTHER)
    result = house.ingest(only=["kommun-2101"])
    assert result.loaded == ("kommun-2101/avslut_2021.csv",)
    assert orsaker(house) == ["FLYTT", "FLYTT"]
    assert house.ingest().loaded == ("kommun-2180/avslut_2021.csv",)
