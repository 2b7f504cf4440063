"""Erasure of persons from the work database, for good; older releases are not its business."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from dagster_project.contract import Contract, load_contract
from dagster_project.errors import TrisamError
from dagster_project.ingestion.pseudonyms import (
    key_fingerprint,
    key_parameters,
    pseudonym,
    sql_canonical,
    token,
)
from dagster_project.ingestion.replaced import DELIVERIES as REPLACED
from dagster_project.ingestion.replaced import ensure_replaced, rows_table
from dagster_project.ingestion.results import ForgetCount, KeyMismatchError
from dagster_project.ingestion.values import sql_trimmed
from dagster_project.ingestion.warehouse import (
    connect,
    ensure_tables,
    insert_rows,
    quoted,
    raw_table,
    remember_setting,
    setting,
)


def canonical_numbers(personnummer: Iterable[str]) -> list[str]:
    """The twelve digits of each number, blank lines left out; a two-digit year is the latest not after today.

    Raises TrisamError, which names no number, when one of them is no personal number.
    """
    lines = list(personnummer)
    today = int(datetime.now(UTC).strftime("%Y%m%d"))
    lines_read = "select unnest($lines::varchar[]) as t, generate_subscripts($lines::varchar[], 1) as n"
    texts = f"select n, {sql_trimmed('t')} as t, $today as last_day from ({lines_read})"
    statement = f"from ({sql_canonical(f'(from ({texts}) where t is not null)')}) order by n"
    with closing(duckdb.connect()) as con:
        found = con.execute(statement, {"lines": lines, "today": today}).fetchall()
    wrong = [str(number) for number, canonical in found if canonical is None]
    if wrong:
        raise TrisamError(
            f"No personal number on line {', '.join(wrong)}. Nothing was removed.",
            "Give one personal number on each line, for example YYYYMMDD-NNNN.",
        )
    return list(dict.fromkeys(canonical for _, canonical in found))


@dataclass(frozen=True)
class Person:
    """A person to be erased, as nothing but keyed hashes: of the number, and of the number as an identifier."""

    person_id: str
    token: str


def pseudonymised(key: bytes, personnummer: Iterable[str]) -> list[Person]:
    """The persons that bear these numbers. Raises TrisamError, which names no number, for what is none."""
    key_parameters(key)
    return [Person(pseudonym(key, n), token(key, n)) for n in canonical_numbers(personnummer)]


def forget(work_db: Path, key: bytes, personnummer: Iterable[str]) -> ForgetCount:
    """Remove persons from every raw table and from quarantine, and never load them again.

    `personnummer` are numbers in any form of the contract. Raises as `erase`, or TrisamError for a line that is no
    personal number; nothing is changed then.
    """
    return erase(work_db, key_fingerprint(key), pseudonymised(key, personnummer))


def erase(work_db: Path, made_with: str, persons: Sequence[Person]) -> ForgetCount:
    """Remove persons from every raw table and from quarantine, and never load them again.

    `made_with` is the fingerprint of the key of the persons' pseudonyms. Counts in quality.delivery follow, so
    that rows loaded and blocked still add up. One transaction. Raises KeyMismatchError, or TrisamError for a work
    database that is not there; nothing is changed then.
    """
    if not work_db.exists():
        raise TrisamError(f"There is no work database {work_db}.", "Check TRISAM_HOME.")
    contract = load_contract()
    with closing(connect(work_db)) as con:
        con.execute("begin")
        ensure_tables(con, contract)
        ensure_replaced(con, contract)
        known = setting(con, "key_fingerprint")
        if known is None:
            remember_setting(con, "key_fingerprint", made_with)
        elif known != made_with:
            con.execute("rollback")
            raise KeyMismatchError
        blocked = _block(con, persons)
        rows = sum(_delete_rows(con, contract, dataset) for dataset in contract.datasets)
        quarantined = _delete_quarantined(con)
        con.execute("commit")
        con.execute("checkpoint")
    return ForgetCount(blocked, rows, quarantined)


def _count(con: duckdb.DuckDBPyConnection, query: str) -> int:
    row = con.execute(query).fetchone()
    return int(row[0]) if row else 0


def _block(con: duckdb.DuckDBPyConnection, persons: Sequence[Person]) -> int:
    before = _count(con, "select count(*) from ops.blocked_person")
    now = datetime.now(UTC).replace(tzinfo=None)
    con.execute(
        "create or replace temp table forgotten (person_id varchar, token varchar, blocked_at timestamp)"
    )
    insert_rows(
        con,
        "temp.forgotten",
        [{"person_id": p.person_id, "token": p.token, "blocked_at": now} for p in persons],
    )
    con.execute(
        "insert or ignore into ops.blocked_person select person_id, token, blocked_at from temp.forgotten"
    )
    return _count(con, "select count(*) from ops.blocked_person") - before


def _delete_rows(con: duckdb.DuckDBPyConnection, contract: Contract, name: str) -> int:
    dataset = contract.datasets[name]
    tests = [
        f"{quoted(c.raw_name)} in (select person_id from temp.forgotten)" for c in dataset.person_columns
    ]
    tests += [
        f"{quoted(c.name)} in (select token from temp.forgotten)"
        for c in dataset.columns
        if c.type == "text" and (c.identifier or c.key)
    ]
    if not tests:
        return 0
    _delete_tested(con, rows_table(dataset), REPLACED, " or ".join(tests))
    return _delete_tested(con, raw_table(dataset), "quality.delivery", " or ".join(tests))


def _delete_tested(con: duckdb.DuckDBPyConnection, table: str, deliveries: str, test: str) -> int:
    con.execute(
        "create or replace temp table forgotten_row as select delivery_id, count(*) as row_count "
        f"from {table} where {test} group by delivery_id"
    )
    con.execute(f"delete from {table} where {test}")
    con.execute(
        f"update {deliveries} as d set rows_loaded = rows_loaded - f.row_count, "
        "rows_blocked = coalesce(rows_blocked, 0) + f.row_count from temp.forgotten_row as f "
        "where f.delivery_id = d.delivery_id and d.status = 'in_force'"
    )
    return _count(con, "select coalesce(sum(row_count), 0)::bigint from temp.forgotten_row")


def _delete_quarantined(con: duckdb.DuckDBPyConnection) -> int:
    con.execute(
        "create or replace temp table forgotten_fault as select delivery_id, content_hash, row_number "
        "from ops.quarantined_person where person_id in (select person_id from temp.forgotten)"
    )
    con.execute(
        "update quality.delivery as d set rows_quarantined = rows_quarantined - f.row_count, "
        "rows_blocked = coalesce(rows_blocked, 0) + f.row_count from "
        "(select delivery_id, content_hash, count(*) as row_count from temp.forgotten_fault group by all) as f "
        "where f.delivery_id = d.delivery_id and f.content_hash = d.content_hash "
        "and d.status in ('in_force', 'rejected')"
    )
    for table in ("quality.quarantined_row", "ops.quarantined_person"):
        con.execute(
            f"delete from {table} as t where exists (select 1 from temp.forgotten_fault as f "
            "where f.delivery_id = t.delivery_id and f.content_hash = t.content_hash "
            "and f.row_number = t.row_number)"
        )
    return _count(con, "select count(*) from temp.forgotten_fault")
