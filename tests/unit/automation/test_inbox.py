"""A run starts by itself for recognised files at rest, once per content; and the tick says in words what it does."""

import os
import subprocess
import sys

import duckdb
import pytest

from dagster_project.automation.inbox import Memory, judge, look, remembered
from dagster_project.contract import load_contract
from dagster_project.ingestion import ingest
from dagster_project.ingestion.left_out import Without

HEADER = "mote_id;team_id;motesdatum;form;status;installt_orsak\n"
ROW = "M1;2180-01;2021-02-03;D;GENOMFORT;\n"
HOLD = """
import sys, time, duckdb
with duckdb.connect(sys.argv[1]) as con:
    con.execute("create table held (a integer)")
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def inbox(tmp_path):
    (tmp_path / "inbox" / "rg").mkdir(parents=True)
    return tmp_path / "inbox"


@pytest.fixture
def work_db(tmp_path):
    return tmp_path / "warehouse.duckdb"


def deliver(inbox, name="rg/moten_2021.csv", text=HEADER + ROW):
    (inbox / name).write_text(text, encoding="utf-8")


def take_in(inbox, work_db):
    ingest(inbox, work_db, b"k" * 32)


def tick(inbox, work_db, memory=None):
    return judge(memory or Memory(), look(inbox, work_db, load_contract()))


def ticks(inbox, work_db, count):
    memory, decisions = Memory(), []
    for _ in range(count):
        decisions.append(tick(inbox, work_db, memory))
        memory = decisions[-1].memory
    return decisions


def test_a_run_starts_when_two_ticks_saw_the_same_files_and_only_then(inbox, work_db):
    deliver(inbox)
    first, second = ticks(inbox, work_db, 2)
    assert first.run_key is None
    assert "Waiting" in first.reason
    assert second.run_key
    assert "rg/moten_2021.csv" in second.reason


def test_a_file_that_still_grows_starts_nothing(inbox, work_db):
    memory = Memory()
    for number in range(4):
        deliver(inbox, text=HEADER + ROW * (number + 1))
        decision = tick(inbox, work_db, memory)
        assert decision.run_key is None
        memory = decision.memory


def test_one_content_starts_one_run_however_many_ticks_see_it(inbox, work_db):
    deliver(inbox)
    started = [decision.run_key for decision in ticks(inbox, work_db, 6) if decision.run_key]
    assert len(started) == 1


def test_another_content_starts_another_run_under_another_key(inbox, work_db):
    deliver(inbox)
    *_, before = ticks(inbox, work_db, 2)
    deliver(inbox, text=HEADER + ROW + ROW.replace("M1", "M2"))
    waiting = tick(inbox, work_db, before.memory)
    after = tick(inbox, work_db, waiting.memory)
    assert waiting.run_key is None
    assert after.run_key not in (None, before.run_key)


@pytest.mark.parametrize(
    "name",
    [
        "rg/moten_2021.csv.part",
        "rg/.moten_2021.csv",
        "rg/minutes.docx",
        "nobody/moten_2021.csv",
        "moten_2021.csv",
    ],
)
def test_a_file_that_is_not_recognised_starts_nothing(inbox, work_db, name):
    (inbox / name).parent.mkdir(exist_ok=True)
    deliver(inbox, name)
    decisions = ticks(inbox, work_db, 3)
    assert {decision.run_key for decision in decisions} == {None}
    assert "1 files are not recognised" in decisions[-1].reason


def test_a_link_starts_nothing(inbox, work_db, tmp_path):
    (tmp_path / "elsewhere.csv").write_text(HEADER + ROW, encoding="utf-8")
    (inbox / "rg" / "moten_2021.csv").symlink_to(tmp_path / "elsewhere.csv")
    assert {decision.run_key for decision in ticks(inbox, work_db, 3)} == {None}


def test_what_a_run_has_taken_in_starts_nothing(inbox, work_db):
    deliver(inbox)
    take_in(inbox, work_db)
    decisions = ticks(inbox, work_db, 3)
    assert {decision.run_key for decision in decisions} == {None}
    assert "a run has seen all 1 recognised files" in decisions[-1].reason


def test_a_file_that_was_only_touched_starts_nothing(inbox, work_db):
    deliver(inbox)
    take_in(inbox, work_db)
    os.utime(inbox / "rg" / "moten_2021.csv", (1, 1))
    assert {decision.run_key for decision in ticks(inbox, work_db, 3)} == {None}


def test_a_file_of_the_same_size_with_another_content_starts_a_run(inbox, work_db):
    deliver(inbox)
    take_in(inbox, work_db)
    deliver(inbox, text=HEADER + ROW.replace("M1", "M2"))
    assert ticks(inbox, work_db, 2)[-1].run_key


def test_another_content_with_the_same_size_and_modification_time_starts_a_run_of_its_own(inbox, work_db):
    file = inbox / "rg" / "moten_2021.csv"
    deliver(inbox)
    first = ticks(inbox, work_db, 2)[-1].run_key
    take_in(inbox, work_db)
    status = file.stat()
    with file.open("r+b") as handle:
        handle.write((HEADER + ROW.replace("M1", "M2")).encode())
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    second = ticks(inbox, work_db, 2)[-1].run_key
    assert second not in {None, first}


def test_a_work_file_of_earlier_code_is_asked_without_an_error(inbox, work_db):
    deliver(inbox)
    take_in(inbox, work_db)
    with duckdb.connect(str(work_db)) as con:
        con.execute("alter table ops.seen_file drop column ctime_ns")
    assert ticks(inbox, work_db, 2)[-1].run_key


def test_a_delivery_that_is_gone_starts_one_run_which_will_say_so(inbox, work_db):
    deliver(inbox)
    take_in(inbox, work_db)
    (inbox / "rg" / "moten_2021.csv").unlink()
    decision = ticks(inbox, work_db, 2)[-1]
    assert decision.run_key
    assert "rg/moten_2021.csv (gone)" in decision.reason


def leave_out(inbox, work_db, name="rg/moten_2021"):
    ingest(inbox, work_db, b"k" * 32, without=Without((name,), "NN", "being mended"))


def test_what_was_left_out_is_new_and_starts_one_run_for_one_content(inbox, work_db):
    deliver(inbox)
    leave_out(inbox, work_db)
    decisions = ticks(inbox, work_db, 4)
    assert [bool(decision.run_key) for decision in decisions] == [False, True, False, False]
    assert "A run was started for these files already" in decisions[-1].reason


def test_leaving_out_what_a_run_was_started_for_starts_no_other(inbox, work_db):
    deliver(inbox)
    refused = ticks(inbox, work_db, 2)[-1]
    leave_out(inbox, work_db)
    assert tick(inbox, work_db, refused.memory).run_key is None


def test_a_mended_file_that_was_left_out_starts_a_run(inbox, work_db):
    deliver(inbox)
    refused = ticks(inbox, work_db, 2)[-1]
    leave_out(inbox, work_db)
    deliver(inbox, text=HEADER + ROW.replace("M1", "M2"))
    waiting = tick(inbox, work_db, refused.memory)
    assert tick(inbox, work_db, waiting.memory).run_key not in (None, refused.run_key)


def test_a_left_out_file_that_is_removed_starts_a_run(inbox, work_db):
    deliver(inbox)
    deliver(inbox, "rg/moten_2022.csv", HEADER)
    leave_out(inbox, work_db)
    (inbox / "rg" / "moten_2021.csv").unlink()
    decision = ticks(inbox, work_db, 2)[-1]
    assert decision.run_key
    assert "rg/moten_2021.csv (gone)" in decision.reason


@pytest.fixture
def busy(work_db):
    """Another process that holds the work file for writing."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(work_db)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline().strip() == "held"
    yield
    process.kill()
    process.wait()


@pytest.mark.usefixtures("busy")
def test_while_a_run_is_writing_nothing_starts(inbox, work_db):
    deliver(inbox)
    decisions = ticks(inbox, work_db, 3)
    assert {decision.run_key for decision in decisions} == {None}
    assert "A run is writing" in decisions[-1].reason


@pytest.mark.parametrize(
    "text", [None, "", "nonsense", "[]", '{"version": 2}', '{"content": 7}', '{"other": "x"}']
)
def test_a_memory_that_does_not_read_is_as_good_as_none(text):
    assert remembered(text) == Memory()


def test_a_memory_reads_as_it_was_written():
    memory = Memory(content="a", started="b")
    assert remembered(memory.model_dump_json()) == memory


def test_a_name_that_holds_a_personal_number_is_masked_in_what_a_tick_says(inbox, work_db):
    deliver(inbox, "rg/moten_19121212-1212.csv")
    decision = ticks(inbox, work_db, 2)[-1]
    assert decision.run_key
    assert "1212-1212" not in decision.reason
