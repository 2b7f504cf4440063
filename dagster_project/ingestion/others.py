"""The rows of quality.delivery for files that are never read: no delivery, or one whose name has no period."""

from collections import defaultdict
from dataclasses import replace

from dagster_project.ingestion.inbox import InboxFile
from dagster_project.ingestion.masking import mask_path
from dagster_project.ingestion.names import DeliveryName
from dagster_project.ingestion.warehouse import (
    LEFT_OUT,
    LEFT_OUT_BY_PERSON,
    REJECTED,
    UNRECOGNISED,
    DeliveryRow,
)

BAD_PERIOD = "bad_period"


def other_row(file: InboxFile, name: DeliveryName | None, content_hash: str | None) -> DeliveryRow:
    """The row of a file that is no delivery, or bears a delivery's name without a period."""
    path = mask_path(file.path)
    detail = None
    if file.is_link:
        detail = "a symbolic link, not followed"
    elif not file.is_file:
        detail = "no regular file"
    elif name is not None:
        detail = f"no period that parses in {path.rpartition('/')[2]}"
    return DeliveryRow(
        delivery_id=path,
        file_name=path.rpartition("/")[2],
        party=name.folder if name else None,
        dataset=name.dataset if name else None,
        period=None,
        period_start=None,
        period_end=None,
        revision=None,
        file_format=name.file_format if name else None,
        status=REJECTED if name else UNRECOGNISED,
        reason=BAD_PERIOD if name else None,
        detail=detail,
        content_hash=content_hash,
        size_bytes=file.signature.size,
    )


def left_out_row(row: DeliveryRow, detail: str) -> DeliveryRow:
    """The row of such a file when a person leaves it out."""
    return replace(row, status=LEFT_OUT, reason=LEFT_OUT_BY_PERSON, detail=detail)


def distinct(rows: list[DeliveryRow]) -> list[DeliveryRow]:
    """Masking may make two names one; a number tells them apart."""
    count: dict[str, int] = defaultdict(int)
    distinct = []
    for row in rows:
        count[row.delivery_id] += 1
        number = count[row.delivery_id]
        name = row.delivery_id if number == 1 else f"{row.delivery_id} ({number})"
        distinct.append(replace(row, delivery_id=name))
    return distinct
