"""Running the main job from the command line: the same job that Dagster's UI shows, in this process.

Belongs here: the short cut when there is nothing new, starting the job, progress, and what came of it as a value.
Printing belongs to the command line.
"""

from __future__ import annotations

import getpass
import io
import os
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from typing import Any, Literal

import duckdb

from dagster_project import as_left, blocklist, dagster_storage, disk, erasure_requests, work_file
from dagster_project.dbt_artifacts import dbt_environment
from dagster_project.ending import counts_of, reasons_of
from dagster_project.engine import readiness
from dagster_project.errors import TrisamError
from dagster_project.garbage import made_to_last
from dagster_project.keys import prepare_work, pseudonym_key
from dagster_project.quality.outcome import Outcome
from dagster_project.release.hold import Rollback
from dagster_project.release.manifest import Manifest, read_manifest
from dagster_project.release.outcomes import last_outcomes
from dagster_project.release.unchanged import held_back, is_published
from dagster_project.run_lock import run_lock
from dagster_project.run_request import RunRequest
from dagster_project.settings import Settings
from dagster_project.unanswered_checks import kept_unanswered

Progress = Callable[[str], None]
Ending = Literal["published", "nothing_new", "refused"]


@dataclass(frozen=True)
class RunResult:
    """How a run ended. `reasons` are sentences for people where it was refused, or where a step after the switch
    failed; `outcomes` are the checks that did not pass. `held` is the rollback because of which nothing was published.
    """

    ending: Ending
    manifest: Manifest | None
    reasons: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    held: Rollback | None = None


def run(settings: Settings, request: RunRequest, progress: Progress) -> RunResult:
    """Publish what is new, holding the lock throughout.

    Raises LockHeldError when another run is under way and the request does not wait for it, and other TrisamErrors
    for what a person can mend before anything was read.
    """
    if request.without:
        _refuse_unknown_deliveries(settings, request)
    if settings.engine == "spark":
        readiness.refuse_incomplete(settings)
    with _disk_errors_told(settings):
        prepare_work(settings)
        with run_lock(settings.work_dir, wait=request.wait):
            # Secrets first: a run that lacks one must not have removed anything.
            pseudonym_key(settings)
            blocklist.read(settings.blocked_file)
            work_file.ready(settings, progress, rebuild=request.rebuild)
            # An erasure that was cut off, before anything is said or published.
            erasure_requests.resume(settings)
            if not request.without and nothing_new(settings):
                erasure_requests.finish(settings)
                sealed = read_manifest(settings.published_link)
                return RunResult("nothing_new", sealed, counts=counts_of(settings))
            if not request.again and (hold := unchanged_and_held(settings)):
                sealed = read_manifest(settings.published_link)
                return RunResult("nothing_new", sealed, counts=counts_of(settings), held=hold)
            if settings.engine == "spark":
                readiness.refuse_unready(settings)
            result = _run_job(settings, request, progress)
            if result.ending == "published":
                as_left.note(settings)
            return result


def _refuse_unknown_deliveries(settings: Settings, request: RunRequest) -> None:
    from dagster_project.ingestion import left_out  # noqa: PLC0415  imports the contract

    left_out.Without(request.without, getpass.getuser(), request.without_why)
    left_out.refuse_unknown(settings.inbox, request.without)


@contextmanager
def _disk_errors_told(settings: Settings) -> Iterator[None]:
    """Turn a full or read-only disk into a sentence, whoever met it: the system, DuckDB or Dagster's SQLite."""
    try:
        yield
    except TrisamError:
        raise
    except Exception as error:
        said = disk.says_unwritable(str(error)) or disk.why_not_writable(settings)
        if said is None:
            raise
        raise disk.DiskError(settings, said) from None


def nothing_new(settings: Settings) -> bool:
    """Whether the inbox is as it was and the published release rests on it; reads no delivery."""
    try:
        # The inbox first: one that is not there is told at once.
        return _is_as_it_was(settings) and is_published(settings)
    except duckdb.Error:
        return False  # a work file that a killed run had only begun, or a damaged one


def unchanged_and_held(settings: Settings) -> Rollback | None:
    """The rollback that holds back what the inbox, which is as it was, would give; reads no delivery."""
    try:
        return held_back(settings) if _is_as_it_was(settings) else None
    except duckdb.Error:
        return None


def _is_as_it_was(settings: Settings) -> bool:
    from dagster_project.ingestion import plan  # noqa: PLC0415  keeps `trisam --help` quick

    return plan(settings.inbox, settings.work_db).nothing_new


