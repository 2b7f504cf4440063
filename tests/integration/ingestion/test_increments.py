"""Cost grows with what is new, and a killed run leaves a consistent database."""

import os
import subprocess
import sys
import textwrap

import duckdb
import pytest

from dagster_project.ingestion import KeyMismatchError, ReadingLimits, ingest, plan
from dagster_project.ingestion.staging import Stager
from tests.integration.ingestion.conftest import House, pnr

HEADER = ["personnummer", "avslutsdatum", "orsak"]


def put(house: House, municipality: str, year: int, reason: str = "FLYTT") -> str:
    path = f"kommun-{municipality}/avslut_{year}.csv"
    house.put_csv(path, HEADER, [[pnr("19820101"), f"{year}-02-01", reason]])
    return path


@pytest.fixture
def reads(monkeypatch) -> list[str]:
    """The paths that are read, in order."""
    paths: list[str] = []
    stage = Stager.stage

    def spy(self, inbox, wanted, progress):
        paths.extend(one.path for one in wanted)
        return stage(self, inbox, wanted, progress)

    monkeypatch.setattr(Stager, "stage", spy)
    return paths


def test_a_new_delivery_among_many_is_the_only_one_opened(house, reads, monkeypatch):
    for year in range(1990, 2020):
        put(house, "2180", year)
    house.ingest()
    reads.clear()
    opened: list[str] = []
    open_file = os.open
    monkeypatch.setattr(
        os, "open", lambda path, *a, **k: opened.append(str(path)) or open_file(path, *a, **k)
    )
    new = put(house, "2101", 2021)
    result = house.ingest()
    monkeypatch.undo()
    assert reads == [new]
    assert [path for path in opened if "/inbox/" in path] == [str(house.inbox / new)]
    assert result.loaded == (new,)


def test_nothing_new_changes_nothing(house, reads):
    put(house, "2180", 2021)
    assert not plan(house.inbox, house.work_db).nothing_new
    first = house.ingest()
    assert plan(house.inbox, house.work_db).nothing_new
    reads.clear()
    second = house.ingest()
    assert reads == []
    assert (second.changed, second.loaded) == (False, ())
    assert second.fingerprint == first.fingerprint


