"""Deliveries that a person leaves out: neither read nor in force, and what they would replace stays."""

import duckdb
import pytest

from dagster_project.ingestion import WithdrawnDeliveriesError, forget, plan
from dagster_project.ingestion.left_out import AlreadyPublishedError, UnknownDeliveryError, Without
from tests.integration.ingestion.conftest import KEY, House, csv_text, pnr

HEADER = ["personnummer", "avslutsdatum", "orsak"]
PERSON, OTHER_PERSON = pnr("19820101"), pnr("19900505")
PATH = "kommun-2180/avslut_2021"
ELSEWHERE = "kommun-2101/avslut_2021.csv"
BROKEN = "personnummer;avslutsdatum\n"


def content(reason: str, *persons: str) -> str:
    return csv_text(HEADER, [[person, "2021-02-01", reason] for person in persons or (PERSON,)])


def leave_out(house: House, *names: str, published: dict[str, str] | None = None, **options: object):
    without = Without(names or (PATH,), "NN", "the party mends it")
    return house.ingest(without=without, published=published, **options)


def published(house: House) -> dict[str, str]:
    """What a release of the state now would rest on."""
    return dict(
        house.query("select delivery_id, content_hash from quality.delivery where status = 'in_force'")
    )


def reasons(house: House) -> list[str]:
    return [row[0] for row in house.query("select orsak from raw.avslut order by 1")]


def test_a_file_that_is_left_out_is_listed_and_not_read(house):
    house.put(f"{PATH}.csv", BROKEN)
    house.put(ELSEWHERE, content("FLYTT"))
    result = leave_out(house)
    assert (result.left_out, result.rejected, result.in_force) == ((f"{PATH}.csv",), (), (ELSEWHERE,))
    assert house.query(
        "select status, reason, detail, rows_read from quality.delivery where party = 'kommun-2180'"
    ) == [("left_out", "left_out_by_person", "left out by NN: the party mends it", None)]
    assert house.query("from quality.left_out_delivery") == [(f"{PATH}.csv", "NN", "the party mends it")]
    assert not any(PATH in line for line in house.progress)


def test_to_the_next_run_it_is_new_and_is_taken_in_as_usual(house):
    house.put(f"{PATH}.csv", content("FLYTT"))
    leave_out(house)
    assert plan(house.inbox, house.work_db).new == (f"{PATH}.csv",)
    assert house.ingest().loaded == (f"{PATH}.csv",)
    assert house.query("from quality.left_out_delivery") == []
    assert plan(house.inbox, house.work_db).nothing_new


def test_removing_a_left_out_file_is_news_and_no_withdrawal(house):
    house.put(f"{PATH}.csv", BROKEN)
    house.put(ELSEWHERE, content("FLYTT"))
    leave_out(house)
    house.remove(f"{PATH}.csv")
    assert plan(house.inbox, house.work_db).gone == (f"{PATH}.csv",)
    assert house.ingest().left_out == ()


def test_an_earlier_content_of_the_same_file_stays_in_force(house):
    house.put(f"{PATH}.csv", content("FLYTT"))
    house.ingest()
    before = published(house)
    house.put(f"{PATH}.csv", BROKEN)
    for _ in range(2):
        result = leave_out(house, published=before)
        assert (result.in_force, result.left_out, result.changed) == (
            (f"{PATH}.csv",),
            (f"{PATH}.csv",),
            False,
        )
        assert reasons(house) == ["FLYTT"]
    details = house.query("select detail from quality.delivery where status = 'in_force'")
    assert details == [("loaded earlier; stays in force because what replaces it is left out",)]
    house.put(f"{PATH}.csv", content("ANNAT"))
    assert house.ingest(published=before).in_force == (f"{PATH}.csv",)
    assert reasons(house) == ["ANNAT"]


@pytest.mark.parametrize("revised", [f"{PATH}_r2.csv", "kommun-2180/avslut_20200101-20211231.csv"])
def test_what_a_left_out_file_would_replace_stays_in_force_even_when_its_file_is_gone(house, revised):
    house.put(f"{PATH}.csv", content("FLYTT"))
    house.ingest()
    house.put(revised, content("ANNAT"))
    house.remove(f"{PATH}.csv")
    result = leave_out(house, revised, published=published(house))
    assert (result.in_force, result.left_out) == ((f"{PATH}.csv",), (revised,))
    assert reasons(house) == ["FLYTT"]


def test_what_a_refused_run_loaded_is_taken_back_and_what_it_replaced_is_restored(house):
    house.put(f"{PATH}.csv", content("FLYTT", PERSON, OTHER_PERSON))
    house.put(ELSEWHERE, content("FLYTT"))
    house.ingest()
    before = published(house)
    house.put(f"{PATH}.csv", content("ANNAT"))
    house.ingest(published=before)
    assert reasons(house) == ["ANNAT", "FLYTT"]
    result = leave_out(house, published=before)
    assert result.changed
    assert published(house) == before
    assert reasons(house) == ["FLYTT", "FLYTT", "FLYTT"]
    assert house.counts(f"{PATH}.csv") == (2, 2, 0, 0)
    house.ingest(published=before)
    assert reasons(house) == ["ANNAT", "FLYTT"]


