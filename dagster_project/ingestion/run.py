"""Brings the work database in line with the inbox; how files are read and judged is decided elsewhere."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import duckdb

from dagster_project.contract import Contract, load_contract
from dagster_project.ingestion.batch import Wanted
from dagster_project.ingestion.closing import Change, change_of, fingerprint_of, group_rows, write_run
from dagster_project.ingestion.fingerprints import contract_fingerprint
from dagster_project.ingestion.gathering import hash_quietly
from dagster_project.ingestion.group import DeliveryFile, Group
from dagster_project.ingestion.inbox import InboxFile, Signature, scan
from dagster_project.ingestion.judging import RowCounts
from dagster_project.ingestion.limits import ReadingLimits
from dagster_project.ingestion.masking import mask_path
from dagster_project.ingestion.names import DeliveryName, parse_path
from dagster_project.ingestion.others import distinct, other_row
from dagster_project.ingestion.pseudonyms import key_fingerprint
from dagster_project.ingestion.resolution import Resolution
from dagster_project.ingestion.results import (
    IngestResult,
    KeyMismatchError,
    WithdrawnDeliveriesError,
    rejected_delivery,
)
from dagster_project.ingestion.shelves import Shelves, open_shelves
from dagster_project.ingestion.staging import Stager
from dagster_project.ingestion.warehouse import (
    IN_FORCE,
    REJECTED,
    SUPERSEDED,
    TOO_MANY_BAD_ROWS,
    UNRECOGNISED,
    DeliveryRow,
    connect,
    ensure_tables,
    read_deliveries,
    read_seen,
    remember_setting,
    setting,
)

_CONTENT_REASONS = frozenset({"unreadable", "missing_column", TOO_MANY_BAD_ROWS})
_Groups = dict[tuple[str, str], Group]


class _Run:
    """One run on one connection: state before, files now, groups in between."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        inbox: Path,
        key: bytes,
        limits: ReadingLimits,
        withdraw: bool,
        only: Sequence[str] | None,
        progress: Callable[[str], None],
    ) -> None:
        self.con, self.inbox, self.key, self.limits = con, inbox, key, limits
        self.withdraw, self.only, self.progress = withdraw, only, progress
        self.contract: Contract = load_contract()
        self.rules = contract_fingerprint()
        self.before: list[DeliveryRow] = []
        self.groups: _Groups = defaultdict(Group)
        self.other_rows: list[DeliveryRow] = []
        self.files: list[InboxFile] = []
        self.hashes: dict[str, tuple[Signature, str | None]] = {}

    def open(self) -> None:
        """Tables, key and what earlier runs left. Raises KeyMismatchError."""
        self.con.execute("begin")
        ensure_tables(self.con, self.contract)
        known = setting(self.con, "key_fingerprint")
        if known is None:
            remember_setting(self.con, "key_fingerprint", key_fingerprint(self.key))
        elif known != key_fingerprint(self.key):
            self.con.execute("rollback")
            raise KeyMismatchError
        self.con.execute("commit")
        self.before = read_deliveries(self.con)

    def survey(self) -> None:
        """Sort the files of the inbox into groups and others, with the hashes that are known."""
        self.files = scan(self.inbox)
        seen = read_seen(self.con)
        loaded_paths = {row.delivery_id for row in self.before if row.status in (IN_FORCE, REJECTED)}
        for file in self.files:
            name = parse_path(file.path, self.contract) if file.is_file else None
            content_hash = seen.get((mask_path(file.path), file.signature))
            # A file under a known name may be unchanged, and one without a period is listed but never read.
            if content_hash is None and name and (file.path in loaded_paths or name.period is None):
                content_hash, _ = hash_quietly(self.inbox / file.path)
            self.hashes[file.path] = (file.signature, content_hash)
            self._sort(file, name, content_hash)

    def _sort(self, file: InboxFile, name: DeliveryName | None, content_hash: str | None) -> None:
        if name is not None and name.period is not None:
            group = self.groups[name.folder, name.dataset]
            group.files[file.path] = DeliveryFile(file, name, name.period, content_hash)
        else:
            self.other_rows.append(other_row(file, name, content_hash))

    def remember(self) -> None:
        """Give each group what earlier runs loaded and rejected of it. Raises WithdrawnDeliveriesError."""
        same_rules = setting(self.con, "contract_fingerprint") == self.rules
        same_limits = setting(self.con, "limits") == self.limits.model_dump_json()
        for row in self.before:
            if row.party is None or row.dataset is None:
                continue
            group = self.groups[row.party, row.dataset]
            if row.status == IN_FORCE:
                group.loaded[row.delivery_id] = row
            elif row.reason in _CONTENT_REASONS and row.content_hash and same_limits:
                group.rejected_contents[row.delivery_id, row.content_hash] = row
        for group in self.groups.values():
            group.stale = not same_rules
        self._refuse_withdrawal()
        for group in self.groups.values():
            group.prepare()

    def _refuse_withdrawal(self) -> None:
        chosen = {place: group for place, group in self.groups.items() if self.chosen(place)}
        missing = tuple(sorted(path for group in chosen.values() for path in group.gone()))
        empty = not any(group.files for group in self.groups.values())
        if missing and (empty or not self.withdraw):
            raise WithdrawnDeliveriesError(missing, inbox_is_empty=empty)
        for group in chosen.values():
            group.loaded = {path: row for path, row in group.loaded.items() if path not in missing}

    def chosen(self, place: tuple[str, str]) -> bool:
        """Whether this run takes in a party's dataset: by `party`, `dataset` or `party/dataset`."""
        party, dataset = place
        return self.only is None or bool({party, dataset, f"{party}/{dataset}"} & set(self.only))

    def settle(self, shelves: Shelves) -> dict[tuple[str, str], Resolution]:
        """Read what must be read until it is certain what is in force."""
        stager = Stager(self.con, self.contract, self.key, self.limits, shelves)
        groups = {place: group for place, group in sorted(self.groups.items()) if self.chosen(place)}
        while True:
            resolutions = {place: group.resolve() for place, group in groups.items()}
            unread = {
                path: group for place, group in groups.items() for path in group.unread(resolutions[place])
            }
            if not unread:
                return resolutions
            self._read(stager, unread)

    def _read(self, stager: Stager, unread: dict[str, Group]) -> None:
        wanted = []
        for path, group in unread.items():
            delivery = group.files[path]
            wanted.append(Wanted(path, delivery.name, delivery.period))
        for path, staged in stager.stage(self.inbox, wanted, self.progress):
            unread[path].take(path, staged)
            if staged.signature is not None:
                self.hashes[path] = (staged.signature, staged.content_hash)
            if staged.rejection is not None:
                self.progress(f"rejected {path}: {staged.rejection.reason} ({staged.rejection.detail})")

    def hash_unread(self, resolutions: dict[tuple[str, str], Resolution]) -> None:
        """Hash the files that are listed but not read, once."""
        for place in resolutions:
            group = self.groups[place]
            for path, delivery in group.files.items():
                if delivery.content_hash is None and path not in group.staged:
                    content_hash, signature = hash_quietly(self.inbox / path)
                    group.files[path] = replace(delivery, content_hash=content_hash)
                    self.hashes[path] = (signature or delivery.file.signature, content_hash)

    def rows(self, resolutions: dict[tuple[str, str], Resolution]) -> list[DeliveryRow]:
        """quality.delivery as it will be; what this run does not take in stays as it was."""
        rows = [row for place, r in resolutions.items() for row in group_rows(self.groups[place], r)]
        rows += [
            row
            for row in self.before
            if row.party is not None
            and row.dataset is not None
            and not self.chosen((row.party, row.dataset))
            and row.reason != "bad_period"
        ]
        return [*rows, *distinct(self.other_rows)]

    def seen(self) -> list[tuple[str, Signature, str | None]]:
        """What the next run needs to tell changed files from unchanged ones."""
        taken = {
            path for place, group in self.groups.items() if not self.chosen(place) for path in group.files
        }
        return [
            (mask_path(path), signature, content_hash)
            for path, (signature, content_hash) in self.hashes.items()
            if path not in taken
        ]


