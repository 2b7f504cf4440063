"""The phases of a run as single calls, on a home that was prepared for them: what is done in a child process.

The gate gets the outcomes that a whole run left, instead of asking Great Expectations again at every point; they
are told to be about the candidate at hand, which is made from the very same work file.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from dagster_project import blocklist, erasure_requests, work_file
from dagster_project.building import build
from dagster_project.building.plan import exclusions
from dagster_project.dbt_artifacts import dbt_environment, ensure_manifest
from dagster_project.ingestion import ingest
from dagster_project.keys import prepare_work, pseudonym_key
from dagster_project.quality.outcome import Outcome
from dagster_project.release import candidate as steps
from dagster_project.release.candidate import Candidate
from dagster_project.run_lock import run_lock
from dagster_project.settings import DBT_PROJECT_DIR, Settings


def take_in(settings: Settings) -> None:
    """What a run does before dbt: ready the work file, keep the blocked out, read what is new."""
    prepare_work(settings)
    with run_lock(settings.work_dir, wait=False):
        key = pseudonym_key(settings)
        blocklist.read(settings.blocked_file)
        work_file.ready(settings, _silent, rebuild=False)
        work_file.mend(settings, _silent)
        blocklist.restore(settings.blocked_file, settings.work_db)
        ingest(settings.inbox, settings.work_db, key)


def take_in_without_inbox(settings: Settings) -> None:
    """Ingestion whose inbox goes away after its second file."""
    seen: list[str] = []

    def vanish(line: str) -> None:
        seen.append(line)
        if len(seen) == 2:
            settings.inbox.rename(settings.inbox.with_name("inbox-away"))

    ingest(settings.inbox, settings.work_db, pseudonym_key(settings), progress=vanish)


def erase(settings: Settings, number: str) -> None:
    """What `trisam forget` does before it publishes."""
    key = pseudonym_key(settings)
    with run_lock(settings.work_dir, wait=False):
        erasure_requests.put_aside(settings, key, [number])
        erasure_requests.apply(settings)


def transform(settings: Settings) -> None:
    """The build: what is made ready for dbt, dbt in a process of its own as in a run, and what is kept of it."""
    manifest = json.loads(ensure_manifest(settings).read_bytes())
    plan = build.begin(settings, manifest)
    command = [str(Path(sys.executable).with_name("trisam-dbt")), "--quiet", "--no-use-colors", "build"]
    command += [
        *exclusions(plan, manifest),
        "--project-dir",
        str(DBT_PROJECT_DIR),
        "--profiles-dir",
        str(DBT_PROJECT_DIR),
    ]
    variables = {**os.environ, **dbt_environment(settings), **build.environment(plan, manifest)}
    done = subprocess.run(
        command, env=variables, cwd=DBT_PROJECT_DIR, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(done.stdout[-500:])
    build.finish(settings, plan, manifest)


def copy(settings: Settings) -> None:
    """Build the candidate's database and its Parquet files."""
    built = steps.build_candidate(settings, _kept(settings, "extracts_outcomes.json"))
    _candidate_file(settings).write_text(built.model_dump_json(), encoding="utf-8")


def pages(settings: Settings) -> None:
    """Build the open release and the report beside it."""
    steps.build_open(settings, _candidate(settings))
    steps.build_pages(settings, _candidate(settings))


def switch(settings: Settings) -> None:
    """Gate, seal, switch, retain."""
    outcomes = [o for path in settings.work_dir.glob("*_outcome*.json") for o in _kept(settings, path.name)]
    steps.publish_candidate(settings, _candidate(settings), outcomes)


def finish(settings: Settings, made: Path) -> None:
    """A release from the work file as it is; what `made` (a release's folder) has beside the copy is taken over."""
    with run_lock(settings.work_dir, wait=False):
        copy(settings)
        lay_beside(settings, made)
        switch(settings)


def lay_beside(settings: Settings, made: Path) -> None:
    """Put the open release and the report of a release with the same content beside the candidate's copy."""
    folder = _candidate(settings).folder
    for path in made.iterdir():
        if path.name not in {steps.DATABASE, "parquet", "manifest.json"}:
            (shutil.copytree if path.is_dir() else shutil.copy2)(path, folder / path.name)


def _candidate_file(settings: Settings) -> Path:
    return settings.work_dir / "candidate.json"


def _candidate(settings: Settings) -> Candidate:
    built = Candidate.model_validate_json(_candidate_file(settings).read_bytes())
    # The home may have been copied since.
    return built.model_copy(update={"folder": settings.releases_dir / built.folder.name})


def _kept(settings: Settings, name: str) -> list[Outcome]:
    kept = json.loads((settings.work_dir / name).read_bytes())
    return [Outcome.model_validate(o) for o in kept["outcomes"]]


def _silent(_: str) -> None:
    """Nobody watches."""
