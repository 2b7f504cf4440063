"""Building a candidate and carrying it through the gate: the steps, in order, each reading what the one
before wrote.

The steps of a release are `build_candidate` (files), `judge_candidate` (expectations on those files) and
`publish_candidate` (gate, seal, switch). What they hand on lies in the candidate's folder, so that a step can
be run again by Dagster.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
from pydantic import BaseModel

from dagster_project.building.record import read_record
from dagster_project.errors import TrisamError
from dagster_project.quality.acceptance import Acceptance
from dagster_project.quality.outcome import Outcome
from dagster_project.quality.suites import Boundary, expected_ids, load_suites
from dagster_project.release import catalog, database, dbt_results, gate, manifest, standing, switch
from dagster_project.release.dbt_docs import write_docs
from dagster_project.release.deliveries import deliveries_in_force, left_out_deliveries
from dagster_project.release.drift import record_drift
from dagster_project.release.fingerprint import code_revision, release_fingerprint, state_fingerprint
from dagster_project.release.shapes import table_shapes
from dagster_project.release.versions import next_version, releases
from dagster_project.settings import EXPECTATIONS_DIR, Settings

if TYPE_CHECKING:
    from dagster_project.disclosure import OpenReleaseReport

DATABASE = "trisam.duckdb"
OPEN_DATABASE = "trisam_open.duckdb"
OPEN_PROOF = "open_release_gives_nobody_away"
BOUNDARIES: tuple[Boundary, ...] = ("extracts", "release")


class RefusedError(TrisamError):
    """Publication was refused; `reasons` holds one sentence per refusal."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(
            "Publication refused:\n" + "\n".join(f"  - {reason}" for reason in reasons),
            "What was published before stays in force. Mend the deliveries or the models and run again.",
        )
        self.reasons = list(reasons)


class Candidate(BaseModel):
    """A candidate release on its way through the gate."""

    version: str
    folder: Path
    fingerprint: str
    state: str


def dbt_outcomes(settings: Settings) -> list[Outcome]:
    """What dbt's tests said of the tables that lie built; nothing where no build was finished."""
    built = read_record(settings)
    return dbt_results.test_outcomes(
        settings.dbt_target_dir / "manifest.json", built.results if built else {}
    )


def expectation_ids() -> list[str]:
    """Every expectation of both boundaries."""
    return [i for b in BOUNDARIES for i in expected_ids(load_suites(EXPECTATIONS_DIR, b))]


def expected_checks(settings: Settings) -> list[str]:
    """Every check that must have a result before publication: dbt tests and both boundaries' expectations."""
    tests = dbt_results.expected_tests(settings.dbt_target_dir / "manifest.json")
    return [*tests, *expectation_ids(), OPEN_PROOF]


def build_candidate(
    settings: Settings, extracts: Sequence[Outcome], now: datetime | None = None
) -> Candidate:
    """Build the files of the next release in a folder of their own.

    `extracts` are the outcomes of the raw boundary; they become part of `quality.publication`.
    """
    settings.releases_dir.mkdir(mode=0o755, parents=True, exist_ok=True)
    switch.clear_candidates(settings.releases_dir)
    with duckdb.connect(str(settings.work_db), read_only=True) as con:
        fingerprint, state = release_fingerprint(con, settings), state_fingerprint(con)
        deliveries, without = deliveries_in_force(con), left_out_deliveries(con)
    version = next_version(releases(settings.releases_dir), fingerprint, now or datetime.now(UTC))
    folder = switch.candidate_dir(settings.releases_dir, version)
    folder.mkdir(mode=0o700)
    known = [*dbt_outcomes(settings), *extracts]
    publication = _publication(version, fingerprint, deliveries, without, known)
    _write_tables(settings, folder, publication)
    current = switch.current_version(settings.published_link)
    before = settings.releases_dir / current / DATABASE if current else None
    record_drift(folder / DATABASE, before, settings.dbt_target_dir / "manifest.json")
    return Candidate(version=version, folder=folder, fingerprint=fingerprint, state=state)


