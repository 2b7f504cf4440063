"""What one run of ingestion is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dagster_project.ingestion.left_out import Without


@dataclass(frozen=True)
class Request:
    """The options of `ingest`, which describes them."""

    withdraw: bool
    only: Sequence[str] | None
    without: Without
    published: Mapping[str, str]

    def takes_in(self, place: tuple[str, str]) -> bool:
        """Whether this run takes in a party's dataset: by `party`, `dataset` or `party/dataset`."""
        party, dataset = place
        return self.only is None or bool({party, dataset, f"{party}/{dataset}"} & set(self.only))
