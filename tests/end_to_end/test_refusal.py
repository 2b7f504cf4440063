"""A failed gate leaves `published` byte for byte as it was, whatever failed."""

import json

import pytest

from tests.end_to_end.conftest import digest, trisam


def wrong_total(project):
    model = project / "dbt_project" / "models" / "indicators" / "case_volume.sql"
    text = model.read_text(encoding="utf-8")
    assert "count(*) as total_count" in text
    # Of one team only, which no unit test has: it takes the whole warehouse to find it.
    wrong = "count(*) + case when team_id = '2180-01' then 1 else 0 end as total_count"
    model.write_text(text.replace("count(*) as total_count", wrong), encoding="utf-8")


def failing_dbt_test(project):
    folder = project / "dbt_project" / "tests"
    folder.mkdir(exist_ok=True)
    text = "select period from {{ ref('question') }} limit 1\n"
    (folder / "assert_planted_fault.sql").write_text(text, encoding="utf-8")


def erring_expectation(project):
    path = project / "expectations" / "release" / "indicators_meeting.json"
    suite = json.loads(path.read_text(encoding="utf-8"))
    suite["expectations"][0]["kwargs"]["unexpected_rows_query"] = "select no_such_column from {batch}"
    path.write_text(json.dumps(suite), encoding="utf-8")


def silenced_check(project):
    module = project / "dagster_project" / "release" / "candidate.py"
    text = module.read_text(encoding="utf-8")
    judged = 'load_suites(EXPECTATIONS_DIR, "release"),'
    assert text.count(judged) == 1
    module.write_text(text.replace(judged, f"{judged[:-1]}[1:],"), encoding="utf-8")


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        (wrong_total, "case_volume"),
        (failing_dbt_test, "assert_planted_fault"),
        (erring_expectation, "meeting_adds_up"),
        (silenced_check, "case_volume_adds_up: did not run"),
    ],
)
def test_a_failed_gate_leaves_what_is_published_untouched(own_home, own_project, plant, said):
    link = (own_home / "home" / "published").readlink()
    kept = own_home / "home" / "releases" / link.name
    before = digest(kept)
    plant(own_project)
    arguments = ("run", "--inbox", str(own_home / "inbox"), "--home", str(own_home / "home"), "--json")
    done = trisam(*arguments, project=own_project)
    assert done.returncode == 1, done.stdout + done.stderr
    answer = json.loads(done.stdout)
    assert answer["ending"] == "refused"
    assert any(said in reason for reason in answer["reasons"]), answer["reasons"]
    assert (own_home / "home" / "published").readlink() == link
    assert digest(kept) == before
    assert not (own_home / "home" / "work" / "as_left.json").exists(), (
        "the next run must read what this one left"
    )
    assert {p.name for p in (own_home / "home" / "releases").iterdir() if not p.name.startswith(".")} == {
        link.name
    }
