"""Lists of quarantined rows: one per dataset that has some, for the owner alone, safe to open."""

import csv

import duckdb
import pytest

from dagster_project.contract import load_contract
from dagster_project.ingestion.warehouse import ensure_tables
from dagster_project.keys import prepare_work
from dagster_project.quality.listings import quarantine_lists
from dagster_project.settings import load_settings


@pytest.fixture
def settings(tmp_path):
    settings = load_settings(tmp_path / "inbox", tmp_path / "home")
    prepare_work(settings)
    with duckdb.connect(str(settings.work_db)) as con:
        ensure_tables(con, load_contract())
        con.execute(
            "insert into quality.quarantined_row (delivery_id, party, dataset, row_number, column_name, reason, value) "
            "values ('rg/moten_2021.csv', 'rg', 'moten', 3, 'form', 'bad_code', '=1+1')"
        )
    return settings


def test_a_dataset_with_such_rows_has_a_list_and_another_has_none(settings):
    lists = quarantine_lists(settings, ["moten", "team"])
    assert list(lists) == ["moten"]
    assert lists["moten"].stat().st_mode & 0o777 == 0o600
    with lists["moten"].open(encoding="utf-8", newline="") as handle:
        (row,) = csv.DictReader(handle, delimiter=";")
    assert (row["delivery"], row["row_number"], row["reason"]) == ("rg/moten_2021.csv", "3", "bad_code")
    assert row["value"] == "'=1+1"


def test_a_list_of_an_earlier_run_does_not_stay(settings):
    before = quarantine_lists(settings, ["moten"])["moten"]
    with duckdb.connect(str(settings.work_db)) as con:
        con.execute("delete from quality.quarantined_row")
    assert quarantine_lists(settings, ["moten"]) == {}
    assert not before.exists()
