"""The work file before a run: whole and free, or removed, or left alone where the fault is not its own."""

import subprocess
import sys

import duckdb
import pytest

from dagster_project import work_file
from dagster_project.run_lock import LockHeldError, run_lock
from dagster_project.settings import load_settings

PERSON = "0123456789abcdef" * 2


@pytest.fixture
def settings(tmp_path):
    settings = load_settings(tmp_path / "inbox", tmp_path / "home")
    settings.work_dir.mkdir(parents=True, mode=0o700)
    with duckdb.connect(str(settings.work_db)) as con:
        con.execute("create schema raw")
        con.execute(
            "create table raw.facts as select i, hash(i)::varchar as text from range(200000) as t (i)"
        )
    return settings


def said():
    lines = []
    return lines, lines.append


def test_a_whole_work_file_is_left_as_it_is(settings):
    before = settings.work_db.read_bytes()
    work_file.ready(settings, print, rebuild=False)
    work_file.mend(settings, print)
    assert settings.work_db.read_bytes() == before


def test_one_that_does_not_open_is_removed_with_its_log(settings):
    log = settings.work_db.with_name(settings.work_db.name + ".wal")
    log.write_bytes(b"x" * 4096)
    settings.work_db.write_bytes(b"x" * 4096)
    lines, say = said()
    work_file.ready(settings, say, rebuild=False)
    assert not settings.work_db.exists()
    assert not log.exists()
    assert "anew" in lines[0]


def test_a_log_without_its_file_is_removed(settings):
    log = settings.work_db.with_name(settings.work_db.name + ".wal")
    log.write_bytes(b"x" * 4096)
    settings.work_db.unlink()
    work_file.ready(settings, print, rebuild=False)
    assert not log.exists()


def test_one_that_opens_but_has_lost_a_block_is_removed(settings):
    with settings.work_db.open("r+b") as handle:
        handle.seek(settings.work_db.stat().st_size // 2)
        handle.write(b"\xa5" * 64)
    lines, say = said()
    work_file.ready(settings, say, rebuild=False)
    assert settings.work_db.exists()
    work_file.mend(settings, say)
    assert not settings.work_db.exists()
    assert "damaged" in lines[0]


def test_one_that_another_process_holds_is_refused_and_left_alone(settings, monkeypatch):
    monkeypatch.setattr(work_file, "_PATIENCE_SECONDS", 0)
    program = (
        "import duckdb, sys; con = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(settings.work_db)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(LockHeldError, match="Another process holds the work file"):
            work_file.ready(settings, print, rebuild=True)
        holder.communicate("")
    assert settings.work_db.exists()
    work_file.ready(settings, print, rebuild=False)


def test_what_killed_processes_spilled_is_removed(settings):
    for name in ("spill", "warehouse.duckdb.tmp"):
        (settings.work_dir / name).mkdir()
        (settings.work_dir / name / "duckdb_temp_storage_DEFAULT-0.tmp").write_bytes(b"rows of persons")
    work_file.ready(settings, print, rebuild=False)
    assert [path.name for path in settings.work_dir.iterdir()] == ["warehouse.duckdb"]


def test_persons_whom_only_the_work_file_blocks_outlive_a_rebuild(settings):
    with duckdb.connect(str(settings.work_db)) as con:
        con.execute("create schema ops")
        con.execute("create table ops.setting as select 'key_fingerprint' as name, 'k1' as value")
        con.execute(
            "create table ops.blocked_person as select ? as person_id, '' as token, timestamp '2024-01-01' as blocked_at",
            [PERSON],
        )
    work_file.ready(settings, print, rebuild=True)
    assert not settings.work_db.exists()
    assert PERSON in settings.blocked_file.read_text()


def test_a_rebuild_leaves_nothing_that_can_be_made_again(settings):
    for name in ("built.json", "as_left.json", "release_outcomes.json", "candidate.json", "outgoing.duckdb"):
        (settings.work_dir / name).write_text("{}")
    for name in ("dbt", "quarantine"):
        (settings.work_dir / name).mkdir()
        (settings.work_dir / name / "file").touch()
    work_file.ready(settings, print, rebuild=True)
    assert list(settings.work_dir.iterdir()) == []


@pytest.mark.parametrize("name", ["erasure_requested.txt", "erasure_begun.txt", "erasure_applied.txt"])
def test_a_rebuild_keeps_what_no_inbox_tells_of_erasures(settings, name):
    (settings.work_dir / name).write_text("a list")
    work_file.ready(settings, print, rebuild=True)
    assert [path.name for path in settings.work_dir.iterdir()] == [name]


def test_a_rebuild_under_the_lock_keeps_the_lock(settings):
    with run_lock(settings.work_dir, wait=False):
        work_file.ready(settings, print, rebuild=True)
        assert {path.name for path in settings.work_dir.iterdir()} == {"run.lock", "run.owner.json"}
