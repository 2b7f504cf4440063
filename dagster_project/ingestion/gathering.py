"""Reads deliveries without a look at what their values say: small ones are gathered, to be validated together.

The database is never asked here, so that reading can go ahead of validating.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from dagster_project.contract import Contract, Dataset
from dagster_project.ingestion.batch import Content, Wanted
from dagster_project.ingestion.inbox import Signature
from dagster_project.ingestion.judging import RowCounts
from dagster_project.ingestion.limits import ReadingLimits
from dagster_project.ingestion.masking import mask
from dagster_project.ingestion.reading import MissingColumnsError, Source, UnreadableError, open_source
from dagster_project.ingestion.reading.bytestream import NotUtf8Error, hash_file
from dagster_project.ingestion.reading.headers import HeaderMatch
from dagster_project.ingestion.reading.rows import marked_rows
from dagster_project.ingestion.reading.source import CHUNK_BYTES
from dagster_project.ingestion.reading.unreadable import ChangedWhileReadError
from dagster_project.ingestion.resolution import Rejection
from dagster_project.ingestion.shelves import is_small


@dataclass(frozen=True)
class Staged:
    """A delivery that was read: what was found, and why it is rejected if it is."""

    content_hash: str | None
    signature: Signature | None
    counts: RowCounts = field(default_factory=RowCounts)
    match: HeaderMatch | None = None
    rejection: Rejection | None = None


@dataclass(frozen=True)
class Kind:
    """Deliveries that one statement validates: a dataset of one kind of party."""

    dataset: Dataset
    party_code: str


@dataclass(frozen=True)
class Gathered:
    """The next deliveries of a kind: those that were read, those that could not be, and one that is too large to wait.

    `large` is the number of the large one beside it.
    """

    kind: Kind
    paths: tuple[str, ...] = ()
    contents: tuple[Content, ...] = ()
    rejected: tuple[tuple[str, Staged], ...] = ()
    large: tuple[int, Wanted] | None = None


class Gatherer:
    """Reads deliveries of an inbox, within limits, and numbers them as it comes to them: those that are validated
    together have numbers in a row.
    """

    def __init__(
        self, inbox: Path, contract: Contract, limits: ReadingLimits, numbers: Iterator[int]
    ) -> None:
        self._numbers = numbers
        self._inbox = inbox
        self._contract = contract
        self._limits = limits

    def gathered(self, wanted: Iterable[Wanted]) -> Iterator[Gathered]:
        """All of them, kind by kind, as many at a time as a chunk holds."""
        kinds: dict[tuple[str, str], list[Wanted]] = defaultdict(list)
        for one in wanted:
            kinds[one.name.dataset, one.name.party_code].append(one)
        for (dataset, party_code), ones in sorted(kinds.items()):
            yield from self._of_kind(Kind(self._contract.datasets[dataset], party_code), ones)

    def _of_kind(self, kind: Kind, wanted: Sequence[Wanted]) -> Iterator[Gathered]:
        waiting: list[tuple[str, Content | Staged]] = []
        size = 0
        for one, number in zip(wanted, self._numbers, strict=False):
            if self._is_large(one):
                yield Gathered(kind, (one.path,), large=(number, one))
                continue
            found = self._small(kind, number, one)
            waiting.append((one.path, found))
            size += found.size if isinstance(found, Content) else 0
            if size >= CHUNK_BYTES:
                yield _together(kind, waiting)
                waiting, size = [], 0
        yield _together(kind, waiting)

    def _is_large(self, one: Wanted) -> bool:
        try:
            return not is_small((self._inbox / one.path).stat().st_size, one.name.file_format)
        except OSError:
            return False  # whatever is wrong with it, reading it says so

    def _small(self, kind: Kind, number: int, one: Wanted) -> Content | Staged:
        def read(source: Source) -> Content:
            return content_of(one, number, source, tuple(texts_of(source, kind, number, one)))

        return self.read(kind, one, read)

    def read(self, kind: Kind, one: Wanted, use: Callable[[Source], Content | Staged]) -> Content | Staged:
        """What `use` makes of an open delivery, or why it cannot be read; read again where it changes meanwhile.

        Never raises for anything in a file: that is a rejection.
        """
        path, force_cp1252 = self._inbox / one.path, False
        for _ in range(self._limits.attempts + 1):
            try:
                with open_source(
                    path, one.name.file_format, kind.dataset, self._limits, force_cp1252
                ) as source:
                    return use(source)
            except NotUtf8Error:
                force_cp1252 = True
            except ChangedWhileReadError:
                continue
            except MissingColumnsError as error:
                return _rejected(path, "missing_column", str(error))
            except UnreadableError as error:
                return _rejected(path, "unreadable", str(error))
            except (duckdb.ProgrammingError, duckdb.InternalError):
                raise  # ours, whatever the file holds
            except (duckdb.Error, MemoryError, OSError) as error:
                return not_validated(error)
        return Staged(None, None, rejection=Rejection("unreadable", "the file changed while it was read"))


def texts_of(source: Source, kind: Kind, number: int, one: Wanted) -> Iterator[pa.Table]:
    """The rows of an open delivery as validation takes them, in chunks."""
    for chunk in source.chunks():
        yield marked_rows(chunk, source.table.match, kind.dataset, number, one.period)


def content_of(wanted: Wanted, number: int, source: Source, rows: tuple[pa.Table, ...] = ()) -> Content:
    """What is known of a delivery that was read to its end. Raises ChangedWhileReadError."""
    content_hash, signature = source.finish()
    table = source.table
    return Content(
        wanted, number, content_hash, signature, table.match, table.width, table.wrong_rows.faults(), rows
    )


def not_validated(error: Exception) -> Staged:
    """The finding for a delivery that something else than its content kept from being validated."""
    # Its text may quote values, so its kind must do. Not known to lie in the file (the disk may be full), so no hash
    # is kept and the next run tries again.
    detail = f"the file could not be validated ({type(error).__name__})"
    return Staged(None, None, rejection=Rejection("unreadable", detail))


def hash_quietly(path: Path) -> tuple[str | None, Signature | None]:
    """Hash and signature of a file that is not loaded; nothing when it cannot be read or does not hold still."""
    try:
        return hash_file(path)
    except (UnreadableError, ChangedWhileReadError, OSError):
        return None, None


def _together(kind: Kind, found: Sequence[tuple[str, Content | Staged]]) -> Gathered:
    return Gathered(
        kind,
        tuple(path for path, _ in found),
        tuple(one for _, one in found if isinstance(one, Content)),
        tuple((path, one) for path, one in found if isinstance(one, Staged)),
    )


def _rejected(path: Path, reason: str, detail: str) -> Staged:
    content_hash, signature = hash_quietly(path)
    return Staged(content_hash, signature, rejection=Rejection(reason, mask(detail)))