def test_the_quick_answer_needs_no_heavy_import(house):
    put(house, "2180", 2021)
    code = textwrap.dedent("""
        import sys
        from pathlib import Path
        from dagster_project.ingestion import plan
        print(plan(Path(sys.argv[1]), Path(sys.argv[2])).new)
        print([m for m in ("pyarrow", "numpy", "pydantic", "pandas", "yaml", "dagster") if m in sys.modules])
    """)
    done = subprocess.run(
        [sys.executable, "-c", code, str(house.inbox), str(house.work_db)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["('kommun-2180/avslut_2021.csv',)", "[]"]


def test_the_quick_answer_sees_every_kind_of_change(house):
    path = put(house, "2180", 2021)
    house.put("note.txt", "x")
    house.ingest()
    house.put("note.txt", "longer")
    assert plan(house.inbox, house.work_db).new == ("note.txt",)
    house.remove("note.txt")
    assert plan(house.inbox, house.work_db).gone == ("note.txt",)
    house.put(path, "personnummer;avslutsdatum\n")
    assert plan(house.inbox, house.work_db).new == (path,)
    house.ingest()
    remaining = plan(house.inbox, house.work_db)
    assert (remaining.new, remaining.rejected, remaining.nothing_new) == ((), 1, False)


def test_a_touched_file_is_hashed_but_not_loaded_again(house, reads):
    path = put(house, "2180", 2021)
    house.ingest()
    reads.clear()
    os.utime(house.inbox / path, ns=(1, 1))
    assert not plan(house.inbox, house.work_db).nothing_new
    assert not house.ingest().changed
    assert reads == []
    assert plan(house.inbox, house.work_db).nothing_new


def written_over(file, text: bytes) -> None:
    """Another content of the same length, in the same inode, with the same modification time."""
    status = file.stat()
    with file.open("r+b") as handle:
        handle.write(text)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    after = file.stat()
    assert (after.st_size, after.st_ino, after.st_mtime_ns) == (
        status.st_size,
        status.st_ino,
        status.st_mtime_ns,
    )


def test_other_content_is_read_though_size_inode_and_modification_time_are_the_same(house, reads):
    # As a restored inbox may have it, or a file written while the clock shows an hour for the second time.
    path = put(house, "2180", 2021)
    house.ingest()
    reads.clear()
    file = house.inbox / path
    written_over(file, file.read_bytes().replace(b"2021-02-01", b"2021-03-01"))
    assert plan(house.inbox, house.work_db).new == (path,)
    assert house.ingest().loaded == (path,)
    assert reads == [path]


def test_files_that_earlier_code_has_seen_are_hashed_once_more_and_not_read(house, reads):
    put(house, "2180", 2021)
    house.ingest()
    with duckdb.connect(str(house.work_db)) as con:
        con.execute("alter table ops.seen_file drop column ctime_ns")
    reads.clear()
    assert not plan(house.inbox, house.work_db).nothing_new
    assert not house.ingest().changed
    assert reads == []
    assert plan(house.inbox, house.work_db).nothing_new


def test_a_rejected_delivery_is_not_read_again_unless_limits_change(house, reads):
    house.put_csv("kommun-2180/avslut_2021.csv", HEADER, [["x" * 6000, "2021-01-01", "FLYTT"]])
    small = ReadingLimits(max_row_bytes=2000)
    assert house.ingest(limits=small).rejected[0].reason == "unreadable"
    reads.clear()
    assert house.ingest(limits=small).rejected[0].reason == "unreadable"
    assert reads == []
    assert house.ingest().rejected[0].reason == "too_many_bad_rows"


def test_a_change_of_the_rules_reads_everything_again(house, reads, monkeypatch):
    paths = [put(house, "2180", year) for year in (2020, 2021)]
    house.ingest()
    reads.clear()
    monkeypatch.setattr("dagster_project.ingestion.run.contract_fingerprint", lambda: "other rules")
    assert house.ingest().loaded == tuple(paths)
    assert house.query("select count(*) from raw.avslut") == [(2,)]
    reads.clear()
    assert not house.ingest().changed
    assert reads == []


def test_another_key_is_refused_before_anything_is_read(house, reads):
    put(house, "2180", 2021)
    house.ingest()
    reads.clear()
    put(house, "2180", 2022)
    with pytest.raises(KeyMismatchError, match="key"):
        ingest(house.inbox, house.work_db, b"another key, as long as the first")
    assert reads == []


@pytest.mark.parametrize("step", ["_write_raw", "replace_deliveries", "_write_quarantine", "fingerprint_of"])
def test_a_run_that_dies_while_it_writes_leaves_the_database_as_it_was(house, monkeypatch, step):
    put(house, "2180", 2021)
    before = house.ingest()
    state = "select delivery_id, orsak from raw.avslut union all select delivery_id, status from quality.delivery order by all"
    rows = house.query(state)
    put(house, "2180", 2021, "ANNAT")
    put(house, "2180", 2022)

    class Died(BaseException):
        pass

    def die(*_: object) -> None:
        raise Died

    module = "run" if step == "fingerprint_of" else "closing"
    with monkeypatch.context() as patch:
        patch.setattr(f"dagster_project.ingestion.{module}.{step}", die)
        with pytest.raises(Died):
            house.ingest()
    if step != "fingerprint_of":
        assert house.query(state) == rows
    after = house.ingest()
    assert after.fingerprint != before.fingerprint
    assert house.query("select orsak from raw.avslut order by 1") == [("ANNAT",), ("FLYTT",)]


def test_a_killed_process_leaves_the_database_as_it_was(house):
    put(house, "2180", 2021)
    house.ingest()
    put(house, "2180", 2022)
    code = textwrap.dedent("""
        import os, sys
        from pathlib import Path
        from dagster_project.ingestion import closing, ingest
        closing._write_quarantine = lambda *_: os.kill(os.getpid(), 9)
        ingest(Path(sys.argv[1]), Path(sys.argv[2]), bytes.fromhex(sys.argv[3]))
    """)
    from tests.integration.ingestion.conftest import KEY

    done = subprocess.run(
        [sys.executable, "-c", code, str(house.inbox), str(house.work_db), KEY.hex()], check=False
    )
    assert done.returncode == -9
    assert house.query("select count(*) from raw.avslut") == [(1,)]
    assert house.query("select count(*) from quality.delivery") == [(1,)]
    assert len(house.ingest().in_force) == 2


def test_every_raw_table_exists_even_when_nothing_is_delivered(house):
    house.ingest()
    with duckdb.connect(str(house.work_db), read_only=True) as con:
        tables = con.execute(
            "select table_name from information_schema.tables where table_schema = 'raw'"
        ).fetchall()
    assert len(tables) == 13
    assert house.query("select count(*) from raw.observationer") == [(0,)]