def _silent(_: str) -> None:
    """No progress display."""


def ingest(
    inbox: Path,
    work_db: Path,
    key: bytes,
    *,
    limits: ReadingLimits | None = None,
    withdraw: bool = False,
    only: Sequence[str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> IngestResult:
    """Bring the work database in line with the inbox; reads only files that are new or changed.

    `key` is the pseudonym key. `withdraw` accepts that files of deliveries in force are gone. `only` restricts
    the run to parties (`af`), datasets (`team`) or both (`kommun-2180/avslut`); all else stays as it is.
    `progress` gets a masked line per file. Persons in `ops.blocked_person` are never loaded.

    All changes are one transaction: a run that is killed leaves the database as it was. Raises
    KeyMismatchError, WithdrawnDeliveriesError or another TrisamError, each before anything is changed.
    Source: the extract contract, "Parties and files" and "Quality of a delivery".
    """
    limits = limits or ReadingLimits()
    with (
        closing(connect(work_db, limits.memory_limit)) as con,
        open_shelves(con, load_contract(), work_db) as shelves,
    ):
        run = _Run(con, inbox, key, limits, withdraw, only, progress or _silent)
        run.open()
        run.survey()
        run.remember()
        resolutions = run.settle(shelves)
        run.hash_unread(resolutions)
        rows = run.rows(resolutions)
        staged = {path: s.content_hash or "" for g in run.groups.values() for path, s in g.staged.items()}
        change = change_of(rows, run.before, staged)
        _commit(run, change, resolutions, shelves)
        return _result(run, change)


def _commit(
    run: _Run, change: Change, resolutions: dict[tuple[str, str], Resolution], shelves: Shelves
) -> None:
    listed: dict[tuple[str | None, str | None], list[DeliveryRow]] = defaultdict(list)
    for row in change.rows:
        listed[row.party, row.dataset].append(row)
    run.con.execute("begin")
    write_run(
        run.con,
        run.contract,
        change,
        [(run.groups[place], listed[place]) for place in resolutions],
        run.seen(),
        shelves.used(),
    )
    if run.only is None or not run.before:
        remember_setting(run.con, "contract_fingerprint", run.rules)
        remember_setting(run.con, "limits", run.limits.model_dump_json())
    run.con.execute("commit")


def _result(run: _Run, change: Change) -> IngestResult:
    def names(status: str) -> tuple[str, ...]:
        return tuple(sorted(row.delivery_id for row in change.rows if row.status == status))

    staged = {path: s.counts for g in run.groups.values() for path, s in g.staged.items()}
    counts = [staged[path] for path in change.loaded] or [RowCounts()]
    rejected = [row for row in change.rows if row.status == REJECTED]
    return IngestResult(
        in_force=names(IN_FORCE),
        superseded=names(SUPERSEDED),
        rejected=tuple(rejected_delivery(r.delivery_id, r.reason or "", r.detail or "") for r in rejected),
        unrecognised=names(UNRECOGNISED),
        loaded=change.loaded,
        removed=tuple(path for path in change.removed if path not in change.loaded),
        rows_read=sum(c.read for c in counts),
        rows_loaded=sum(c.loaded for c in counts),
        rows_collapsed=sum(c.collapsed for c in counts),
        rows_quarantined=sum(c.quarantined for c in counts),
        rows_blocked=sum(c.blocked for c in counts),
        changed=bool(change.loaded or change.removed),
        fingerprint=fingerprint_of(change.rows, run.rules, run.con),
    )