def _write_tables(settings: Settings, folder: Path, publication: Sequence[database.PublicationRow]) -> None:
    """The database and the Parquet files of a candidate, side by side: one waits for the disk, the other computes."""
    models = set(dbt_results.model_tables(settings.dbt_target_dir / "manifest.json").values())
    outgoing, memory = settings.outgoing_db, settings.working_memory
    with ThreadPoolExecutor(1) as beside:
        copied = beside.submit(
            partial(database.copy_database, memory_limit=memory),
            outgoing, settings.work_db, folder / DATABASE, publication, models,
        )  # fmt: skip
        # Of the file that is copied, so that it need not wait: both hold the same rows.
        database.export_parquet(
            outgoing, folder / "parquet", ("marts", "indicators"),
            only=models, taken=_taken_from_published(settings), memory_limit=memory,
        )  # fmt: skip
        copied.result()


def _made_from(settings: Settings) -> dict[str, str]:
    """What each table that lies built was made from, by `schema.table`."""
    built = read_record(settings)
    models = dbt_results.model_tables(settings.dbt_target_dir / "manifest.json")
    versions = built.versions if built else {}
    return {
        ".".join(table): versions[unique_id] for unique_id, table in models.items() if unique_id in versions
    }


def _taken_from_published(settings: Settings) -> standing.Take:
    published = manifest.read_manifest(settings.published_link)
    if published is None:
        return standing.no_release_before
    return standing.taken_from(settings.published_link.resolve(), published, _made_from(settings))


def _publication(
    version: str,
    fingerprint: str,
    deliveries: Sequence[manifest.DeliveryEntry],
    without: Sequence[manifest.LeftOutEntry],
    known: Sequence[Outcome],
) -> list[database.PublicationRow]:
    rows: list[database.PublicationRow] = [("version", version, fingerprint, "published", "")]
    rows += [
        ("delivery", d.delivery_id, d.content_hash, "in_force", f"{d.period_start}--{d.period_end}")
        for d in deliveries
    ]
    rows += [("left_out", e.delivery, "", "left_out", f"{e.who}: {e.why}") for e in without]
    rows += [
        ("dbt_test" if o.suite == "dbt" else "expectation", o.check_id, "", o.status, _detail(o))
        for o in known
    ]
    rows += [
        ("expectation", e.meta.id, "", "required", e.meta.message)
        for suite in load_suites(EXPECTATIONS_DIR, "release")
        for e in suite.expectations
    ]
    rows.append(("expectation", OPEN_PROOF, "", "required", "Every withheld count keeps k possible values."))
    return rows


def _detail(outcome: Outcome) -> str:
    """What a published release says of a check: its message, and what it warned of."""
    return "\n".join([outcome.message, *map(str, outcome.findings)])


def build_open(settings: Settings, candidate: Candidate) -> OpenReleaseReport:
    """Build what may leave the house, from the candidate's own indicator tables: database, Parquet, catalog."""
    from dagster_project.disclosure import build_open_release  # noqa: PLC0415  imports the solver

    target = candidate.folder / OPEN_DATABASE
    report = build_open_release(candidate.folder / DATABASE, target, settings.disclosure_threshold)
    database.export_parquet(target, candidate.folder / "parquet", ("open",))
    shapes = table_shapes(settings.dbt_target_dir / "manifest.json")
    catalog.write_catalog(candidate.folder, OPEN_DATABASE, candidate.version, shapes)
    return report


def build_pages(settings: Settings, candidate: Candidate) -> list[Path]:
    """Build the report, its variant from the open release, and the dbt docs of the candidate's tables."""
    from dagster_project import report  # noqa: PLC0415  imports the charts

    folder = candidate.folder
    published = manifest.read_manifest(settings.published_link)
    files = {path: entry.sha256 for path, entry in published.files.items()} if published else {}
    before = report.Before(settings.published_link.resolve(), files, code_revision())
    pages = report.build_report(
        folder / DATABASE, folder,
        open_db=folder / OPEN_DATABASE, processes=report.worth_sharing(folder / DATABASE), before=before,
    )  # fmt: skip
    dbt_manifest = settings.dbt_target_dir / "manifest.json"
    return [*pages, write_docs(dbt_manifest, folder / DATABASE, folder / "docs" / "index.html")]