def _run_job(settings: Settings, request: RunRequest, progress: Progress) -> RunResult:
    progress("starting")
    prepare_dagster_home(settings)
    # The imports are Python's own work on one core; looking at the files is not.
    with ThreadPoolExecutor(1) as beside:
        mended = beside.submit(work_file.mend, settings, progress)
        opened, job = _dagster()
    with opened as instance:
        mended.result()
        return _execute(settings, request, progress, instance, job)


def _dagster() -> tuple[Any, Any]:
    """Dagster's instance, not yet entered, and the main job: seconds of import, not needed for a short cut."""
    with made_to_last():
        import dagster as dg  # noqa: PLC0415

        from dagster_project.definitions import defs  # noqa: PLC0415

        return dg.DagsterInstance.get(), defs.resolve_job_def("publish_release")


def _execute(
    settings: Settings, request: RunRequest, progress: Progress, instance: Any, job: Any
) -> RunResult:
    # dbt's own log goes to standard output, line by line; the event log keeps it, people are told the steps.
    with (
        _watched(instance, progress) as run_id,
        redirect_stdout(io.StringIO()),
        kept_unanswered() as unanswered,
    ):
        result = job.execute_in_process(
            run_config=_run_config(settings, request),
            instance=instance,
            run_id=run_id,
            raise_on_error=False,
        )
    reasons = reasons_of(settings, result)
    sealed = read_manifest(settings.published_link)
    published = any(e.is_step_success and e.step_key == "release__published" for e in result.all_events)
    if published or reasons or not result.success:
        unanswered.tell()
    if published:
        # What failed after the switch (a server that BI tools read) takes nothing back.
        not_passed = [o for o in sealed.outcomes if o.status != "passed"] if sealed else []
        return RunResult("published", sealed, reasons, counts_of(settings), not_passed)
    if reasons or not result.success:
        not_passed = [o for o in last_outcomes(settings) if o.status != "passed"]
        told = reasons or ["The run failed; see the Dagster UI."]
        return RunResult("refused", sealed, told, counts_of(settings), not_passed)
    held = None if request.again else held_back(settings)
    return RunResult("nothing_new", sealed, counts=counts_of(settings), held=held)


def _run_config(settings: Settings, request: RunRequest) -> dict[str, Any]:
    ingestion = {
        "withdraw": request.withdraw,
        "only": list(request.only),
        "even_if_unchanged": request.rebuild,
        "without": list(request.without),
        "without_by": getpass.getuser(),
        "without_why": request.without_why,
        "again": request.again,
    }
    warehouse = {
        "reconcile": settings.reconcile,
        "engine": settings.engine,
        "wait_for_lock": False,
        "accept": list(request.accept),
        "accepted_by": getpass.getuser(),
        "accepted_why": request.accepted_why,
    }
    return {
        "ops": {"ingest_deliveries": {"config": ingestion}},
        "resources": {"warehouse": {"config": warehouse}},
        "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
    }


def prepare_dagster_home(settings: Settings) -> None:
    """Tell Dagster, and the code location that it loads, where this home is."""
    home = settings.dagster_home
    dagster_storage.prepare(home)
    os.environ["DAGSTER_HOME"] = str(home)
    os.environ["TRISAM_INBOX"] = str(settings.inbox)
    os.environ["TRISAM_HOME"] = str(settings.home)
    os.environ.update(dbt_environment(settings))


@contextmanager
def _watched(instance: Any, progress: Progress) -> Iterator[str]:
    """Tell the steps of a run as they end; yields the id that the run must bear."""
    run_id = str(uuid.uuid4())
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(instance, run_id, progress, done), daemon=True)
    watcher.start()
    try:
        yield run_id
    finally:
        done.set()
        watcher.join()


def _watch(instance: Any, run_id: str, progress: Progress, done: threading.Event) -> None:
    cursor: str | None = None
    while True:
        last = done.is_set()
        page = instance.get_records_for_run(run_id, cursor=cursor)
        cursor = page.cursor
        for record in page.records:
            event = record.event_log_entry.dagster_event
            if event is not None and event.event_type_value in {"STEP_START", "STEP_SUCCESS", "STEP_FAILURE"}:
                word = event.event_type_value.removeprefix("STEP_").lower()
                progress(f"{event.step_key}: {word}")
        if last:
            return
        done.wait(0.5)
