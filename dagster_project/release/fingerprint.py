"""What a release was made from, as two hashes: the state of the deliveries and the revision of the code.

A run whose fingerprint equals that of the published release has nothing new to say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import duckdb

from dagster_project.checksums import checksum_of
from dagster_project.settings import DBT_PROJECT_DIR, EXPECTATIONS_DIR, PROJECT_ROOT, Settings

_CODE = (
    (PROJECT_ROOT / "dagster_project", ("*.py", "*.yml", "*.json", "*.j2", "*.css", "*.js")),
    (DBT_PROJECT_DIR / "models", ("*.sql", "*.yml", "*.py")),
    (DBT_PROJECT_DIR / "macros", ("*.sql",)),
    (DBT_PROJECT_DIR / "tests", ("*.sql", "*.yml")),
    (PROJECT_ROOT / "seeds" / "reference", ("*.csv", "*.yml")),
    (EXPECTATIONS_DIR, ("*.json",)),
)


def code_revision() -> str:
    """Hash (16 hex digits) of everything that decides what comes out: code, models, reference data, suites."""
    return checksum_of(_code_files(), PROJECT_ROOT)[:16]


def _code_files() -> Iterable[Path]:
    yield DBT_PROJECT_DIR / "dbt_project.yml"
    for root, patterns in _CODE:
        for pattern in patterns:
            yield from root.rglob(pattern)


def state_fingerprint(con: duckdb.DuckDBPyConnection) -> str:
    """Hash of the deliveries in force (name and content), of those that a person left out, and of the persons who must
    not be loaded."""
    digest = hashlib.sha256()
    in_force = con.execute(
        "select delivery_id, content_hash from quality.delivery where status = 'in_force' order by all"
    ).fetchall()
    for delivery_id, content_hash in in_force:
        digest.update(f"{delivery_id}\x1f{content_hash}\x1e".encode())
    if _table_exists(con, "quality", "left_out_delivery"):
        # A release says what it lacks, and so differs from one that lacks something else.
        for row in con.execute("from quality.left_out_delivery order by all").fetchall():
            digest.update(("\x1f".join(("left out", *row)) + "\x1e").encode())
    if _table_exists(con, "ops", "blocked_person"):
        for (person_id,) in con.execute("select person_id from ops.blocked_person order by 1").fetchall():
            digest.update(f"{person_id}\x1e".encode())
    return digest.hexdigest()[:16]


def _table_exists(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    found = con.execute(
        "select count(*) from information_schema.tables where table_schema = ? and table_name = ?",
        [schema, table],
    ).fetchone()
    return bool(found and found[0])


def release_fingerprint(con: duckdb.DuckDBPyConnection, settings: Settings) -> str:
    """Hash (16 hex digits) of state, code and the settings that change what is published."""
    parts = (state_fingerprint(con), code_revision(), str(settings.disclosure_threshold))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]