def prove_open(settings: Settings, candidate: Candidate) -> Outcome:
    """Attack the open release as an outsider would; it passes when every withheld count keeps k values."""
    from dagster_project.disclosure_attack import attack  # noqa: PLC0415  imports the solver

    found = attack(candidate.folder / OPEN_DATABASE, settings.disclosure_threshold)
    return Outcome(
        check_id=OPEN_PROOF,
        suite="open_release",
        table="open",
        status="passed" if found.ok else "failed",
        observed=f"{found.withheld} of {found.offered} withheld, narrowest {found.narrowest}",
        message=f"{len(found.findings)} withheld counts of the open release can be told.",
    )


def judge_candidate(settings: Settings, candidate: Candidate) -> list[Outcome]:
    """Run the expectations of the publish boundary on the candidate's own database file."""
    from dagster_project.quality.runner import run_suites  # noqa: PLC0415  imports Great Expectations

    return run_suites(
        candidate.folder / DATABASE,
        load_suites(EXPECTATIONS_DIR, "release"),
        enforce_reconcile=settings.reconcile == "enforce",
    )


def publish_candidate(
    settings: Settings,
    candidate: Candidate,
    outcomes: Sequence[Outcome],
    acceptances: Sequence[Acceptance] = (),
) -> manifest.Manifest:
    """Pass the gate, write the manifest, seal, switch, retain.

    `outcomes` are those of both expectation boundaries; dbt's are read here. Raises RefusedError, and leaves
    `published` untouched, when a check failed, errored or is missing.
    """
    everything = [*dbt_outcomes(settings), *outcomes]
    expected = expected_checks(settings)
    verdict = gate.judge(expected, everything)
    if not verdict.passed:
        raise RefusedError(verdict.refusals)
    sealed = _manifest_of(settings, candidate, expected, everything, acceptances)
    manifest.write_manifest(candidate.folder, sealed)
    switch.seal(candidate.folder)
    switch.put_in_force(settings.releases_dir, settings.published_link, candidate.version)
    switch.retain(settings.releases_dir, settings.published_link, settings.keep_releases)
    return sealed


def _manifest_of(
    settings: Settings,
    candidate: Candidate,
    expected: Sequence[str],
    outcomes: Sequence[Outcome],
    acceptances: Sequence[Acceptance],
) -> manifest.Manifest:
    """The manifest of a candidate that has passed the gate; reads and hashes all its files."""
    current = switch.current_version(settings.published_link)
    previous = manifest.read_manifest(settings.releases_dir / current) if current else None
    made_from = _made_from(settings)
    # What was made from the same is the same, and has been read when it was published.
    stands = standing.tables_of(previous, made_from) if previous else {}
    tables = database.describe_tables(candidate.folder / DATABASE, stands)
    with duckdb.connect(str(candidate.folder / DATABASE), read_only=True) as con:
        deliveries, without = deliveries_in_force(con), left_out_deliveries(con)
    return manifest.Manifest(
        version=candidate.version,
        created_at=datetime.now(UTC),
        previous_version=current,
        fingerprint=candidate.fingerprint,
        code_revision=code_revision(),
        reconcile=settings.reconcile,
        disclosure_threshold=settings.disclosure_threshold,
        deliveries=deliveries,
        without=without,
        expected_checks=list(expected),
        outcomes=list(outcomes),
        acceptances=list(acceptances),
        tables=tables,
        changed_tables=_changed(previous, tables),
        shapes=table_shapes(settings.dbt_target_dir / "manifest.json"),
        made_from=made_from,
        files=manifest.hash_files(candidate.folder),
    )


def _changed(previous: manifest.Manifest | None, tables: dict[str, manifest.TableEntry]) -> list[str]:
    before = previous.tables if previous else {}
    # quality.publication names the version, so it differs by nature.
    names = (set(before) | set(tables)) - {"quality.publication"}
    return sorted(name for name in names if before.get(name) != tables.get(name))


def work_state(settings: Settings) -> str:
    """The fingerprint of the deliveries that lie in the work file now."""
    with duckdb.connect(str(settings.work_db), read_only=True) as con:
        return state_fingerprint(con)
