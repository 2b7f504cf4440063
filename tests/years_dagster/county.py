"""The generated county of `make years`, as steps of this harness."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.years import deliveries
from tests.years.calendar_steps import Cadence, steps
from tests.years.county import make_county
from tests.years.deliveries import Deliverer
from tests.years_dagster.steps import Step


def county_steps(cases: int, cadence: str, seed: int) -> Iterator[Step]:
    """Three years of a county; a cadence that ends in `-cumulative` delivers the year so far."""
    county = make_county(cases, seed)
    deliverer = Deliverer(county)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "delivery.csv"
        for step in steps(
            county, Cadence(cadence.removesuffix("-cumulative"), cadence.endswith("-cumulative"))
        ):
            files = {}
            for delivery in step.deliveries:
                deliveries.write(deliverer.rows(delivery), path)
                files[delivery.path] = path.read_bytes()
            yield Step(step.day, files, "published" if files else "nothing", tuple(step.erased))
