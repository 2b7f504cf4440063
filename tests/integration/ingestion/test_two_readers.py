"""Two readers of one contract: whatever an inbox holds, the project makes of it what a plain reader makes of it.

The other reader (`tests/reference_reader`) goes row by row and was written from the contract's text alone. Where the text
leaves a choice, both choose as the project's documents and the golden cases say.
"""

import pytest

from dagster_project.ingestion import ReadingLimits, ingest
from dagster_project.ingestion.reading import parquet, source, xlsx
from tests.hostile_inbox import make_hostile_inbox
from tests.integration.ingestion.conftest import KEY
from tests.reference_reader import Reading, read_inbox
from tests.reference_reader.compare import differences

CASES = 200
SEEDS = (10, 12)
REASONS = {
    "missing_required", "bad_date", "bad_month", "bad_number", "bad_flag", "bad_code", "bad_personnummer",
    "bad_municipality", "bad_order", "out_of_range", "outside_period", "conflicting_key", "wrong_column_count",
}  # fmt: skip
STATUSES = {
    "in_force", "superseded", "unrecognised", "unreadable", "missing_column", "bad_period", "overlapping_period",
    "ambiguous_revision", "too_many_bad_rows",
}  # fmt: skip


@pytest.fixture(scope="module")
def inboxes(tmp_path_factory):
    root = tmp_path_factory.mktemp("hostile")
    for seed in SEEDS:
        make_hostile_inbox(root / str(seed), CASES, seed, municipalities=("0114",))
    return [root / str(seed) for seed in SEEDS]


@pytest.fixture(scope="module")
def readings(inboxes) -> list[Reading]:
    return [read_inbox(inbox) for inbox in inboxes]


def test_the_inboxes_hold_every_form_status_and_reason(readings):
    outcomes = [outcome for reading in readings for outcome in reading.outcomes.values()]
    assert {fault.reason for outcome in outcomes for fault in outcome.faults} == REASONS
    statuses = [status for reading in readings for status in reading.statuses.values()]
    assert {status.reason or status.status for status in statuses} == STATUSES
    read = {reading.deliveries[path].dataset for reading in readings for path in reading.outcomes}
    assert len(read) == 13
    endings = {path.split(".", 1)[1] for reading in readings for path in reading.outcomes}
    assert endings == {"csv", "csv.gz", "xlsx", "parquet"}
    assert any(outcome.collapsed for outcome in outcomes)


def test_both_readers_agree_row_by_row(inboxes, readings, tmp_path):
    work_db = tmp_path / "warehouse.duckdb"
    ingest(inboxes[0], work_db, KEY, limits=ReadingLimits(memory_limit="500MB"))
    assert differences(readings[0], work_db, KEY) == []


def test_both_readers_agree_when_files_come_in_many_blocks(inboxes, readings, tmp_path, monkeypatch):
    monkeypatch.setattr(source, "CHUNK_BYTES", 3000)
    monkeypatch.setattr(parquet, "_BATCH_ROWS", 7)
    monkeypatch.setattr(xlsx, "_BATCH_ROWS", 5)
    work_db = tmp_path / "warehouse.duckdb"
    ingest(inboxes[1], work_db, KEY, limits=ReadingLimits(max_row_bytes=4096, memory_limit="500MB"))
    assert differences(readings[1], work_db, KEY) == []
