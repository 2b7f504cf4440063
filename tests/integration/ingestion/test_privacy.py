"""No personal number is left behind, wherever a party put it; and erasure."""

import io
import os
import stat

import duckdb
import openpyxl
import pytest

from dagster_project.errors import TrisamError
from dagster_project.ingestion import KeyMismatchError, forget
from dagster_project.ingestion.pseudonyms import pseudonym, token
from tests.integration.ingestion.conftest import KEY, House, pnr

PERSON = pnr("19640229", 990)
BAD = PERSON[:-1] + str((int(PERSON[-1]) + 3) % 10)
FORMS = [
    form(number)
    for number in (PERSON, BAD)
    for form in (
        lambda n: n,
        lambda n: f"{n[:8]}-{n[8:]}",
        lambda n: n[2:],
        lambda n: f"{n[2:8]}-{n[8:]}",
        lambda n: f"{n[2:8]}+{n[8:]}",
    )
]
CASE = ["arende_id", "personnummer", "konsultationsdatum", "arendetyp", "team_id", "kommunkod", "kon",
        "initierande_part", "fragestallning", "atgardsforslag", "egen_fragestallning"]  # fmt: skip


def plant(house: House) -> None:
    """Numbers in good rows, bad rows, every column, headers, file names, sheet names, rejected and foreign files."""
    good = [
        [f"A{n}", PERSON, "2021-05-01", "NY", "T", "2180", "K", "AF", "VARD", "GK", "J"] for n in range(2000)
    ]
    rows = [
        [form if position == planted else value for position, value in enumerate(good[0])]
        for form in FORMS
        for planted in range(len(CASE))
    ] + [["A", form] for form in FORMS]
    rows += [[f"AA{n}", form, "2021-05-02", *good[0][3:]] for n, form in enumerate(FORMS)]
    house.put_csv(
        "rg/arenden_2021.csv", [*CASE, *FORMS], [[*r, *FORMS] if len(r) > 2 else r for r in good + rows]
    )
    house.put_csv("rg/arenden_2022.csv", CASE, rows)
    house.put_csv(f"rg/arenden_{PERSON}.csv", CASE, rows)
    house.put_csv(f"rg/arenden_2023_r{PERSON}.csv", CASE, rows)
    house.put_csv(f"rg/{FORMS[1]}.csv", CASE, rows)
    house.put_csv(f"{FORMS[3]}/arenden_2021.csv", CASE, rows)
    house.put(f"rg/arenden_2019_{FORMS[1]}/x.csv", PERSON)
    house.put("rg/moten_2021.csv", f"{PERSON};x\n{PERSON};y\n")
    house.put("rg/moten_2022.csv", f'mote_id;team_id;motesdatum;form;status\n{PERSON};"{PERSON}\n')
    house.put("rg/moten_2023.parquet", PERSON)
    header = ["mal", "rapportor", "bedomningsdatum", "status", "kommentar"]
    book = openpyxl.Workbook()
    book.active.title = FORMS[1]
    book.active.append(header)
    for day, form in enumerate(FORMS, start=1):
        book.active.append(
            ["DELAKTIGHET", "AF", f"2021-05-{day:02d}", "UPPFYLLT", f"Om {form}, som bad om det"]
        )
    buffer = io.BytesIO()
    book.save(buffer)
    house.put("finsam/malbedomning_2021.xlsx", buffer.getvalue())


def everything_left(house: House, capfd: pytest.CaptureFixture[str]) -> str:
    """Every byte and every value outside the inbox."""
    left = [*capfd.readouterr(), *house.progress]
    for folder, _, names in os.walk(house.root):
        if folder.startswith(str(house.inbox)):
            continue
        left += [(house.root / folder / name).read_bytes().decode("latin-1") for name in names]
    with duckdb.connect(str(house.work_db), read_only=True) as con:
        for schema, table in con.execute("select schema_name, table_name from duckdb_tables()").fetchall():
            left += [repr(row) for row in con.execute(f'select * from {schema}."{table}"').fetchall()]
    return "\n".join(left)


def test_planted_numbers_are_nowhere_after_a_run(house, capfd):
    plant(house)
    result = house.ingest()
    left = everything_left(house, capfd) + repr(result) + "".join(map(str, result.rejected))
    assert {r.reason for r in result.rejected} >= {
        "bad_period",
        "missing_column",
        "unreadable",
        "too_many_bad_rows",
    }
    assert "rg/arenden_2021.csv" in result.in_force
    assert [form for form in FORMS if form in left] == []
    assert house.query("select count(*) from quality.quarantined_row")[0][0] > 100
    assert (
        house.query("select count(*) from quality.schema_drift where column_name like '196402******%'")[0][0]
        > 0
    )
    assert house.query("select kommentar from raw.malbedomning order by bedomningsdatum limit 1") == [
        ("Om 196402******, som bad om det",)
    ]


