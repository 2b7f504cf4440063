"""dbt as Dagster starts it tells the events that Dagster reads, once, and words no others."""

import json

import pytest
from dbt.events.types import ConcurrencyLine
from dbt_common.events.base_types import EventLevel, msg_from_base_event

from dagster_project import dbt_process


@pytest.fixture
def asked(monkeypatch):
    """The words that dbt is given, and who listens to it; it does nothing."""
    calls = []

    class Runner:
        def __init__(self, manifest, callbacks):
            self.callbacks = callbacks

        def invoke(self, words):
            calls.append((words, self.callbacks))
            return type("Result", (), {"exception": None, "success": True})()

    monkeypatch.setattr(dbt_process, "dbtRunner", Runner)
    monkeypatch.setattr("gc.freeze", lambda: None)
    monkeypatch.setattr("sys.argv", ["trisam-dbt", "build"])
    monkeypatch.delenv("DBT_TARGET_PATH", raising=False)
    monkeypatch.delenv("DBT_LOG_FORMAT", raising=False)
    return calls


def test_dagster_hears_each_event_from_one_teller(asked, monkeypatch):
    monkeypatch.setenv("DBT_LOG_FORMAT", "json")
    with pytest.raises(SystemExit):
        dbt_process.main()
    assert asked == [(["--log-level", "none", "build"], [dbt_process.tell])]


def test_people_hear_dbt_itself(asked):
    with pytest.raises(SystemExit):
        dbt_process.main()
    assert asked == [(["build"], [])]


@pytest.mark.parametrize("level", [EventLevel.INFO, EventLevel.WARN, EventLevel.ERROR])
def test_an_event_is_one_line_of_json_as_dagster_reads_it(capsys, level):
    event = ConcurrencyLine(num_threads=4, target_name="two\nlines", node_count=9)
    dbt_process.tell(msg_from_base_event(event, level=level))
    line, rest = capsys.readouterr().out.split("\n", maxsplit=1)
    told = json.loads(line)
    assert rest == ""
    assert (told["info"]["name"], told["info"]["level"]) == ("ConcurrencyLine", level)
    assert told["data"]["num_threads"] == 4


def test_what_only_a_debugger_reads_is_not_told(capsys):
    dbt_process.tell(msg_from_base_event(ConcurrencyLine(), level=EventLevel.DEBUG))
    assert capsys.readouterr().out == ""


def test_a_secret_of_the_environment_is_not_told(capsys, monkeypatch):
    monkeypatch.setenv("DBT_ENV_SECRET_OF_THE_CLUSTER", "open sesame")
    dbt_process.tell(msg_from_base_event(ConcurrencyLine(target_name="open sesame"), level=EventLevel.INFO))
    assert "sesame" not in capsys.readouterr().out
