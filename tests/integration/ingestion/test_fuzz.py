"""For any bytes, a delivery is loaded, quarantined or rejected, and nothing else happens."""

import gzip
import io

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dagster_project.ingestion import ReadingLimits
from tests.integration.ingestion.conftest import House, pnr

HEADER = b"personnummer;avslutsdatum;orsak\n"
PERSON = pnr("19820101").encode()
ROW = PERSON + b";2021-02-01;FLYTT\n"
SMALL = ReadingLimits(max_row_bytes=4096, max_unfolded_bytes=1 << 20, max_workbook_cells=10_000, attempts=1)
REASONS = {"in_force", "unreadable", "missing_column", "too_many_bad_rows"}
EXAMPLES = settings(
    max_examples=12, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip

tokens = st.sampled_from([
    HEADER, ROW, b";", b",", b"\t", b"\n", b"\r\n", b'"', b'""', b"\xef\xbb\xbf", b"\xe5", b"\xc3\xa5", b"\0", PERSON,
    b"personnummer", b"2021-02-01", b"FLYTT", b" ", b"\xc2\xa0", b"'", b"\\", b"\x81", b"x" * 5000,
])  # fmt: skip
texts = st.lists(st.one_of(tokens, st.binary(max_size=12)), max_size=30).map(b"".join)


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["personnummer", "avslutsdatum", "orsak"])
    book.active.append([PERSON.decode(), "2021-02-01", "FLYTT"])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _parquet() -> bytes:
    buffer = io.BytesIO()
    row = {"personnummer": [PERSON.decode()], "avslutsdatum": ["2021-02-01"], "orsak": ["FLYTT"]}
    pq.write_table(pa.table(row), buffer)
    return buffer.getvalue()


SOUND = {"xlsx": _workbook(), "parquet": _parquet(), "csv.gz": gzip.compress(HEADER + ROW)}


def take(house: House, contents: list[bytes], ending: str) -> None:
    """Each content as a year of its own; everything must be accounted for, and nothing else changed."""
    for file in (house.inbox / "kommun-2180").glob("*"):
        file.unlink()
    house.work_db.unlink(missing_ok=True)
    house.put_csv(
        "kommun-2101/avslut_2021.csv",
        HEADER.decode().strip().split(";"),
        [[PERSON.decode(), "2021-02-01", "FLYTT"]],
    )
    for number, content in enumerate(contents):
        house.put(f"kommun-2180/avslut_{2000 + number}.{ending}", content)
    result = house.ingest(limits=SMALL)
    statuses = house.statuses()
    assert len(statuses) == len(contents) + 1
    assert set(statuses.values()) <= REASONS
    assert "kommun-2101/avslut_2021.csv" in result.in_force
    assert house.query(
        "select count(*) from quality.delivery where status = 'in_force' "
        "and rows_read <> rows_loaded + rows_collapsed + rows_quarantined"
    ) == [(0,)]
    loaded = house.query(
        "select coalesce(sum(rows_loaded), 0)::bigint from quality.delivery where status = 'in_force'"
    )
    assert house.query("select count(*) from raw.avslut") == loaded
    unexplained = [r.detail for r in result.rejected if "could not be validated" in r.detail]
    assert unexplained == []


@EXAMPLES
@given(
    st.lists(
        st.one_of(texts, texts.map(lambda t: HEADER + t), st.binary(max_size=300)), min_size=15, max_size=20
    )
)
def test_any_text(house, contents):
    take(house, contents, "csv")


@pytest.mark.parametrize("ending", ["xlsx", "parquet", "csv.gz"])
@settings(EXAMPLES, max_examples=4)
@given(data=st.data())
def test_any_damage_to_a_binary_file(house, ending, data):
    sound = SOUND[ending]
    position = st.integers(0, len(sound) - 1)
    damage = st.one_of(
        st.tuples(position, st.binary(min_size=1, max_size=8)).map(
            lambda d: sound[: d[0]] + d[1] + sound[d[0] + len(d[1]) :]
        ),
        position.map(lambda p: sound[:p]),
        st.tuples(position, position).map(lambda p: sound[: p[0]] + sound[p[1] :]),
        st.binary(max_size=200).map(lambda b: sound + b),
        st.binary(max_size=500),
    )
    take(house, data.draw(st.lists(damage, min_size=10, max_size=20)), ending)
