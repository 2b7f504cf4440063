"""What ingestion tells its caller: counts, lists and reasons in plain words. All text in it is masked."""

from dataclasses import dataclass

from dagster_project.errors import TrisamError

_RULES = {
    "unreadable": (
        "The file cannot be read.",
        "Ask the party for a new file under the same name or with the next revision.",
    ),
    "missing_column": (
        "The file has no header or lacks a required column.",
        "Compare its first row with docs/extracts.md, and ask the party for a new file.",
    ),
    "bad_period": (
        "The file name bears no period that parses.",
        "Rename the file after DATASET_PERIOD[_rN].EXT; a period is 2021, 2021H1, 2021Q3, 2021-09 or "
        "20191201-20211231.",
    ),
    "overlapping_period": (
        "The period partly overlaps the one of another delivery.",
        "Remove one of the two files, or replace them by one that covers both periods.",
    ),
    "ambiguous_revision": (
        "Two files state the same period and revision.",
        "Remove one, or give the newer the next revision (_r2, _r3, …).",
    ),
    "too_many_bad_rows": (
        "More than 5 % of the rows break a rule, so nothing of the file is loaded.",
        "Send the quarantined rows to the party, and ask for a new file.",
    ),
}


@dataclass(frozen=True)
class RejectedDelivery:
    """A file that is not loaded and blocks publication: which, by what rule, and what to do next."""

    delivery_id: str
    reason: str
    detail: str
    rule: str
    next_step: str

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.rule} ({self.detail}) {self.next_step}"


def rejected_delivery(delivery_id: str, reason: str, detail: str) -> RejectedDelivery:
    """A rejection in plain words."""
    rule, next_step = _RULES[reason]
    return RejectedDelivery(delivery_id, reason, detail, rule, next_step)


@dataclass(frozen=True)
class IngestResult:
    """What a run of ingestion did.

    Deliveries are named by delivery_id. `loaded` and `removed` are the changes of this run, `in_force` is what
    holds now. Row counts are of this run's new deliveries. `changed` tells whether any raw row changed,
    `fingerprint` is one value for all contents in force: equal fingerprints mean equal raw tables.
    """

    in_force: tuple[str, ...]
    superseded: tuple[str, ...]
    rejected: tuple[RejectedDelivery, ...]
    unrecognised: tuple[str, ...]
    left_out: tuple[str, ...]
    loaded: tuple[str, ...]
    removed: tuple[str, ...]
    rows_read: int
    rows_loaded: int
    rows_collapsed: int
    rows_quarantined: int
    rows_blocked: int
    changed: bool
    fingerprint: str


@dataclass(frozen=True)
class ForgetCount:
    """What erasure removed: counts, never names or numbers."""

    persons_blocked: int
    """Newly blocked; a person that was blocked before counts no more."""
    rows_deleted: int
    quarantined_rows_deleted: int


class WithdrawnDeliveriesError(TrisamError):
    """The files of deliveries in force are gone and nothing there replaces them. Nothing was changed."""

    def __init__(self, missing: tuple[str, ...], inbox_is_empty: bool = False) -> None:
        self.missing = missing
        listed = "\n".join(f"  {delivery_id}" for delivery_id in missing)
        if inbox_is_empty:
            super().__init__(
                "The inbox holds no delivery at all, while the warehouse holds:\n" + listed,
                "Check that the inbox is mounted. An empty inbox never empties the warehouse.",
            )
        else:
            super().__init__(
                "The files of these deliveries are gone from the inbox:\n" + listed,
                "Put them back, or accept the withdrawal (--withdraw).",
            )


class KeyMismatchError(TrisamError):
    """The warehouse was filled with another pseudonym key."""

    def __init__(self) -> None:
        super().__init__(
            "The pseudonym key is not the one that this warehouse was filled with.",
            "Use the key of the first run. With a new key, start with a new work database.",
        )
