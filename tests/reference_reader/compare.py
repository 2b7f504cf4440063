"""What the project made of an inbox held against what the reference reader makes of it, row by row."""

import hashlib
import hmac
from pathlib import Path

import duckdb

from tests.reference_reader.contract import datasets
from tests.reference_reader.files import Status
from tests.reference_reader.reader import Reading

SEEN_DIGITS = 6


def differences(reading: Reading, work_db: Path, key: bytes) -> list[str]:
    """Every difference in statuses, counts, raw rows and quarantine as a line; none where both agree."""
    with duckdb.connect(str(work_db), read_only=True) as con:
        pairs = [
            ("status", _statuses(reading), _project_statuses(con)),
            ("counts", _counts(reading), _project_counts(con)),
            ("quarantine", _faults(reading), _project_faults(con)),
            ("drift", _drift(reading), _project_drift(con)),
            *((f"raw.{name}", _rows(reading, name, key), _project_rows(con, name)) for name in datasets()),
        ]
    found = []
    for what, reference, project in pairs:
        found += [f"{what}: only the reference has {item}" for item in sorted(reference - project, key=repr)]
        found += [f"{what}: only the project has {item}" for item in sorted(project - reference, key=repr)]
    return found


def masked(text: str) -> str | None:
    """A personnummer as quarantine shows it: its first six digits and six stars."""
    digits = "".join(character for character in text if character in "0123456789")
    return digits[:SEEN_DIGITS] + "******" if text else None


def _statuses(reading: Reading) -> set[tuple[object, ...]]:
    found = set()
    for path, status in reading.statuses.items():
        one = reading.deliveries.get(path)
        days = (one.party, one.dataset, one.start, one.end, one.revision) if one else ()
        found.add((path, status.status, status.reason, *days))
    return found


def _project_statuses(con: duckdb.DuckDBPyConnection) -> set[tuple[object, ...]]:
    rows = con.execute(
        "select delivery_id, status, reason, party, dataset, period_start, period_end, revision"
        " from quality.delivery"
    ).fetchall()
    return {row if row[5] else row[:3] for row in rows}


def _counts(reading: Reading) -> set[tuple[object, ...]]:
    found: set[tuple[object, ...]] = set()
    for path, one in reading.outcomes.items():
        in_force = reading.statuses[path] == Status("in_force")
        loaded = len(one.loaded) if in_force else 0
        found.add((path, one.read, loaded, one.collapsed if in_force else None, one.quarantined))
    return found


def _project_counts(con: duckdb.DuckDBPyConnection) -> set[tuple[object, ...]]:
    rows = con.execute(
        "select delivery_id, rows_read, rows_loaded, rows_collapsed, rows_quarantined, status"
        " from quality.delivery where rows_read is not null"
    ).fetchall()
    return {(*row[:3], row[3] if row[5] == "in_force" else None, row[4]) for row in rows}


def _faults(reading: Reading) -> set[tuple[object, ...]]:
    found: set[tuple[object, ...]] = set()
    for path, outcome in reading.outcomes.items():
        for fault in outcome.faults:
            text = masked(fault.text) if fault.column == "personnummer" else fault.text or None
            found.add((path, fault.row_number, fault.column, fault.reason, text))
    return found


def _project_faults(con: duckdb.DuckDBPyConnection) -> set[tuple[object, ...]]:
    return set(
        con.execute(
            # Of a row with a wrong number of cells the project says how many it has: no value of the file.
            "select delivery_id, row_number, column_name, reason,"
            " case when reason <> 'wrong_column_count' then value end from quality.quarantined_row"
        ).fetchall()
    )


def _drift(reading: Reading) -> set[tuple[object, ...]]:
    """Names as the project shows them: as they stand there, a column without one by a remark."""
    return {
        (path, name or "(no name)") for path, outcome in reading.outcomes.items() for name in outcome.drift
    }


def _project_drift(con: duckdb.DuckDBPyConnection) -> set[tuple[object, ...]]:
    return set(
        con.execute(
            "select delivery_id, column_name from quality.schema_drift where kind = 'unknown_column'"
        ).fetchall()
    )


def _rows(reading: Reading, name: str, key: bytes) -> set[tuple[object, ...]]:
    found = set()
    for path, outcome in reading.outcomes.items():
        one = reading.deliveries[path]
        if one.dataset == name and reading.statuses[path] == Status("in_force"):
            for number, row in outcome.loaded.items():
                values = (_stored(column, value, key) for column, value in row.items())
                found.add((path, one.party, number, *values))
    return found


def _stored(column: str, value: object, key: bytes) -> object:
    if column != "personnummer" or value is None:
        return value
    return hmac.new(key, str(value).encode(), hashlib.sha256).hexdigest()[:32]


def _project_rows(con: duckdb.DuckDBPyConnection, name: str) -> set[tuple[object, ...]]:
    columns = [("person_id" if column.name == "personnummer" else column.name) for column in datasets()[name]]
    known = con.execute(
        "select count(*) from duckdb_tables() where schema_name = 'raw' and table_name = $1", [name]
    ).fetchone()
    if known == (0,):
        return set()
    listed = ", ".join(f'"{column}"' for column in columns)
    return set(con.execute(f'select delivery_id, party, row_number, {listed} from raw."{name}"').fetchall())
