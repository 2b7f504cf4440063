"""The main job from files to release: what is new is published once, and only what is new is read."""

import json
import shutil

import duckdb
import pytest

from dagster_project import as_left
from dagster_project.settings import load_settings
from tests.end_to_end.conftest import digest, python, trisam

PLANS = "planering_20190701-20221231.csv"


def run(root, *more):
    done = trisam("run", "--inbox", str(root / "inbox"), "--home", str(root / "home"), "--json", *more)
    return done, json.loads(done.stdout) if done.stdout.startswith("{") else None


def test_a_second_run_with_nothing_new_publishes_nothing_and_says_so(own_home):
    before = digest(own_home / "home" / "releases")
    done, answer = run(own_home)
    assert done.returncode == 0
    assert answer["ending"] == "nothing_new"
    assert digest(own_home / "home" / "releases") == before


def test_the_files_are_known_as_a_published_run_has_left_them(own_home):
    settings = load_settings(own_home / "inbox", own_home / "home")
    assert as_left.take(settings) == {settings.work_db, settings.outgoing_db}


def test_a_revised_file_alone_is_loaded(clean_home, two_releases):
    before, after = (loading_times(root) for root in (clean_home, two_releases))
    assert {k for k, v in after.items() if before.get(k) != v} == {"rg/moten_2021_r2.csv"}
    assert "rg/moten_2021.csv" not in after


def loading_times(root):
    work = root / "home" / "work" / "warehouse.duckdb"
    with duckdb.connect(str(work), read_only=True) as con:
        query = "select delivery_id, loaded_at from quality.delivery where status = 'in_force'"
        return dict(con.execute(query).fetchall())


def test_a_missing_file_of_a_delivery_in_force_stops_the_run(own_home):
    before = digest(own_home / "home" / "releases")
    (own_home / "inbox" / "rg" / "moten_2022.csv").unlink()
    done, _ = run(own_home)
    assert done.returncode != 0
    assert "moten_2022" in done.stdout + done.stderr
    assert digest(own_home / "home" / "releases") == before


def test_a_withdrawal_that_is_accepted_is_published_and_in_force_no_more(clean_home, two_releases):
    before, after = (loading_times(root) for root in (clean_home, two_releases))
    assert "rg/moten_2022.csv" in before
    assert "rg/moten_2022.csv" not in after
    assert len(list((two_releases / "home" / "releases").iterdir())) == 2


def test_an_empty_inbox_never_empties_the_warehouse(own_home):
    before = digest(own_home / "home" / "releases")
    shutil.rmtree(own_home / "inbox")
    (own_home / "inbox").mkdir()
    done, _ = run(own_home)
    assert done.returncode != 0
    assert digest(own_home / "home" / "releases") == before


def test_a_rejected_delivery_blocks_and_what_is_published_stays(own_home):
    before = digest(own_home / "home" / "releases")
    (own_home / "inbox" / "rg" / "moten_2022_r2.csv").write_text("mote_id;team_id\n1;2\n", encoding="utf-8")
    done, answer = run(own_home)
    assert done.returncode == 1
    assert any("moten_2022_r2.csv" in reason and "missing_column" in reason for reason in answer["reasons"])
    assert digest(own_home / "home" / "releases") == before


def manifest(root):
    return json.loads((root / "home" / "published" / "manifest.json").read_text())


def shortened(inbox, *names):
    """Deliveries that are corrected: a quarter of their rows is gone, which is warned of and not refused."""
    for name in names:
        head, *rows = (inbox / name).read_text(encoding="utf-8").splitlines(keepends=True)
        (inbox / name).write_text("".join([head, *rows[: len(rows) * 3 // 4]]), encoding="utf-8")


@pytest.mark.parametrize(
    "corrected",
    [
        pytest.param(
            ["kommun-2101/forsorjningsstod_2021.csv", "kommun-2101/avslut_2021.csv", f"kommun-2101/{PLANS}"],
            id="one municipality",
        ),
        pytest.param(
            ["kommun-2101/forsorjningsstod_2021.csv", "kommun-2132/forsorjningsstod_2020.csv"],
            id="two municipalities",
        ),
    ],
)
def test_a_rebuilt_release_equals_one_of_which_only_what_changed_was_built(own_home, corrected):
    shortened(own_home / "inbox", *corrected)
    done, _ = run(own_home)
    assert done.returncode == 0, done.stderr
    released = manifest(own_home)
    checked = {o["check_id"] for o in released["outcomes"] if o["suite"] == "dbt" and o["status"] == "passed"}
    assert checked == {check for check in released["expected_checks"] if check.startswith("test.")}
    results = json.loads((own_home / "home" / "work" / "dbt" / "run_results.json").read_text())["results"]
    ran = {result["unique_id"] for result in results}
    assert "model.trisam.fct_income_support_month" in ran
    assert "model.trisam.fct_meeting" not in ran
    assert 0 < len(ran & checked) < len(checked)
    compiled = (own_home / "home" / "work" / "dbt" / "compiled").rglob("fct_follow_up.sql")
    assert "ops.touched_person_id" in next(compiled).read_text()
    assert_rebuilt_alike(own_home, released)


def test_a_rebuilt_release_equals_one_of_which_a_delivery_went_away(own_home):
    shortened(own_home / "inbox", "kommun-2101/forsorjningsstod_2021.csv")
    (own_home / "inbox" / "kommun-2132" / "forsorjningsstod_2021.csv").unlink()
    done, _ = run(own_home, "--withdraw")
    assert done.returncode == 0, done.stderr
    assert_rebuilt_alike(own_home, manifest(own_home))


def assert_rebuilt_alike(root, released):
    done = trisam("rebuild", "--inbox", str(root / "inbox"), "--home", str(root / "home"), "--json")
    assert done.returncode == 0, done.stderr
    before, after = released["tables"], manifest(root)["tables"]
    compared = {name for name in before if name.startswith(("indicators.", "marts."))}
    assert "indicators.support_follow_up" in released["changed_tables"]
    assert {n: after[n] for n in compared} == {n: before[n] for n in compared}


BY_HAND = """
import sys
from pathlib import Path
import dagster as dg
from dagster_project.running import prepare_dagster_home
from dagster_project.settings import load_settings
prepare_dagster_home(load_settings(Path(sys.argv[1]), Path(sys.argv[2])))
from dagster_project.definitions import defs
job = defs.resolve_job_def("publish_release")
chosen = [dg.AssetKey(["indicators", "question"])]
done = job.execute_in_process(instance=dg.DagsterInstance.get(), asset_selection=chosen, raise_on_error=False)
sys.exit(0 if done.success else 1)
"""


def test_a_model_that_a_person_builds_by_hand_leaves_the_others_and_nothing_to_build_on(own_home):
    home = own_home / "home"
    done = python(BY_HAND, str(own_home / "inbox"), str(home))
    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads((home / "work" / "dbt" / "run_results.json").read_text())["results"]
    assert {r["unique_id"] for r in results if r["unique_id"].startswith("model.")} == {
        "model.trisam.question"
    }
    with duckdb.connect(str(home / "work" / "outgoing.duckdb"), read_only=True) as con:
        assert con.execute("select count(*) > 0 from marts.fct_case").fetchone() == (True,)
        assert con.execute("select count(*) > 0 from indicators.question").fetchone() == (True,)
    assert not (home / "work" / "built.json").exists()
