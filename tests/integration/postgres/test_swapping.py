"""While releases are swapped, readers of every kind see one whole release and never an error.

The number of swaps is TRISAM_TEST_SWAPS, few in the suite and a hundred in `make postgres-test`.
"""

from __future__ import annotations

import os
import threading

import pytest

from dagster_project.errors import TrisamError

from .comparing import differences
from .reading import KINDS, Findings, make_readers, readers

SWAPS = int(os.environ.get("TRISAM_TEST_SWAPS", "6"))


def test_readers_see_one_whole_release_and_never_an_error(server, publish, homes):
    publish(homes[0])
    make_readers(server)
    findings, attempts = Findings(), []
    with readers(server, findings):
        for number in range(1, SWAPS + 1):
            attempts.append(publish(homes[number % 2]).attempts)
    print(f"{SWAPS} swaps, attempts {sum(attempts)}, looks {dict(findings.looks)}")
    assert findings.faults == []
    assert set(findings.looks) == set(KINDS(findings))
    assert len(findings.versions) == 2
    assert differences(server, homes[SWAPS % 2]) == {}


def test_a_reader_who_holds_a_table_is_waited_for_and_then_named(server, publish, homes):
    publish(homes[0])
    with server.connect() as reader:
        reader.execute("select 1 from marts.fct_case")
        with pytest.raises(TrisamError, match=f"process {reader.info.backend_pid}"):
            publish(homes[1], attempts=2, lock_timeout_ms=50)
        assert reader.execute("select distinct mark from marts.fct_case").fetchall() == [(1,)]
    assert differences(server, homes[0]) == {}
    publish(homes[1])
    assert differences(server, homes[1]) == {}


def test_a_transaction_that_is_older_than_the_load_keeps_the_swap_waiting(server, publish, homes):
    publish(homes[0])
    with server.connect() as reader:
        reader.execute("set transaction isolation level repeatable read")
        reader.execute("select 1")
        with pytest.raises(TrisamError, match="older than the load"):
            publish(homes[1], wait_seconds=0.5)
        assert reader.execute("select distinct mark from marts.fct_case").fetchall() == [(1,)]


def test_of_two_who_publish_at_once_one_is_refused(server, publish, homes):
    publish(homes[0])
    barrier, said = threading.Barrier(2), []

    def go() -> None:
        barrier.wait()
        try:
            said.append(publish(homes[1]).loaded)
        except TrisamError as error:
            said.append(error.message)

    threads = [threading.Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert True in said
    assert len([s for s in said if s is False or "under way" in str(s)]) == 1
    assert differences(server, homes[1]) == {}


def test_a_swap_that_fails_at_its_last_statement_changes_nothing(server, publish, homes, monkeypatch):
    from dagster_project.postgres import control

    publish(homes[0])
    monkeypatch.setattr(control, "record", lambda con, release: con.execute("select 1 / 0"))
    with pytest.raises(TrisamError, match="division by zero"):
        publish(homes[1])
    monkeypatch.undo()
    assert differences(server, homes[0]) == {}
