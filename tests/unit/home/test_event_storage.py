"""Dagster's events lie in the files that Dagster's own storage reads; what cannot change is asked for once."""

import pytest
from dagster._core.storage.event_log import SqliteEventLogStorage

from dagster_project.event_storage import KeptEventLogStorage


@pytest.fixture
def storage(tmp_path):
    storage = KeptEventLogStorage(str(tmp_path))
    yield storage
    storage.dispose()


def test_a_table_that_is_there_is_looked_for_once(storage, monkeypatch):
    assert storage.supports_asset_checks
    monkeypatch.setattr(SqliteEventLogStorage, "has_table", lambda *_: pytest.fail("looked for again"))
    assert storage.supports_asset_checks


def test_a_table_that_a_migration_makes_is_seen(storage, monkeypatch):
    assert not storage.has_table("made_later")
    with storage.index_connection() as connection:
        connection.exec_driver_sql("create table made_later (id integer)")
    assert storage.has_table("made_later")
