"""Files that are what the run before has left are not read again; where they are not, or nobody knows, they are."""

import duckdb
import pytest

from dagster_project import as_left, work_file
from dagster_project.settings import load_settings


@pytest.fixture
def settings(tmp_path):
    settings = load_settings(tmp_path / "inbox", tmp_path / "home")
    settings.work_dir.mkdir(parents=True, mode=0o700)
    for file in (settings.work_db, settings.outgoing_db):
        with duckdb.connect(str(file)) as con:
            con.execute(
                "create table facts as select i, hash(i)::varchar as text from range(100000) as t (i)"
            )
    return settings


@pytest.fixture
def read(monkeypatch):
    """The names of the files whose rows were read."""
    names = []
    is_whole = work_file._is_whole

    def told(file, settings):
        names.append(file.name)
        return is_whole(file, settings)

    monkeypatch.setattr(work_file, "_is_whole", told)
    return names


def mended(settings):
    work_file.ready(settings, lambda line: None, rebuild=False)
    work_file.mend(settings, lambda line: None)


def damage(file):
    with file.open("r+b") as handle:
        handle.seek(file.stat().st_size // 2)
        handle.write(b"\xa5" * 64)


def test_files_as_a_run_has_left_them_are_not_read(settings, read):
    as_left.note(settings)
    mended(settings)
    assert read == []


def test_a_note_is_good_for_one_run(settings, read):
    as_left.note(settings)
    mended(settings)
    mended(settings)
    assert read == ["warehouse.duckdb", "outgoing.duckdb"]


def test_a_file_that_was_written_since_is_read(settings, read):
    as_left.note(settings)
    with duckdb.connect(str(settings.work_db)) as con:
        con.execute("insert into facts values (-1, 'new')")
    mended(settings)
    assert read == ["warehouse.duckdb"]


def test_a_block_that_was_lost_since_is_found(settings, read):
    as_left.note(settings)
    damage(settings.outgoing_db)
    mended(settings)
    assert read == ["outgoing.duckdb"]
    assert settings.work_db.exists()
    assert not settings.outgoing_db.exists()


def test_a_file_that_was_cut_off_or_is_gone_is_not_as_it_was(settings):
    as_left.note(settings)
    with settings.work_db.open("r+b") as handle:
        handle.truncate(settings.work_db.stat().st_size - 1)
    settings.outgoing_db.unlink()
    assert as_left.take(settings) == frozenset()


@pytest.mark.parametrize("content", ["", "{", '{"files": {"warehouse.duckdb": 1}}'])
def test_a_note_that_cannot_be_read_says_nothing(settings, read, content):
    (settings.work_dir / "as_left.json").write_text(content)
    mended(settings)
    assert read == ["warehouse.duckdb", "outgoing.duckdb"]


def test_a_note_that_cannot_be_kept_is_none_and_stops_nobody(settings, tmp_path):
    gone = load_settings(settings.inbox, tmp_path / "unmounted")
    as_left.note(gone)
    assert as_left.take(settings) == frozenset()
