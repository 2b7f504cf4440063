"""Brings the work database in line with the inbox; how files are read and judged is decided elsewhere."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
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
from dagster_project.ingestion.left_out import Without, leave_out, record_left_out
from dagster_project.ingestion.limits import ReadingLimits
from dagster_project.ingestion.masking import mask_path
from dagster_project.ingestion.names import DeliveryName, parse_path
from dagster_project.ingestion.others import BAD_PERIOD, distinct, left_out_row, other_row
from dagster_project.ingestion.pseudonyms import key_fingerprint
from dagster_project.ingestion.replaced import ensure_replaced, replaced_deliveries
from dagster_project.ingestion.request import Request
from dagster_project.ingestion.resolution import Resolution
from dagster_project.ingestion.results import (
    IngestResult,
    KeyMismatchError,
    WithdrawnDeliveriesError,
)
from dagster_project.ingestion.shelves import Shelves, open_shelves
from dagster_project.ingestion.staging import Stager
from dagster_project.ingestion.summary import result_of
from dagster_project.ingestion.warehouse import (
    IN_FORCE,
    REJECTED,
    TOO_MANY_BAD_ROWS,
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
        request: Request,
        progress: Callable[[str], None],
    ) -> None:
        self.con, self.inbox, self.key, self.limits = con, inbox, key, limits
        self.request, self.progress = request, progress
        self.contract: Contract = load_contract()
        self.rules = contract_fingerprint()
        self.before: list[DeliveryRow] = []
        self.groups: _Groups = defaultdict(Group)
        self.others: dict[str, DeliveryRow] = {}
        self.replaced: list[DeliveryRow] = []
        self.left_out: set[str] = set()
        self.files: list[InboxFile] = []
        self.hashes: dict[str, tuple[Signature, str | None]] = {}

    def open(self) -> None:
        """Tables, key and what earlier runs left. Raises KeyMismatchError."""
        self.con.execute("begin")
        ensure_tables(self.con, self.contract)
        ensure_replaced(self.con, self.contract)
        known = setting(self.con, "key_fingerprint")
        if known is None:
            remember_setting(self.con, "key_fingerprint", key_fingerprint(self.key))
        elif known != key_fingerprint(self.key):
            self.con.execute("rollback")
            raise KeyMismatchError
        self.con.execute("commit")
        self.before = read_deliveries(self.con)
        self.replaced = replaced_deliveries(self.con, self.request.published)

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
            self.others[file.path] = other_row(file, name, content_hash)

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
        for row in self.replaced:
            self.groups[row.party or "", row.dataset or ""].replaced[row.delivery_id] = row
        for group in self.groups.values():
            group.stale = not same_rules
        self._leave_out()
        self._refuse_withdrawal()
        for group in self.groups.values():
            group.prepare()

    def _leave_out(self) -> None:
        """Take the files that a person leaves out from the groups. Raises as `leave_out`."""
        bad_names = {path for path, row in self.others.items() if row.reason == BAD_PERIOD}
        chosen = [group for place, group in self.groups.items() if self.request.takes_in(place)]
        self.left_out = leave_out(chosen, bad_names, self.request.without, self.request.published)
        for path in self.left_out & bad_names:
            self.others[path] = left_out_row(self.others[path], self.request.without.detail)

    def _refuse_withdrawal(self) -> None:
        chosen = {place: group for place, group in self.groups.items() if self.request.takes_in(place)}
        missing = tuple(sorted(path for group in chosen.values() for path in group.gone()))
        empty = not any(group.files or group.left_out for group in self.groups.values())
        if missing and (empty or not self.request.withdraw):
            raise WithdrawnDeliveriesError(missing, inbox_is_empty=empty)
        for group in chosen.values():
            group.loaded = {path: row for path, row in group.loaded.items() if path not in missing}

    def settle(self, shelves: Shelves) -> dict[tuple[str, str], Resolution]:
        """Read what must be read until it is certain what is in force."""
        stager = Stager(self.con, self.contract, self.key, self.limits, shelves)
        groups = {
            place: group for place, group in sorted(self.groups.items()) if self.request.takes_in(place)
        }
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
        detail = self.request.without.detail
        rows = [row for place, r in resolutions.items() for row in group_rows(self.groups[place], r, detail)]
        rows += [
            row
            for row in self.before
            if row.party is not None
            and row.dataset is not None
            and not self.request.takes_in((row.party, row.dataset))
            and row.period is not None
        ]
        return [*rows, *distinct(list(self.others.values()))]

    def seen(self) -> list[tuple[str, Signature, str | None]]:
        """What the next run needs to tell changed files from unchanged ones; to it, what is left out is new."""
        unseen = {
            path
            for place, group in self.groups.items()
            if not self.request.takes_in(place)
            for path in group.files
        }
        return [
            (mask_path(path), signature, content_hash)
            for path, (signature, content_hash) in self.hashes.items()
            if path not in unseen | self.left_out
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
    without: Without | None = None,
    published: Mapping[str, str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> IngestResult:
    """Bring the work database in line with the inbox; reads only files that are new or changed.

    `key` is the pseudonym key. `withdraw` accepts that files of deliveries in force are gone. `only` restricts
    the run to parties (`af`), datasets (`team`) or both (`kommun-2180/avslut`); all else stays as it is.
    `without` names files that are treated as not delivered yet; `published` is the content hash of each delivery of
    the published release, which they leave in force. `progress` gets a masked line per file. Persons in
    `ops.blocked_person` are never loaded.

    All changes are one transaction: a run that is killed leaves the database as it was. Raises
    KeyMismatchError, WithdrawnDeliveriesError or another TrisamError, each before anything is changed.
    Source: the extract contract, "Parties and files" and "Quality of a delivery".
    """
    limits = limits or ReadingLimits()
    request = Request(withdraw, only, without or Without(), published or {})
    with (
        closing(connect(work_db, limits.memory_limit)) as con,
        open_shelves(con, load_contract(), work_db) as shelves,
    ):
        run = _Run(con, inbox, key, limits, request, progress or _silent)
        run.open()
        run.survey()
        run.remember()
        resolutions = run.settle(shelves)
        run.hash_unread(resolutions)
        rows = run.rows(resolutions)
        staged = {path: s.content_hash or "" for g in run.groups.values() for path, s in g.staged.items()}
        change = change_of(rows, run.before, staged, run.replaced)
        _commit(run, change, resolutions, shelves)
        return result_of(change, run.groups.values(), fingerprint_of(change.rows, run.rules, run.con))


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
        run.request.published,
    )
    record_left_out(run.con, run.request.without, run.left_out)
    # What is left out under other rules than those that it was loaded by has still to be read by these.
    if (run.request.only is None and not run.left_out) or not run.before:
        remember_setting(run.con, "contract_fingerprint", run.rules)
        remember_setting(run.con, "limits", run.limits.model_dump_json())
    run.con.execute("commit")
