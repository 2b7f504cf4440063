"""The key and the list of blocked persons: whole, or refused; never made anew over what was filled with them."""

import duckdb
import pytest

from dagster_project import blocklist
from dagster_project.contract import load_contract
from dagster_project.ingestion.results import KeyMismatchError
from dagster_project.ingestion.warehouse import ensure_tables, remember_setting
from dagster_project.keys import KeyFileError, RightsError, prepare_work, pseudonym_key
from dagster_project.settings import load_settings

PERSON = "0123456789abcdef" * 2


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.delenv("TRISAM_PSEUDONYM_KEY", raising=False)
    settings = load_settings(tmp_path / "inbox", tmp_path / "home")
    prepare_work(settings)
    return settings


def fill(work_db, *, key="k1", persons=()):
    with duckdb.connect(str(work_db)) as con:
        ensure_tables(con, load_contract())
        remember_setting(con, "key_fingerprint", key)
        for person in persons:
            con.execute("insert into ops.blocked_person values (?, null, timestamp '2024-01-01')", [person])


def blocked(work_db):
    with duckdb.connect(str(work_db)) as con:
        return [
            row[0] for row in con.execute("select person_id from ops.blocked_person order by 1").fetchall()
        ]


def test_the_first_run_makes_a_key_for_its_owner_alone_and_later_runs_use_it(settings):
    key = pseudonym_key(settings)
    assert len(key) == 32
    assert settings.key_file.stat().st_mode & 0o777 == 0o600
    assert pseudonym_key(settings) == key
    assert [p.name for p in settings.home.iterdir() if p.name.startswith("pseudonym")] == ["pseudonym.key"]


def test_a_key_that_others_can_read_is_refused_with_what_mends_it(settings):
    pseudonym_key(settings)
    settings.key_file.chmod(0o640)
    with pytest.raises(RightsError, match="chmod 0600"):
        pseudonym_key(settings)


@pytest.mark.parametrize("cut", [0, 2, 31, 63])
def test_a_key_that_is_cut_off_is_refused(settings, cut):
    pseudonym_key(settings)
    settings.key_file.write_text(settings.key_file.read_text()[:cut])
    with pytest.raises(KeyFileError, match="damaged"):
        pseudonym_key(settings)


@pytest.mark.parametrize("left", ["work_db", "blocked_file"])
def test_a_missing_key_is_not_replaced_while_something_made_with_it_is_there(settings, left):
    getattr(settings, left).touch()
    with pytest.raises(KeyFileError, match="is gone"):
        pseudonym_key(settings)
    assert not settings.key_file.exists()


def test_blocked_persons_are_put_into_a_new_work_file(settings, tmp_path):
    fill(settings.work_db, persons=[PERSON])
    blocklist.keep(settings.work_db, settings.blocked_file)
    fresh = tmp_path / "fresh.duckdb"
    blocklist.restore(settings.blocked_file, fresh)
    assert blocked(fresh) == [PERSON]


def test_whoever_fills_the_new_work_file_is_held_to_the_key_of_the_list(settings, tmp_path):
    fill(settings.work_db, persons=[PERSON])
    blocklist.keep(settings.work_db, settings.blocked_file)
    other = tmp_path / "other.duckdb"
    fill(other, key="k2")
    with pytest.raises(KeyMismatchError):
        blocklist.restore(settings.blocked_file, other)


def test_a_list_that_lost_any_of_its_lines_or_its_end_is_refused(settings):
    fill(settings.work_db, persons=[PERSON, PERSON[::-1]])
    blocklist.keep(settings.work_db, settings.blocked_file)
    whole = settings.blocked_file.read_text()
    lines = whole.splitlines(keepends=True)
    # A last line break alone carries nothing; every other loss is noticed.
    for text in (
        "",
        *(whole[:n] for n in range(1, len(whole) - 70)),
        "".join(lines[1:]),
        "".join(lines[:-1]),
    ):
        settings.blocked_file.write_text(text)
        with pytest.raises(blocklist.BlocklistError):
            blocklist.read(settings.blocked_file)
