"""Seeded inboxes that keep the contract's forms and break its rules: every form, fault and boundary in combination.

The sound rows are an invented county's. What must come out of an inbox is not known here; two readers are asked.
"""

import csv
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

from dagster_project.sample.county import make_county
from tests.hostile_inbox.forms import Table, write_csv, write_parquet, write_xlsx
from tests.hostile_inbox.names import other_names, parts_of, put_foreign, put_unreadable, within
from tests.hostile_inbox.rows import Record, plant, tabulate
from tests.reference_reader.contract import datasets
from tests.reference_reader.files import Delivery, period_days

ENDINGS = ("csv", "csv", "csv.gz", "xlsx", "parquet")


def make_hostile_inbox(
    inbox: Path, cases: int, seed: int, municipalities: tuple[str, ...] = ("2180", "0114")
) -> None:
    """Write an inbox of so many cases with everything planted. The same seed gives the same files."""
    rng = random.Random(seed)
    modes: dict[tuple[str, str], bool] = {}
    for one, records in _deliveries(cases, seed, municipalities, rng):
        overlapping = modes.setdefault((one.party, one.dataset), rng.random() < 0.3)
        _write(inbox, one, records, rng)
        for name in other_names(one.period, overlapping, rng):
            other = _named(one, name)
            size = rng.choice([0, 30, 80])
            _write(inbox, other, rng.sample(records, min(len(records), size)), rng)
    put_foreign(inbox, rng)
    put_unreadable(inbox, rng)


def _deliveries(
    cases: int, seed: int, municipalities: tuple[str, ...], rng: random.Random
) -> Iterator[tuple[Delivery, list[Record]]]:
    with tempfile.TemporaryDirectory() as scratch:
        base = Path(scratch) / "inbox"
        make_county(base, cases, seed=seed, municipalities=municipalities, first_year=2021, years=2)
        for path in sorted(base.glob("*/*.csv")):
            dataset, period = path.stem.split("_", 1)
            with path.open(encoding="utf-8", newline="") as file:
                records = list(csv.DictReader(file, delimiter=";"))
            whole = _delivery(path.parent.name, dataset, period)
            yield from _cut(whole, records, rng)


def _cut(
    whole: Delivery, records: list[Record], rng: random.Random
) -> Iterator[tuple[Delivery, list[Record]]]:
    """A year as it is, or cut into its parts."""
    by = [column.name for column in datasets()[whole.dataset] if column.period]
    if not by or len(whole.period) != 4 or rng.random() < 0.6:
        yield whole, records
        return
    for period in parts_of(whole.period, rng):
        part = [record for record in records if within(record[by[0]], period)]
        yield _delivery(whole.party, whole.dataset, period), part


def _delivery(party: str, dataset: str, name: str) -> Delivery:
    period, _, revision = name.partition("_r")
    days = period_days(period)
    if days is None:
        raise ValueError(f"{name} is no period.")
    return Delivery("", party, dataset, period, *days, int(revision or 1))


def _named(one: Delivery, name: str) -> Delivery:
    return _delivery(one.party, one.dataset, name) if name != f"{one.period}_r1" else one


def _write(inbox: Path, one: Delivery, records: list[Record], rng: random.Random) -> None:
    ending = rng.choice(ENDINGS)
    revision = f"_r{one.revision}" if one.revision > 1 or rng.random() < 0.05 else ""
    path = inbox / one.party / f"{one.dataset}_{one.period}{revision}.{ending}"
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = datasets()[one.dataset]
    form = ending.removesuffix(".gz")
    rows = plant(rng, records, columns, one)
    table: Table = tabulate(rng, rows, columns, one, form)
    {"csv": write_csv, "xlsx": write_xlsx, "parquet": write_parquet}[form](path, table, rng)
