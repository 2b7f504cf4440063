"""The golden inboxes: what must come out of them row by row."""

import csv
from collections import Counter
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parents[2] / "golden"
# A withdrawal before the consent that the list of planted faults does not have; the contract has.
UNPLANTED = {("fk", "samtycke", "20191101-20231231", "aterkallat_datum", "bad_order"): 1}


@pytest.fixture(scope="module")
def messy(tmp_path_factory):
    import duckdb

    from dagster_project.ingestion import ingest

    work_db = tmp_path_factory.mktemp("messy") / "warehouse.duckdb"
    result = ingest(GOLDEN / "messy" / "inbox", work_db, b"k" * 32)
    with duckdb.connect(str(work_db), read_only=True) as con:
        yield result, con


def test_messy_inbox_quarantines_what_belongs_there(messy):
    with (GOLDEN / "messy" / "expected" / "quarantine.csv").open(encoding="utf-8", newline="") as file:
        expected = Counter(tuple(row.values()) for row in csv.DictReader(file))
    rows = (
        messy[1]
        .execute("select party, dataset, period, column_name, reason from quality.quarantined_row")
        .fetchall()
    )
    assert Counter(rows) == expected + Counter(UNPLANTED)


def test_messy_inbox_lists_foreign_files_and_rejects_nothing(messy):
    expected = (GOLDEN / "messy" / "expected" / "unrecognised.txt").read_text().split()
    assert sorted(messy[0].unrecognised) == sorted(expected)
    assert messy[0].rejected == ()


def test_every_row_of_the_messy_inbox_is_accounted_for(messy):
    wrong = (
        messy[1]
        .execute(
            "select delivery_id from quality.delivery where status = 'in_force' "
            "and rows_read <> rows_loaded + rows_collapsed + rows_quarantined"
        )
        .fetchall()
    )
    assert wrong == []
    assert messy[0].rows_read == 25653


def test_raw_rows_of_the_clean_inbox_are_its_lines(tmp_path):
    import duckdb

    from dagster_project.ingestion import ingest

    inbox = GOLDEN / "clean" / "inbox"
    work_db = tmp_path / "warehouse.duckdb"
    result = ingest(inbox, work_db, b"k" * 32)
    lines = {path: len((inbox / path).read_text().splitlines()) - 1 for path in result.in_force}
    with duckdb.connect(str(work_db), read_only=True) as con:
        loaded = con.execute("select delivery_id, rows_loaded from quality.delivery").fetchall()
        first = con.execute(
            "select * exclude (person_id) from raw.forsorjningsstod "
            "where delivery_id = 'kommun-2101/forsorjningsstod_2020.csv' order by row_number limit 1"
        ).fetchone()
        numbers = con.execute(
            "select person_id from raw.forsorjningsstod "
            "where delivery_id = 'kommun-2101/forsorjningsstod_2020.csv' order by row_number"
        ).fetchall()
    assert dict(loaded) == lines
    source = (inbox / "kommun-2101" / "forsorjningsstod_2020.csv").read_text().splitlines()
    columns = dict(zip(source[0].split(";"), source[1].split(";"), strict=True))
    assert first is not None
    assert first[2] == 2
    assert str(first[3])[:7] == columns["manad"]
    assert first[5] == float(columns["belopp_kr"])
    distinct = {line.split(";")[source[0].split(";").index("personnummer")] for line in source[1:]}
    assert len(set(numbers)) == len(distinct)