def test_a_file_that_a_refused_run_loaded_first_is_taken_back(house):
    house.put(ELSEWHERE, content("FLYTT"))
    house.ingest()
    before = published(house)
    house.put(f"{PATH}.csv", content("ANNAT"))
    house.ingest(published=before)
    assert leave_out(house, published=before).removed == (f"{PATH}.csv",)
    assert published(house) == before
    assert reasons(house) == ["FLYTT"]


def test_replaced_rows_are_kept_no_longer_than_the_published_release_rests_on_them(house):
    house.put(f"{PATH}.csv", content("FLYTT"))
    house.ingest()
    before = published(house)
    house.put(f"{PATH}.csv", content("ANNAT"))
    house.ingest(published=before)
    assert house.query("select orsak from replaced.avslut") == [("FLYTT",)]
    house.ingest(published=published(house))
    assert house.query("select count(*) from replaced.avslut") == [(0,)]
    assert house.query("select count(*) from replaced.delivery_in_force") == [(0,)]


def test_erasure_reaches_replaced_rows(house):
    house.put(f"{PATH}.csv", content("FLYTT", PERSON, OTHER_PERSON))
    house.ingest()
    before = published(house)
    house.put(f"{PATH}.csv", content("ANNAT", PERSON, OTHER_PERSON))
    house.ingest(published=before)
    forget(house.work_db, KEY, [PERSON])
    leave_out(house, published=before)
    assert reasons(house) == ["FLYTT"]
    assert house.counts(f"{PATH}.csv") == (2, 1, 0, 0)


def test_a_new_revision_is_left_out_by_the_bare_name_and_the_published_one_stays(house):
    house.put(f"{PATH}.csv", content("FLYTT"))
    house.ingest()
    house.put(f"{PATH}_r2.csv", BROKEN)
    result = leave_out(house, published=published(house))
    assert (result.in_force, result.left_out) == ((f"{PATH}.csv",), (f"{PATH}_r2.csv",))


def test_what_is_published_and_unchanged_cannot_be_left_out(house):
    house.put(f"{PATH}.csv", content("FLYTT"))
    house.ingest()
    with pytest.raises(AlreadyPublishedError, match="published already"):
        leave_out(house, published=published(house))
    assert reasons(house) == ["FLYTT"]


def test_a_name_that_means_no_file_changes_nothing(house):
    house.put(f"{PATH}.csv", content("FLYTT"))
    with pytest.raises(UnknownDeliveryError):
        leave_out(house, f"{PATH}_r7")
    assert house.query("select count(*) from quality.delivery") == [(0,)]


def test_a_file_whose_name_has_no_period_can_be_left_out(house):
    house.put("kommun-2180/avslut_2021H3.csv", content("FLYTT"))
    house.put(ELSEWHERE, content("FLYTT"))
    result = leave_out(house, "kommun-2180/avslut_2021H3")
    assert (result.rejected, result.left_out) == ((), ("kommun-2180/avslut_2021H3.csv",))
    assert [r.reason for r in house.ingest().rejected] == ["bad_period"]


def test_leaving_out_does_not_excuse_other_withdrawals(house):
    house.put(f"{PATH}.csv", content("FLYTT"))
    house.put(ELSEWHERE, content("FLYTT"))
    house.ingest()
    house.put(f"{PATH}.csv", BROKEN)
    house.remove(ELSEWHERE)
    with pytest.raises(WithdrawnDeliveriesError):
        leave_out(house, published=published(house))


def test_what_another_run_leaves_out_stays_left_out_where_only_others_are_taken_in(house):
    house.put(f"{PATH}.csv", BROKEN)
    leave_out(house)
    house.put("kommun-2101/avslut_2022.csv", csv_text(HEADER, []))
    result = house.ingest(only=["kommun-2101"])
    assert result.left_out == (f"{PATH}.csv",)
    assert house.query("select left_out_by from quality.left_out_delivery") == [("NN",)]
    assert plan(house.inbox, house.work_db).new == (f"{PATH}.csv",)


def test_under_changed_rules_a_left_out_file_is_read_again_by_the_next_run(house):
    house.put(f"{PATH}.csv", content("FLYTT"))
    house.ingest()
    before = published(house)
    with duckdb.connect(str(house.work_db)) as con:
        con.execute("update ops.setting set value = 'other rules' where name = 'contract_fingerprint'")
    assert leave_out(house, published=before).in_force == (f"{PATH}.csv",)
    assert house.ingest(published=before).loaded == (f"{PATH}.csv",)
