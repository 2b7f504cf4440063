"""The end of a run: quality.delivery as it will be, and the one transaction that makes everything so."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import duckdb

from dagster_project.contract import Contract
from dagster_project.ingestion.group import Group
from dagster_project.ingestion.inbox import Signature
from dagster_project.ingestion.replaced import forget_needless, keep_replaced, put_back
from dagster_project.ingestion.resolution import Candidate, Rejection, Resolution
from dagster_project.ingestion.shelves import Shelf
from dagster_project.ingestion.warehouse import (
    IN_FORCE,
    LEFT_OUT,
    LEFT_OUT_BY_PERSON,
    REJECTED,
    SUPERSEDED,
    TOO_MANY_BAD_ROWS,
    DeliveryRow,
    insert_rows,
    quoted,
    raw_table,
    read_deliveries,
    replace_deliveries,
)


@dataclass(frozen=True)
class Change:
    """What the closing transaction does: contents by delivery_id.

    `restored` are deliveries in force whose rows were replaced by a run that was not published.
    """

    rows: tuple[DeliveryRow, ...]
    loaded: tuple[str, ...]
    removed: tuple[str, ...]
    restored: tuple[DeliveryRow, ...] = ()


def _rows_count(status: str, reason: str | None) -> bool:
    """Whether the rows of a delivery are told of.

    Others were read only to find out what is in force, and leave neither counts nor quarantine.
    """
    return status == IN_FORCE or reason == TOO_MANY_BAD_ROWS


def _file_row(group: Group, path: str, status: str, why: Rejection | None, detail: str | None) -> DeliveryRow:
    """The row of a file, with counts if its rows count and it was read in this run."""
    delivery, staged = group.files.get(path) or group.left_out[path], group.staged.get(path)
    name = delivery.name
    counts = staged.counts if staged and _rows_count(status, why.reason if why else None) else None
    return DeliveryRow(
        delivery_id=path,
        file_name=path.rpartition("/")[2],
        party=name.folder,
        dataset=name.dataset,
        period=name.period_text,
        period_start=name.period.start if name.period else None,
        period_end=name.period.end if name.period else None,
        revision=name.revision,
        file_format=name.file_format,
        status=status,
        reason=why.reason if why else None,
        detail=why.detail if why else detail,
        content_hash=staged.content_hash if staged else delivery.content_hash,
        size_bytes=staged.signature.size if staged and staged.signature else delivery.file.signature.size,
        rows_read=counts.read if counts else None,
        rows_loaded=counts.loaded if counts else None,
        rows_collapsed=counts.collapsed if counts else None,
        rows_quarantined=counts.quarantined if counts else None,
        rows_blocked=counts.blocked if counts else None,
        loaded_at=datetime.now(UTC).replace(tzinfo=None) if status == IN_FORCE else None,
    )


def _held_row(group: Group, path: str) -> DeliveryRow:
    why = "is left out" if group.is_held_for_left_out(path) else "cannot be loaded"
    return replace(
        group.loaded[path], detail=f"loaded earlier; stays in force because what replaces it {why}"
    )


def _in_force_row(group: Group, candidate: Candidate) -> DeliveryRow:
    if candidate.held:
        return _held_row(group, candidate.path)
    if group.unchanged(candidate.path):
        return replace(group.loaded[candidate.path], detail=None)
    return _file_row(group, candidate.path, IN_FORCE, None, None)


def _rejected_row(group: Group, candidate: Candidate, why: Rejection) -> DeliveryRow:
    file = group.files[candidate.path]
    known = group.rejected_contents.get((candidate.path, file.content_hash or ""))
    if known is not None and known.reason == why.reason and candidate.path not in group.staged:
        return known
    return _file_row(group, candidate.path, REJECTED, why, None)


def group_rows(group: Group, resolution: Resolution, left_out_detail: str = "") -> list[DeliveryRow]:
    """The rows of quality.delivery for one party's dataset, in order of delivery_id and status.

    `left_out_detail` says who left out what is left out, and why.
    """
    left_out = Rejection(LEFT_OUT_BY_PERSON, left_out_detail)
    rows = [_in_force_row(group, candidate) for candidate in resolution.in_force]
    rows += [
        _file_row(group, old.path, SUPERSEDED, None, f"replaced by {new.file_name}")
        for old, new in resolution.superseded.items()
        if not old.held
    ]
    rows += [_rejected_row(group, c, why) for c, why in resolution.rejected.items() if not c.held]
    rows += [_file_row(group, path, LEFT_OUT, left_out, None) for path in group.left_out]
    return sorted(rows, key=lambda row: (row.delivery_id, row.status))


def change_of(
    rows: Iterable[DeliveryRow],
    before: Iterable[DeliveryRow],
    staged: Mapping[str, str],
    replaced: Iterable[DeliveryRow] = (),
) -> Change:
    """Compare with what was in force. `staged` maps the path of each content read in this run to its hash;
    `replaced` are deliveries whose rows can be restored.
    """
    rows = tuple(rows)
    now = {row.delivery_id: row.content_hash for row in rows if row.status == IN_FORCE}
    old = {row.delivery_id: row.content_hash for row in before if row.status == IN_FORCE}
    # Content that was read anew is loaded anew, even if its hash is as before: the rules may have changed.
    fresh = {path for path, content_hash in staged.items() if now.get(path) == content_hash}
    loaded = tuple(sorted(fresh))
    kept = {row.delivery_id: row for row in replaced}
    restored = {
        path
        for path, row in kept.items()
        if path not in fresh and now.get(path) == row.content_hash != old.get(path)
    }
    removed = tuple(sorted(path for path in old if path not in now or path in fresh or path in restored))
    return Change(rows, loaded, removed, tuple(kept[path] for path in sorted(restored)))


def fingerprint_of(
    rows: Iterable[DeliveryRow], contract_fingerprint: str, connection: duckdb.DuckDBPyConnection
) -> str:
    """One value for everything that raw tables are made of: contents in force, contract, blocked persons."""
    digest = hashlib.sha256(contract_fingerprint.encode())
    for row in sorted(r.delivery_id + "\0" + (r.content_hash or "") for r in rows if r.status == IN_FORCE):
        digest.update(row.encode("utf-8", "surrogatepass") + b"\n")
    persons = connection.execute("select person_id from ops.blocked_person order by person_id").fetchall()
    for (person_id,) in persons:
        digest.update(person_id.encode())
    return digest.hexdigest()


def _drift_rows(group: Group, rows: Sequence[DeliveryRow]) -> list[dict[str, Any]]:
    found = []
    for row in rows:
        staged = group.staged.get(row.delivery_id)
        if staged is None or staged.match is None or row.content_hash != staged.content_hash:
            continue
        if not _rows_count(row.status, row.reason):
            continue
        kinds = (
            ("unknown_column", staged.match.unknown),
            ("missing_optional_column", staged.match.missing_optional),
        )
        found += [
            {
                "delivery_id": row.delivery_id,
                "party": row.party,
                "dataset": row.dataset,
                "kind": kind,
                "column_name": column,
                "content_hash": row.content_hash,
            }
            for kind, columns in kinds
            for column in columns
        ]
    return found


def _keep_contents(con: duckdb.DuckDBPyConnection, rows: Iterable[DeliveryRow], staged: set[str]) -> None:
    """Quarantine and drift of contents whose rows count stay; of all others they go."""
    con.execute(
        "create or replace temp table kept_content (delivery_id varchar, content_hash varchar, is_new boolean)"
    )
    listed = [
        {"delivery_id": r.delivery_id, "content_hash": r.content_hash, "is_new": r.delivery_id in staged}
        for r in rows
        if _rows_count(r.status, r.reason) and r.content_hash is not None
    ]
    insert_rows(con, "temp.kept_content", listed)


def _write_quarantine(con: duckdb.DuckDBPyConnection, shelves: Sequence[Shelf]) -> None:
    for table in ("quality.quarantined_row", "quality.schema_drift", "ops.quarantined_person"):
        con.execute(
            f"delete from {table} as t where not exists (select 1 from temp.kept_content as k "
            "where k.delivery_id = t.delivery_id and k.content_hash = t.content_hash and not k.is_new)"
        )
    for shelf in shelves:
        _take_quarantine(con, shelf)


def _take_quarantine(con: duckdb.DuckDBPyConnection, shelf: Shelf) -> None:
    con.execute(
        "insert into quality.quarantined_row select q.path, d.party, d.dataset, d.period, d.file_name, "
        "q.row_number, q.column_name, q.reason, q.shown, q.content_hash "
        f"from {shelf.quarantine()} as q join quality.delivery as d "
        "on d.delivery_id = q.path and d.content_hash = q.content_hash "
        f"and (d.status = '{IN_FORCE}' or d.reason = '{TOO_MANY_BAD_ROWS}') order by q.path, q.row_number"
    )
    con.execute(
        "insert into ops.quarantined_person select distinct q.path, q.content_hash, q.row_number, q.person_id "
        f"from {shelf.quarantine()} as q join quality.quarantined_row as r on r.delivery_id = q.path "
        "and r.content_hash = q.content_hash and r.row_number = q.row_number where q.person_id is not null"
    )


def _write_raw(
    con: duckdb.DuckDBPyConnection, contract: Contract, change: Change, shelves: Sequence[Shelf]
) -> None:
    for name, paths in (("gone_delivery", change.removed), ("new_delivery", change.loaded)):
        con.execute(f"create or replace temp table {name} (delivery_id varchar)")
        insert_rows(con, f"temp.{name}", [{"delivery_id": path} for path in paths])
    for dataset in contract.datasets.values():
        con.execute(
            f"delete from {raw_table(dataset)} "
            "where delivery_id in (select delivery_id from temp.gone_delivery)"
        )
    for shelf in shelves:
        _take_rows(con, contract, shelf)


def _take_rows(con: duckdb.DuckDBPyConnection, contract: Contract, shelf: Shelf) -> None:
    con.register("waiting_delivery", shelf.known())
    for dataset in contract.datasets.values():
        columns = ", ".join(f"s.{quoted(column.raw_name)}" for column in dataset.columns)
        con.execute(
            f"insert into {raw_table(dataset)} select d.path, d.folder, s.row_number, {columns} "
            f"from {shelf.stage(dataset)} as s inner join waiting_delivery as d using (delivery) "
            "where d.path in (select delivery_id from temp.new_delivery)"
        )
    con.unregister("waiting_delivery")


def write_run(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    change: Change,
    groups: Iterable[tuple[Group, Sequence[DeliveryRow]]],
    seen: Sequence[tuple[str, Signature, str | None]],
    shelves: Sequence[Shelf],
    published: Mapping[str, str],
) -> None:
    """Make it so, inside the caller's transaction; `published` is the content hash of each published delivery."""
    groups = list(groups)
    staged = {path for group, _ in groups for path in group.staged}
    before = [row for row in read_deliveries(con) if row.delivery_id in set(change.removed)]
    keep_replaced(con, contract, before, published)
    _write_raw(con, contract, change, shelves)
    put_back(con, contract, change.restored)
    replace_deliveries(con, change.rows)
    forget_needless(con, contract, change.rows, published)
    _keep_contents(con, change.rows, staged)
    _write_quarantine(con, shelves)
    insert_rows(con, "quality.schema_drift", [row for g, rows in groups for row in _drift_rows(g, rows)])
    con.execute("delete from ops.seen_file")
    insert_rows(
        con,
        "ops.seen_file",
        [
            {
                "path": path,
                "size_bytes": signature.size,
                "mtime_ns": signature.mtime_ns,
                "inode": signature.inode,
                "ctime_ns": signature.ctime_ns,
                "content_hash": content_hash,
            }
            for path, signature, content_hash in seen
        ],
    )
