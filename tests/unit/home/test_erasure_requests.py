"""Persons wait for erasure as pseudonyms, are erased once, and older releases go when a new one is in force."""

import duckdb
import pytest

from dagster_project import blocklist, erasure_requests
from dagster_project.errors import TrisamError
from dagster_project.ingestion import ingest
from dagster_project.ingestion.results import KeyMismatchError
from dagster_project.keys import prepare_work
from dagster_project.release import switch
from dagster_project.settings import load_settings

KEY = b"k" * 32
FIRST, SECOND = "19121212-1212", "19640823-3234"
CONSENTS = "personnummer;part;samtyckesdatum;aterkallat_datum\n"


@pytest.fixture
def settings(tmp_path):
    settings = load_settings(tmp_path / "inbox", tmp_path / "home")
    prepare_work(settings)
    folder = settings.inbox / "rg"
    folder.mkdir(parents=True)
    rows = "".join(f"{number};AF;2021-03-01;\n" for number in (FIRST, SECOND))
    (folder / "samtycke_2021.csv").write_text(CONSENTS + rows, encoding="utf-8")
    ingest(settings.inbox, settings.work_db, KEY)
    return settings


def consents(settings):
    with duckdb.connect(str(settings.work_db), read_only=True) as con:
        return con.execute("select count(*) from raw.samtycke").fetchone()[0]


def release(settings, version):
    folder = switch.candidate_dir(settings.releases_dir, version)
    folder.mkdir(parents=True)
    switch.put_in_force(settings.releases_dir, settings.published_link, version)


def test_what_waits_is_kept_for_its_owner_alone_and_holds_no_number(settings):
    assert erasure_requests.put_aside(settings, KEY, [FIRST]) == 1
    kept = settings.erasure_requests_file
    assert kept.stat().st_mode & 0o777 == 0o600
    text = kept.read_text()
    assert "1212-1212" not in text
    assert "121212" not in text


def test_the_same_person_waits_once_however_the_number_is_written(settings):
    erasure_requests.put_aside(settings, KEY, [FIRST])
    assert erasure_requests.put_aside(settings, KEY, ["191212121212", SECOND]) == 2


def test_those_who_wait_are_erased_and_blocked_and_wait_no_more(settings):
    erasure_requests.put_aside(settings, KEY, [FIRST])
    counts = erasure_requests.apply(settings)
    assert (counts.persons_blocked, counts.rows_deleted) == (1, 1)
    assert consents(settings) == 1
    assert settings.blocked_file.exists()
    with pytest.raises(erasure_requests.NobodyWaitsError):
        erasure_requests.apply(settings)


def test_a_line_that_is_no_number_puts_nobody_aside_and_is_not_repeated(settings):
    with pytest.raises(TrisamError) as refused:
        erasure_requests.put_aside(settings, KEY, [FIRST, "19121212-1213"])
    assert "1212" not in str(refused.value)
    assert not settings.erasure_requests_file.exists()


def test_requests_under_another_key_are_refused(settings):
    erasure_requests.put_aside(settings, b"x" * 32, [FIRST])
    with pytest.raises(KeyMismatchError):
        erasure_requests.put_aside(settings, KEY, [SECOND])
    with pytest.raises(KeyMismatchError):
        erasure_requests.apply(settings)
    assert consents(settings) == 2


def test_a_list_that_was_cut_off_erases_nobody(settings):
    erasure_requests.put_aside(settings, KEY, [FIRST, SECOND])
    kept = settings.erasure_requests_file
    kept.write_text(kept.read_text().splitlines(keepends=True)[0])
    with pytest.raises(erasure_requests.DamagedRequestsError, match="Nobody was erased"):
        erasure_requests.apply(settings)
    assert consents(settings) == 2


def test_older_releases_go_after_an_erasure_and_only_then(settings):
    old, new = "20260301T120000Z-01234567", "20260302T120000Z-01234567"
    release(settings, old)
    release(settings, new)
    assert erasure_requests.finish(settings) == []
    erasure_requests.put_aside(settings, KEY, [FIRST])
    assert erasure_requests.finish(settings) == []
    erasure_requests.apply(settings)
    assert erasure_requests.finish(settings) == [old]
    assert erasure_requests.finish(settings) == []
    assert [p.name for p in settings.releases_dir.iterdir()] == [new]


def test_older_releases_stay_where_the_settings_say_so(settings):
    kept = settings.model_copy(update={"forget_removes_old_releases": False})
    release(settings, "20260301T120000Z-01234567")
    release(settings, "20260302T120000Z-01234567")
    erasure_requests.put_aside(kept, KEY, [FIRST])
    erasure_requests.apply(kept)
    assert erasure_requests.finish(kept) == []
    assert len(list(kept.releases_dir.iterdir())) == 2


@pytest.mark.parametrize("moment", ["add", "erase", "replace"])
def test_an_erasure_that_is_cut_off_is_carried_out_by_the_next_run(settings, monkeypatch, moment):
    def cut_off(*_arguments):
        raise KeyboardInterrupt

    erasure_requests.put_aside(settings, KEY, [FIRST])
    with monkeypatch.context() as patch:
        if moment == "add":
            patch.setattr("dagster_project.blocklist.add", cut_off)
        elif moment == "erase":
            patch.setattr("dagster_project.ingestion.erasure.erase", cut_off)
        else:
            patch.setattr("dagster_project.erasure_requests._applied", cut_off)
        with pytest.raises(KeyboardInterrupt):
            erasure_requests.apply(settings)
    erasure_requests.resume(settings)
    assert consents(settings) == 1
    assert len(blocklist.read(settings.blocked_file)[0]) == 1
    old = "20210101T000000Z-00000000"
    release(settings, old)
    release(settings, "20220101T000000Z-00000000")
    assert erasure_requests.finish(settings) == [old]


def test_an_erasure_that_has_begun_survives_the_loss_of_the_work_file(settings, monkeypatch):
    def cut_off(*_arguments):
        raise KeyboardInterrupt

    erasure_requests.put_aside(settings, KEY, [FIRST])
    with monkeypatch.context() as patch:
        patch.setattr("dagster_project.blocklist.add", cut_off)
        with pytest.raises(KeyboardInterrupt):
            erasure_requests.apply(settings)
    settings.work_db.unlink()
    erasure_requests.resume(settings)
    blocklist.restore(settings.blocked_file, settings.work_db)
    ingest(settings.inbox, settings.work_db, KEY)
    assert consents(settings) == 1


def test_nothing_is_carried_out_where_nothing_has_begun(settings):
    erasure_requests.put_aside(settings, KEY, [FIRST])
    erasure_requests.resume(settings)
    assert consents(settings) == 2
