"""A rollback holds: nothing that was left is published again by itself, and a person can say so."""

import json
import shutil

import pytest

from tests.end_to_end.conftest import digest, python, trisam

OBSERVED = """
import json, sys
from pathlib import Path
import dagster as dg
from dagster_project.running import prepare_dagster_home
from dagster_project.settings import load_settings
prepare_dagster_home(load_settings(Path(sys.argv[1]), Path(sys.argv[2])))
seen = dg.DagsterInstance.get().fetch_observations(dg.AssetKey(["release", "published"]), limit=1).records
print(json.dumps({k: v.value for k, v in seen[0].asset_observation.metadata.items()}))
"""


def ask(root, *arguments, inbox=True):
    where = ("--inbox", str(root / "inbox")) if inbox else ()
    done = trisam(*arguments, *where, "--home", str(root / "home"), "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def went_back(two_releases, tmp_path_factory):
    """A home that was rolled back to its first release; the tests of this file use it one after the other."""
    root = tmp_path_factory.mktemp("went_back")
    for part in ("inbox", "home"):
        shutil.copytree(two_releases / part, root / part, symlinks=True)
    (root / "home" / "work").chmod(0o700)
    answer = ask(root, "rollback", inbox=False)
    assert answer["held"]["held_version"] == answer["version"]
    return root


@pytest.mark.parametrize("way", ["as the job looks at every file", "before the job has begun"])
def test_the_next_run_publishes_nothing_and_says_who_holds_what_since_when(went_back, way):
    # The inbox was copied with the home, so that the first of the two runs has to look at every file.
    before = digest(went_back / "home" / "releases")
    answer = ask(went_back, "run")
    held = answer["held"]
    assert (answer["ending"], answer["version"]) == ("nothing_new", held["held_version"])
    assert held["rolled_back_from"] > held["held_version"]
    assert held["held_by"]
    assert held["held_since"]
    assert digest(went_back / "home" / "releases") == before


def test_dagster_shows_it_on_the_published_release(went_back):
    shown = python(OBSERVED, str(went_back / "inbox"), str(went_back / "home"))
    assert json.loads(shown.stdout.splitlines()[-1]) == ask(went_back, "status", inbox=False)["held"]


def test_status_says_so_in_words_and_for_machines(went_back):
    held = ask(went_back, "status", inbox=False)["held"]
    said = trisam("status", "--home", str(went_back / "home")).stdout
    assert f"Release {held['held_version']} is held: {held['held_by']}" in said
    assert held["rolled_back_from"] in said


def test_a_person_can_have_it_published_again(went_back):
    left = ask(went_back, "status", inbox=False)["held"]["rolled_back_from"]
    answer = ask(went_back, "run", "--again")
    assert (answer["ending"], answer["held"]) == ("published", None)
    sealed, before = (
        json.loads((went_back / "home" / "releases" / version / "manifest.json").read_text())
        for version in (answer["version"], left)
    )
    compared = {name for name in before["tables"] if not name.startswith("quality.")}
    assert {n: sealed["tables"][n] for n in compared} == {n: before["tables"][n] for n in compared}
    assert ask(went_back, "status", inbox=False)["held"] is None