def test_error_messages_hold_no_number(house):
    plant(house)
    house.ingest()
    for path in list(house.inbox.rglob("*.csv")):
        path.unlink()
    with pytest.raises(TrisamError) as stopped:
        house.ingest()
    assert [form for form in FORMS if form in str(stopped.value)] == []


def test_an_identifier_that_is_a_number_becomes_the_same_token_everywhere(house):
    house.put_csv(
        "rg/team_2021.csv", ["team_id", "enhet", "enhetstyp", "kommunkod"], [[PERSON, "E", "HC", "2180"]]
    )
    house.put_csv(
        "rg/moten_2021.csv", ["mote_id", "team_id", "motesdatum", "form", "status"],
        [["M", f"{PERSON[2:8]}-{PERSON[8:]}", "2021-05-01", "D", "GENOMFORT"]],
    )  # fmt: skip
    house.ingest()
    assert house.query("select m.team_id from raw.moten as m join raw.team as t using (team_id)") == [
        (token(KEY, PERSON),)
    ]


def test_the_pseudonym_in_raw_rows_is_the_keyed_hash(house):
    house.put_csv(
        "kommun-2180/avslut_2021.csv",
        ["personnummer", "avslutsdatum", "orsak"],
        [[PERSON[2:], "2021-01-01", "FLYTT"]],
    )
    house.ingest()
    assert house.query("select person_id from raw.avslut") == [(pseudonym(KEY, PERSON),)]


OTHER = pnr("19700101", 991)


def fill(house: House) -> None:
    closed = [[PERSON, "2021-01-01", "FLYTT"], [OTHER, "2021-01-01", "FLYTT"], [OTHER, "2021-01-02", "FLYTT"]]
    padding = [[pnr(f"1980{1 + n // 28:02d}{1 + n % 28:02d}"), "2021-01-01", "FLYTT"] for n in range(100)]
    bad = [[PERSON, "2021-01-03", "?"], [PERSON, "2021-01-04", "FLYTT"], [PERSON, "2021-01-04", "ANNAT"]]
    house.put_csv(
        "kommun-2180/avslut_2021.csv", ["personnummer", "avslutsdatum", "orsak"], closed + bad + padding
    )
    house.put_csv(
        "finsam/enkat_2021.csv", ["enkat_omgang", "respondent_id", "kon", "svarat"],
        [["2021VT", PERSON, "K", "J"], ["2021VT", "R2", "K", "J"]],
    )  # fmt: skip


def test_a_forgotten_person_is_removed_counted_and_never_loaded_again(house):
    fill(house)
    before = house.ingest()
    count = forget(house.work_db, KEY, [f" {PERSON[2:8]}-{PERSON[8:]} ", "", PERSON])
    assert (count.persons_blocked, count.rows_deleted, count.quarantined_rows_deleted) == (1, 2, 3)
    person = pseudonym(KEY, PERSON)
    assert house.query(f"select count(*) from raw.avslut where person_id = '{person}'") == [(0,)]
    assert house.query("select respondent_id from raw.enkat") == [("R2",)]
    assert house.faults() == []
    balance = (
        "select delivery_id, rows_read - rows_loaded - rows_collapsed - rows_quarantined - rows_blocked, rows_blocked "
        "from quality.delivery order by 1"
    )
    forgotten = house.query(balance)
    assert forgotten == [("finsam/enkat_2021.csv", 0, 1), ("kommun-2180/avslut_2021.csv", 0, 4)]
    unchanged = house.ingest()
    assert not unchanged.changed
    assert unchanged.fingerprint != before.fingerprint
    for file in list(house.inbox.rglob("*.csv")):
        file.write_bytes(file.read_bytes() + b"\n")
    assert house.ingest().rows_blocked == 5
    assert house.query(balance) == forgotten
    assert house.faults() == []
    assert house.query(f"select count(*) from raw.avslut where person_id = '{person}'") == [(0,)]


def test_forgetting_twice_blocks_once(house):
    fill(house)
    house.ingest()
    forget(house.work_db, KEY, [PERSON])
    assert forget(house.work_db, KEY, [PERSON, OTHER]).persons_blocked == 1


def test_forgetting_refuses_what_is_no_number_and_another_key(house):
    fill(house)
    house.ingest()
    with pytest.raises(TrisamError, match="line 2") as refused:
        forget(house.work_db, KEY, [PERSON, BAD])
    assert BAD not in str(refused.value)
    with pytest.raises(KeyMismatchError):
        forget(house.work_db, b"another key, as long as the first", [PERSON])
    assert house.query("select count(*) from ops.blocked_person") == [(0,)]


def test_forgetting_needs_a_work_database(house):
    with pytest.raises(TrisamError, match="no work database"):
        forget(house.work_db, KEY, [PERSON])
    assert not house.work_db.exists()


def test_the_work_database_is_readable_by_its_owner_alone(house):
    fill(house)
    house.ingest()
    assert stat.S_IMODE(house.work_db.stat().st_mode) == 0o600
