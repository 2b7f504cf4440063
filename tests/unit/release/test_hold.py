"""After a rollback, what was left is held back until deliveries or code change."""

import json
from datetime import datetime

import duckdb
import pytest

from dagster_project.release import fingerprint, hold, switch
from dagster_project.release.hold import RollbacksError, fingerprint_now, hold_in_force, note_rollback
from dagster_project.release.rollback import roll_back
from dagster_project.release.unchanged import held_back, is_published
from dagster_project.release.withdrawal import WithdrawnError, refuse_withdrawal
from dagster_project.settings import load_settings
from tests.releases import V1, V2, V3, publish

WHO = "A. Andersson"


@pytest.fixture
def settings(tmp_path):
    """Three releases, each of the content that was delivered before it; the work file is as the last has it."""
    settings = load_settings(tmp_path / "inbox", tmp_path / "home")
    settings.work_dir.mkdir(parents=True, mode=0o700)
    with duckdb.connect(str(settings.work_db)) as con:
        con.execute("create schema quality")
        con.execute(
            "create table quality.delivery (delivery_id varchar, content_hash varchar, status varchar)"
        )
        con.execute("insert into quality.delivery values ('rg/team_2021.csv', '', 'in_force')")
    for version in (V1, V2, V3):
        deliver(settings, f"content of {version}")
        publish_now(settings, version)
    return settings


def deliver(settings, content):
    with duckdb.connect(str(settings.work_db)) as con:
        con.execute("update quality.delivery set content_hash = ? where status = 'in_force'", [content])


def publish_now(settings, version):
    def fill(folder):
        (folder / "trisam.duckdb").write_text(version)

    publish(settings, version, fill, fingerprint=fingerprint_now(settings))


def test_what_was_left_is_held_back_and_it_is_told_by_whom_from_where_and_since_when(settings):
    assert held_back(settings) is None
    done = roll_back(settings, by=WHO)
    assert not is_published(settings)
    assert held_back(settings) == hold_in_force(settings) == done
    assert (done.from_version, done.to_version, done.by) == (V3, V2, WHO)
    for word in (V3, V2, WHO, f"{done.at:%Y-%m-%d %H:%M}", "trisam run --again"):
        assert word in done.sentence


def test_another_delivery_is_not_held_back(settings):
    roll_back(settings, by=WHO)
    deliver(settings, "corrected")
    assert held_back(settings) is None


def test_other_code_is_not_held_back(settings, monkeypatch):
    roll_back(settings, by=WHO)
    monkeypatch.setattr(fingerprint, "code_revision", lambda: "0" * 16)
    assert held_back(settings) is None


def test_what_other_code_would_make_of_the_same_deliveries_at_the_time_of_the_rollback_is_held_back(
    settings, monkeypatch
):
    # The release was left by a person who had upgraded the code before, and nothing has changed since.
    monkeypatch.setattr(fingerprint, "code_revision", lambda: "0" * 16)
    roll_back(settings, by=WHO)
    assert held_back(settings) is not None


def test_going_further_back_still_holds_back_what_was_left_first(settings):
    roll_back(settings, by=WHO)
    roll_back(settings, by="B. Berg")
    assert held_back(settings).by == "B. Berg"
    assert (held_back(settings).from_version, held_back(settings).to_version) == (V2, V1)
    deliver(settings, f"content of {V2}")
    assert held_back(settings) is not None


def test_going_forth_to_what_the_deliveries_give_holds_nothing(settings):
    roll_back(settings, V1, by=WHO)
    assert not roll_back(settings, V3, by=WHO).held
    assert hold_in_force(settings) is None
    assert is_published(settings)


def test_going_forth_a_part_of_the_way_holds_back_the_rest(settings):
    roll_back(settings, V1, by=WHO)
    roll_back(settings, V2, by=WHO)
    assert held_back(settings).to_version == V2


def test_a_rollback_that_was_killed_before_the_switch_has_not_happened(settings):
    note_rollback(settings, V2, WHO)
    assert hold_in_force(settings) is None
    assert held_back(settings) is None


def test_a_second_rollback_that_was_killed_before_the_switch_leaves_the_first_in_force(settings):
    first = roll_back(settings, by=WHO)
    note_rollback(settings, V1, "B. Berg")
    assert held_back(settings) == first


