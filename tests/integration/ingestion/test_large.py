"""Large deliveries take another way through the house; what comes out is the same."""

import io

import duckdb
import openpyxl
import pytest

from dagster_project.ingestion.judging import Judge
from tests.integration.ingestion.conftest import LIMITS, House, csv_text, pnr

HEADER = ["personnummer", "avslutsdatum", "orsak"]


def content() -> str:
    """Good rows, bad rows, copies, conflicts and wrong rows, far enough apart to lie in different chunks."""
    people = [pnr(f"19{70 + n // 336}{1 + n // 28 % 12:02d}{1 + n % 28:02d}") for n in range(2000)]
    rows = [[person, "2021-05-01", "FLYTT"] for person in people]
    rows[500][2] = "?"
    rows += [list(rows[0]), [people[1], "2021-05-01", "ANNAT"], ["x"], [people[2], "2022-05-01", "ANNAT"], []]
    return csv_text(HEADER, [*rows, [people[3], "2021-06-01", "ANNAT"]])


def outcome(house: House) -> list:
    house.put("kommun-2180/avslut_2021.csv", content())
    house.ingest(limits=LIMITS.model_copy(update={"max_row_bytes": 4096}))
    return [
        house.faults(),
        house.counts("kommun-2180/avslut_2021.csv"),
        house.query("select * from raw.avslut order by row_number"),
    ]


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> list:
    return outcome(House(tmp_path_factory.mktemp("plain")))


def test_a_delivery_in_many_chunks_gives_what_it_gives_in_one(house, monkeypatch, plain):
    monkeypatch.setattr("dagster_project.ingestion.reading.source.CHUNK_BYTES", 1000)
    assert outcome(house) == plain
    assert plain[1] == (2005, 1999, 1, 5)


def test_rows_that_wait_in_a_file_are_loaded_and_the_file_is_removed(house, monkeypatch, plain):
    monkeypatch.setattr("dagster_project.ingestion.shelves.LARGE_BYTES", 1)
    assert outcome(house) == plain
    assert [path.name for path in house.work_db.parent.iterdir()] == ["warehouse.duckdb"]


def test_a_delivery_that_must_be_read_again_is_loaded_once(house, monkeypatch):
    rows = [[f"T{n}", "Enhet", "HC", "2180"] for n in range(20_000)]
    rows[50][1], rows[-1][1] = "Malm\u00c3\u00b6", "Håbo"  # right as UTF-8 until the last row says otherwise
    header = ["team_id", "enhet", "enhetstyp", "kommunkod"]
    house.put("rg/team_2021.csv", csv_text(header, [*rows, rows[0]]).encode("cp1252"))
    monkeypatch.setattr("dagster_project.ingestion.shelves.LARGE_BYTES", 1)
    monkeypatch.setattr("dagster_project.ingestion.reading.source.CHUNK_BYTES", 1000)
    house.ingest(limits=LIMITS.model_copy(update={"max_row_bytes": 4096}))
    assert house.counts("rg/team_2021.csv") == (20_001, 20_000, 1, 0)
    assert house.query("select count(distinct row_number) from raw.team") == [(20_000,)]
    assert house.query("select enhet from raw.team where enhet <> 'Enhet' order by 1") == [
        ("Håbo",), ("Malm\u00c3\u00b6",),
    ]  # fmt: skip


def test_what_a_killed_run_left_waiting_is_removed(house, monkeypatch, plain):
    house.work_db.parent.mkdir()
    left = house.work_db.with_name("warehouse.duckdb.scratch")
    left.write_bytes(b"half a file")
    monkeypatch.setattr("dagster_project.ingestion.shelves.LARGE_BYTES", 1)
    assert outcome(house) == plain
    assert not left.exists()


def test_row_numbers_of_a_sheet_are_those_it_shows(house):
    book = openpyxl.Workbook()
    for column, name in enumerate(HEADER, start=2):
        book.active.cell(3, column, name)
    for row in range(4, 60):
        for column, value in enumerate(
            [pnr(f"1970{1 + row // 28:02d}{1 + row % 28:02d}"), "2021-05-01", "FLYTT"], start=2
        ):
            if row != 6:
                book.active.cell(row, column, value)
    book.active.cell(9, 4, "?")
    buffer = io.BytesIO()
    book.save(buffer)
    house.put("kommun-2180/avslut_2021.xlsx", buffer.getvalue())
    house.ingest()
    assert house.faults() == [(9, "orsak", "bad_code", "?")]
    assert house.counts("kommun-2180/avslut_2021.xlsx") == (55, 54, 0, 1)


MANY = [(f"kommun-2180/avslut_{year}.csv", year) for year in range(2015, 2022)]


def deliver_many(house: House) -> None:
    """Deliveries of one dataset: sound ones, copies and conflicts, one with too many bad rows, blank rows."""
    for path, year in MANY:
        rows = [[pnr(f"19700{1 + i % 9}1{i // 9}"), f"{year}-05-01", "FLYTT"] for i in range(40)]
        rows[7:7] = [["", "", ""], rows[3], [rows[4][0], rows[4][1], "ARBETE"]]
        if year == 2018:
            rows[20:] = [[number, day, "?"] for number, day, _ in rows[20:]]
        house.put_csv(path, HEADER, rows)


def told(house: House) -> list:
    columns = "party, row_number, person_id, avslutsdatum, orsak"
    raw = house.query(f"select delivery_id, {columns} from raw.avslut order by all")
    faults = house.query(
        "select delivery_id, row_number, reason, value from quality.quarantined_row order by all"
    )
    counts = house.query(
        "select delivery_id, status, rows_read, rows_loaded, rows_collapsed, rows_quarantined "
        "from quality.delivery order by all"
    )
    return [raw, faults, counts]


def test_deliveries_that_are_validated_together_say_what_each_says_alone(tmp_path, monkeypatch):
    together, alone = House(tmp_path / "together"), House(tmp_path / "alone")
    for house in (together, alone):
        deliver_many(house)
    together.ingest()
    monkeypatch.setattr("dagster_project.ingestion.gathering.CHUNK_BYTES", 1)
    alone.ingest()
    assert told(together) == told(alone)
    assert together.statuses()["kommun-2180/avslut_2018.csv"] == "too_many_bad_rows"


def test_large_deliveries_say_what_small_ones_say(tmp_path, monkeypatch):
    small, large = House(tmp_path / "small"), House(tmp_path / "large")
    for house in (small, large):
        deliver_many(house)
    small.ingest()
    monkeypatch.setattr("dagster_project.ingestion.shelves.LARGE_BYTES", 1)
    large.ingest()
    assert told(large) == told(small)
    assert large.statuses()["kommun-2180/avslut_2018.csv"] == "too_many_bad_rows"


def test_a_delivery_that_cannot_be_validated_touches_no_other(house, monkeypatch):
    deliver_many(house)
    spoilt = MANY[2][0]
    judge = Judge.judge

    def fails(self):
        counts = judge(self)
        if any(content.wanted.path == spoilt for content in self._contents):
            raise duckdb.OutOfMemoryException("no room")
        return counts

    with monkeypatch.context() as patch:
        patch.setattr(Judge, "judge", fails)
        house.ingest()
    assert house.statuses()[spoilt] == "unreadable"
    others = [told_of for told_of in told(house)[2] if told_of[0] != spoilt]
    house.ingest()
    assert house.statuses()[spoilt] == "in_force"
    assert [told_of for told_of in told(house)[2] if told_of[0] != spoilt] == others
    (twice,) = house.query(
        "select count(*) - count(distinct (delivery_id, row_number)) from quality.quarantined_row"
    )
    assert twice == (0,)
