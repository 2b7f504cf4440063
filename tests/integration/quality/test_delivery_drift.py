"""A delivery is compared with what its party delivered before, by the project's own profiles and expectations."""

from datetime import date

import duckdb
import pytest

from dagster_project.contract import load_contract
from dagster_project.ingestion.warehouse import ensure_tables
from dagster_project.quality.drift import record_delivery_drift
from dagster_project.quality.previous import remember_published
from dagster_project.quality.profile import record_profile
from dagster_project.quality.runner import run_suites
from dagster_project.quality.suites import load_suites
from dagster_project.settings import EXPECTATIONS_DIR

MONTHS = [date(2021, month, 1) for month in range(1, 6)]
LAST = MONTHS[-1]
OBSTACLES = ["SJUK_INTYG", "SOCIALA_HINDER", "ARBETSLOS", "ANNAT"]


def support(municipality, month, persons=60):
    """Rows of income support as they are every month: the same persons but for two who come and two who go."""
    first = 2 * (month.month - 1)
    return [
        {
            "person_id": f"{municipality}-{n}",
            "manad": month,
            "kon": "K" if n % 5 < 3 else "M",
            "belopp_kr": 7000.0 + 90 * (n % 40),
            "huvudinkomst": n % 4 > 0,
            "forsorjningshinder": OBSTACLES[(n // 3) % 4] if n % 20 else None,
        }
        for n in range(first, first + persons)
    ]


def month_end(month):
    return date(month.year, month.month + 1, 1) - date.resolution


def deliver(con, municipality, month, rows, content="a"):
    party, name = f"kommun-{municipality}", f"forsorjningsstod_{month:%Y-%m}.csv"
    con.execute(
        "insert into quality.delivery (delivery_id, file_name, party, dataset, period, period_start, period_end, status, "
        "content_hash, rows_read, rows_loaded, rows_collapsed, rows_quarantined) "
        "values (?, ?, ?, 'forsorjningsstod', ?, ?, ?, 'in_force', ?, ?, ?, 0, 0)",
        [
            f"{party}/{name}",
            name,
            party,
            f"{month:%Y-%m}",
            month,
            month_end(month),
            content,
            len(rows),
            len(rows),
        ],
    )
    for number, row in enumerate(rows, start=2):
        con.execute(
            "insert into raw.forsorjningsstod by name select ? as delivery_id, ? as party, ? as row_number, "
            "? as person_id, ? as manad, ? as kon, ? as belopp_kr, ? as huvudinkomst, ? as forsorjningshinder",
            [f"{party}/{name}", party, number, *row.values()],
        )


def judge(path, release=None):
    with duckdb.connect(str(path)) as con:
        remember_published(con, release)
        record_profile(con, load_contract())
        record_delivery_drift(con)
    suites = [s for s in load_suites(EXPECTATIONS_DIR, "extracts") if s.name == "delivery_drift"]
    outcomes = run_suites(path, suites, enforce_reconcile=False)
    assert {o.status for o in outcomes} <= {"passed", "failed"}
    return [o for o in outcomes if o.status == "failed"]


def warehouse(path, faulty=lambda rows: rows):
    """Two municipalities, five months each; the last delivery of one of them goes through `faulty`."""
    with duckdb.connect(str(path)) as con:
        ensure_tables(con, load_contract())
        for municipality in ("2180", "2181"):
            for month in MONTHS:
                rows = support(municipality, month)
                is_last = (municipality, month) == ("2181", LAST)
                deliver(con, municipality, month, faulty(rows) if is_last else rows)
    return path


def changed(**values):
    return lambda rows: [{**row, **{c: change(row[c]) for c, change in values.items()}} for row in rows]


FAULTS = {
    "another municipality's persons": (
        lambda rows: support("2180", LAST),
        {"persons_continue", "rows_are_not_another_partys"},
    ),
    "amounts in thousands": (changed(belopp_kr=lambda kr: kr / 1000), {"amounts_hold"}),
    "genders swapped": (changed(kon={"K": "M", "M": "K"}.get), {"genders_agree", "codes_of_persons_stay"}),
    "an optional column blank": (changed(forsorjningshinder=lambda code: None), {"optional_values_stay"}),
    "every second row missing": (lambda rows: rows[::2], {"persons_continue"}),
    "no rows": (lambda rows: [], {"deliveries_are_not_empty"}),
    "a code list shifted by one": (
        changed(forsorjningshinder=lambda c: c and OBSTACLES[(OBSTACLES.index(c) + 1) % 4]),
        {"codes_of_persons_stay"},
    ),
}


def test_ordinary_deliveries_are_neither_refused_nor_warned_of(tmp_path):
    assert judge(warehouse(tmp_path / "w.duckdb")) == []


@pytest.mark.parametrize(("fault", "checks"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_refused_at_the_delivery_that_brings_it(tmp_path, fault, checks):
    failed = judge(warehouse(tmp_path / "w.duckdb", fault))
    refused = {o.check_id for o in failed if o.stops}
    assert checks <= refused
    assert {f.subject for o in failed if o.stops for f in o.findings} <= {
        "kommun-2181/forsorjningsstod_2021-05",
        "kommun-2180/forsorjningsstod_2021-05",
    }


def test_a_refusal_says_what_is_odd_and_what_is_usual(tmp_path):
    failed = judge(warehouse(tmp_path / "w.duckdb", lambda rows: support("2180", LAST)))
    found = {f"{o.check_id}: {f}" for o in failed for f in o.findings}
    assert (
        "persons_continue: kommun-2181/forsorjningsstod 2021-05: 0 of 60 persons are among those of the time just "
        "before; usually 97 %" in found
    )


def test_a_first_delivery_has_nothing_to_be_compared_with(tmp_path):
    path = tmp_path / "w.duckdb"
    with duckdb.connect(str(path)) as con:
        ensure_tables(con, load_contract())
        deliver(con, "2181", LAST, changed(belopp_kr=lambda kr: kr / 1000)(support("2181", LAST)))
    assert judge(path) == []


def published(path, tmp_path):
    """What a release keeps of a warehouse: its schema `quality`."""
    release = tmp_path / "release.duckdb"
    with duckdb.connect(str(release)) as con:
        con.execute(f"attach '{path}' as work (read_only)")
        con.execute("create schema quality")
        for table in ("delivery", "delivery_profile"):
            con.execute(f"create table quality.{table} as from work.quality.{table}")
    return release


def test_what_is_published_is_not_judged_again(tmp_path):
    path = warehouse(tmp_path / "w.duckdb", changed(belopp_kr=lambda kr: kr / 1000))
    assert judge(path)
    assert judge(path, published(path, tmp_path)) == []


def replace_last(path, rows):
    with duckdb.connect(str(path)) as con:
        for table in ("raw.forsorjningsstod", "quality.delivery"):
            con.execute(f"delete from {table} where delivery_id = 'kommun-2181/forsorjningsstod_2021-05.csv'")
        deliver(con, "2181", LAST, rows, content="b")


def test_a_revision_that_lacks_half_of_the_published_rows_is_refused(tmp_path):
    path = warehouse(tmp_path / "w.duckdb")
    judge(path)
    release = published(path, tmp_path)
    replace_last(path, support("2181", LAST)[:25])
    assert "delivered_rows_stay" in {o.check_id for o in judge(path, release) if o.stops}


def test_a_revision_that_corrects_a_few_rows_passes(tmp_path):
    path = warehouse(tmp_path / "w.duckdb")
    judge(path)
    release = published(path, tmp_path)
    replace_last(path, support("2181", LAST)[1:])
    assert judge(path, release) == []