def test_a_rollback_records_before_it_switches(settings, monkeypatch):
    def die(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(switch, "point_to", die)
    with pytest.raises(KeyboardInterrupt):
        roll_back(settings, by=WHO)
    monkeypatch.undo()
    assert V2 in (settings.home / "rollbacks.json").read_text()
    assert switch.current_version(settings.published_link) == V3


def test_a_publication_ends_it(settings):
    roll_back(settings, by=WHO)
    publish_now(settings, "20260304T120000Z-01234567")
    assert hold_in_force(settings) is None


def test_a_rejected_delivery_is_told_of_though_a_release_is_held(settings):
    roll_back(settings, by=WHO)
    with duckdb.connect(str(settings.work_db)) as con:
        con.execute("insert into quality.delivery values ('rg/moten_2021.csv', 'x', 'rejected')")
    assert held_back(settings) is None
    assert hold_in_force(settings) is not None


def test_a_release_without_persons_who_were_erased_is_never_held_back(settings):
    roll_back(settings, by=WHO)
    settings.erasure_requests_file.with_name("erasure_applied.txt").write_text("a list")
    assert held_back(settings) is None


def test_the_last_rollback_counts_though_the_clock_has_gone_back_since_the_one_before(settings, monkeypatch):
    roll_back(settings, V2, by=WHO)
    roll_back(settings, V3, by=WHO)
    clock = type("Clock", (), {"now": staticmethod(lambda zone: datetime(2000, 1, 1, tzinfo=zone))})
    monkeypatch.setattr(hold, "datetime", clock)
    roll_back(settings, V2, by="B. Berg")
    assert (held_back(settings).by, held_back(settings).at.year) == ("B. Berg", 2000)


def test_a_damaged_record_is_not_taken_for_none(settings):
    roll_back(settings, by=WHO)
    path = settings.home / "rollbacks.json"
    path.write_text(path.read_text()[:40])
    with pytest.raises(RollbacksError, match="rollbacks"):
        held_back(settings)


def test_a_work_file_that_cannot_be_asked_does_not_stop_a_rollback(settings):
    settings.work_db.write_bytes(b"x" * 4096)
    done = roll_back(settings, by=WHO)
    assert len(done.held) == 1
    assert switch.current_version(settings.published_link) == V2


def test_a_damaged_release_can_be_left(settings):
    (settings.releases_dir / V3 / "manifest.json").write_text("{")
    assert roll_back(settings, by=WHO).to_version == V2
    assert held_back(settings) is not None


def test_rollbacks_to_releases_that_are_gone_are_forgotten(settings):
    roll_back(settings, V1, by=WHO)
    roll_back(settings, V3, by=WHO)
    switch.remove_release(settings.releases_dir, V1)
    roll_back(settings, V2, by=WHO)
    assert [r.to_version for r in hold._read(settings)] == [V3, V2]


def covers(settings, version, *names):
    """Let a release rest on these deliveries of 2021."""
    path = settings.releases_dir / version / "manifest.json"
    kept = json.loads(path.read_bytes())
    kept["deliveries"] = [
        {
            "delivery_id": name,
            "content_hash": "x",
            "period_start": "2021-01-01",
            "period_end": "2021-12-31",
            "rows_loaded": 1,
            "rows_quarantined": 0,
        }
        for name in names
    ]
    path.chmod(0o600)
    path.write_text(json.dumps(kept))


def test_a_withdrawal_that_the_release_left_had_accepted_is_not_asked_for_again(settings):
    with duckdb.connect(str(settings.work_db)) as con:
        for column in (
            "party varchar default 'rg'",
            "dataset varchar default 'team'",
            "period_start date",
            "period_end date",
        ):
            con.execute(f"alter table quality.delivery add column {column}")
        con.execute("update quality.delivery set period_start = '2021-01-01', period_end = '2021-12-31'")
    covers(settings, V2, "rg/team_2021.csv", "rg/moten_2021.csv")
    covers(settings, V3, "rg/team_2021.csv")
    refuse_withdrawal(settings)
    # An earlier release is in force, and the delivery that it has and the later one lacks is still withdrawn.
    switch.point_to(settings.published_link, settings.releases_dir / V2)
    with pytest.raises(WithdrawnError):
        refuse_withdrawal(settings)
    switch.point_to(settings.published_link, settings.releases_dir / V3)
    note_rollback(settings, V2, WHO)
    switch.point_to(settings.published_link, settings.releases_dir / V2)
    refuse_withdrawal(settings)
