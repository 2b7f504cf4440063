"""What is known of deliveries that are validated together: read, hashed, not yet judged."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dagster_project.ingestion.inbox import Signature
from dagster_project.ingestion.names import DeliveryName, Period
from dagster_project.ingestion.reading.headers import HeaderMatch

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Wanted:
    """A file that is to be read: its path in the inbox and what its name says."""

    path: str
    name: DeliveryName
    period: Period


@dataclass(frozen=True)
class Content:
    """A delivery that was read to its end.

    `number` marks its rows until they are loaded. `wrong_rows` are numbers and field counts of the rows that are
    not `width` fields wide. `rows` are its texts, none where they were validated as they were read.
    """

    wanted: Wanted
    number: int
    content_hash: str
    signature: Signature
    match: HeaderMatch
    width: int
    wrong_rows: tuple[Numbers, Numbers]
    rows: tuple[pa.Table, ...] = field(default=(), repr=False)

    @property
    def size(self) -> int:
        """Bytes that the texts take in memory."""
        return sum(int(table.nbytes) for table in self.rows)


def as_table(contents: Sequence[Content]) -> pa.Table:
    """One row per delivery: number, path, folder of the party, hash of the content."""
    return pa.table(
        {
            "delivery": pa.array([c.number for c in contents], pa.int32()),
            "path": [c.wanted.path for c in contents],
            "folder": [c.wanted.name.folder for c in contents],
            "content_hash": [c.content_hash for c in contents],
        }
    )


def wrong_rows(contents: Sequence[Content]) -> pa.Table:
    """The rows whose number of fields is not the header's: delivery, row_number, field_count, width."""
    lengths = [len(c.wrong_rows[0]) for c in contents]
    return pa.table(
        {
            "delivery": pa.array(np.repeat([c.number for c in contents], lengths), pa.int32()),
            "row_number": np.concatenate([c.wrong_rows[0] for c in contents]),
            "field_count": np.concatenate([c.wrong_rows[1] for c in contents]),
            "width": np.repeat([c.width for c in contents], lengths),
        }
    )
