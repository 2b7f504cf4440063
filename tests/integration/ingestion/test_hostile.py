"""Input that means harm, or looks as if: it is loaded, quarantined or rejected, and nothing else happens."""

import gzip
import io
import os
import resource
import struct
import subprocess
import threading
import zipfile
import zlib
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dagster_project.ingestion import ReadingLimits
from dagster_project.ingestion.reading import bytestream
from tests.integration.ingestion.conftest import House, pnr

HEADER = ["personnummer", "avslutsdatum", "orsak"]
PERSON = pnr("19820101")
GOOD = f"personnummer;avslutsdatum;orsak\n{PERSON};2021-02-01;FLYTT\n"
PATH = "kommun-2180/avslut_2021"


def rejection(house: House, **options) -> tuple[str, str]:
    (rejected,) = house.ingest(**options).rejected
    return rejected.reason, rejected.detail


def peak_megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def test_file_names_that_attack_are_listed_and_harm_nothing(house):
    names = [
        "avslut_2021'; drop table raw.avslut; --.csv", 'avslut_2021".csv', "avslut_$(touch x).csv", "`id`.csv",
        "avslut_..csv", "avslut_%s%n.csv", "a" * 251 + ".csv", "avslut_" + "9" * 244 + ".csv", "-rf", "avslut_\n2021.csv",
        "avslut_2021\x1b[2J.csv", "å ä ö.csv", "\u202eexe.csv",
    ]  # fmt: skip
    for name in names:
        house.put(f"kommun-2180/{name}", GOOD)
    os.close(os.open(os.fsencode(house.inbox / "kommun-2180") + b"/avslut_\xff\xfe.csv", os.O_CREAT))
    house.put(f"{PATH}.csv", GOOD)
    result = house.ingest()
    assert result.in_force == (f"{PATH}.csv",)
    statuses = house.statuses()
    assert len(statuses) == len(names) + 2
    assert set(statuses.values()) == {"in_force", "bad_period", "unrecognised"}
    shown = "".join([*statuses, *house.progress, *map(str, result.rejected)])
    assert all(character.isprintable() for character in shown)


def test_links_pipes_and_nested_folders_are_listed_and_not_followed(house, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text(GOOD)
    folder = tmp_path / "kommun-2101"
    folder.mkdir()
    (folder / "avslut_2021.csv").write_text(GOOD)
    house.put(f"{PATH}.csv", GOOD)
    (house.inbox / "kommun-2180" / "avslut_2020.csv").symlink_to(secret)
    (house.inbox / "kommun-2180" / "avslut_2019.csv").symlink_to("avslut_2021.csv")
    (house.inbox / "kommun-2101").symlink_to(folder)
    os.mkfifo(house.inbox / "kommun-2180" / "avslut_2018.csv")
    house.put("kommun-2180/old/avslut_2017.csv", GOOD)
    house.put("kommun-2180/.hidden/.avslut_2017.csv", GOOD)
    (house.inbox / "kommun-2180" / "avslut_2016.csv").mkdir()
    result = house.ingest()
    assert result.in_force == (f"{PATH}.csv",)
    assert result.rejected == ()
    assert set(result.unrecognised) == {
        "kommun-2101", "kommun-2180/avslut_2018.csv", "kommun-2180/avslut_2019.csv", "kommun-2180/avslut_2020.csv",
        "kommun-2180/old/avslut_2017.csv", "kommun-2180/.hidden/.avslut_2017.csv",
    }  # fmt: skip


def test_a_file_that_becomes_a_link_after_the_survey_is_not_followed(house, tmp_path, monkeypatch):
    secret = tmp_path / "secret.csv"
    secret.write_text(GOOD)
    file = house.put(f"{PATH}.csv", GOOD)
    open_regular = bytestream.open_regular

    def swap(path: Path):
        file.unlink()
        file.symlink_to(secret)
        return open_regular(path)

    monkeypatch.setattr(bytestream, "open_regular", swap)
    assert rejection(house)[0] == "unreadable"


def test_folders_nested_deeper_than_python_recurses_are_walked(house):
    current = os.open(house.inbox, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=current)
        following = os.open("d", os.O_RDONLY, dir_fd=current)
        os.close(current)
        current = following
    os.close(current)
    house.put(f"{PATH}.csv", GOOD)
    try:
        assert house.ingest().in_force == (f"{PATH}.csv",)
    finally:
        subprocess.run(["rm", "-rf", str(house.inbox / "d")], check=True)


def _bomb(size: int) -> bytes:
    """A gzip file that unfolds to `size` bytes of rows, made by repeating one compressed block."""
    row = b"x;2021-01-01;FLYTT\n" * 55_000
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = compressor.compress(row) + compressor.flush(zlib.Z_FULL_FLUSH)
    count = size // len(row)
    start = zlib.compressobj(9, zlib.DEFLATED, -15)
    head = start.compress(b"personnummer;avslutsdatum;orsak\n") + start.flush(zlib.Z_FULL_FLUSH)
    return (
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"
        + head
        + block * count
        + b"\x03\x00"
        + struct.pack("<II", 0, 0)
    )


def test_a_gzip_bomb_of_ten_gigabytes_stops_at_the_limit(house):
    bomb = _bomb(10 * 1024**3)
    assert len(bomb) < 60_000_000
    house.put(f"{PATH}.csv.gz", bomb)
    before = peak_megabytes()
    reason, detail = rejection(house, limits=ReadingLimits())
    assert reason == "unreadable"
    assert "unfolds to more than" in detail
    assert peak_megabytes() - before < 700


def test_the_size_of_the_unfolded_content_has_a_limit_of_its_own(house):
    house.put(
        f"{PATH}.csv.gz",
        gzip.compress(b"personnummer;avslutsdatum;orsak\n" + os.urandom(300_000).hex().encode()),
    )
    reason, detail = rejection(house, limits=ReadingLimits(max_unfolded_bytes=100_000))
    assert (reason, "exceeds 100000 bytes" in detail) == ("unreadable", True)


@pytest.mark.parametrize(
    "damage", [lambda d: d[:-9], lambda d: d[: len(d) // 2], lambda d: d[:-5] + b"\0" + d[-4:]]
)
def test_a_damaged_gzip_file_is_unreadable(house, damage):
    house.put(f"{PATH}.csv.gz", damage(gzip.compress(GOOD.encode() * 50)))
    assert rejection(house)[0] == "unreadable"


def test_gzip_members_after_each_other_are_one_file(house):
    header, row = GOOD.splitlines(keepends=True)
    house.put(f"{PATH}.csv.gz", gzip.compress(header.encode()) + gzip.compress(row.encode()) + b"\0" * 512)
    assert house.ingest().rows_loaded == 1


def _workbook(sheet: bytes, **more: bytes) -> bytes:
    """An xlsx file whose first sheet is the given XML."""
    book = openpyxl.Workbook()
    buffer = io.BytesIO()
    book.save(buffer)
    out = io.BytesIO()
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else source.read(name))
        for name, content in more.items():
            target.writestr(name, content)
    return out.getvalue()


SHEET = (
    b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b"<sheetData>%s</sheetData></worksheet>"
)
CORNERS = [
    b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    b"<row r='1'><c r='A1'><v>1</v></c></row><row r='9'><c r = 'xfd1048576' ><v>1</v></c></row>",
    b'<row r="1"><c r="A1"><v>1</v></c></row><row r="99999999999999"><c><v>1</v></c></row>',
]


@pytest.mark.parametrize("rows", CORNERS)
def test_a_cell_in_the_far_corner_of_a_sheet_allocates_nothing(house, rows):
    house.put(f"{PATH}.xlsx", _workbook(SHEET % rows))
    before = peak_megabytes()
    reason, detail = rejection(house)
    assert (reason, "span" in detail) == ("unreadable", True)
    assert peak_megabytes() - before < 100


def test_an_xlsx_bomb_stops_at_the_limit(house):
    house.put(f"{PATH}.xlsx", _workbook(SHEET % (b" " * 30_000_000)))
    reason, detail = rejection(house, limits=ReadingLimits(max_workbook_unfolded_bytes=10_000_000))
    assert (reason, "exceeds 10000000 bytes" in detail) == ("unreadable", True)


def test_an_xlsx_bomb_that_lies_about_its_size_stops_at_the_limit(house):
    data = bytearray(_workbook(SHEET % (b" " * 30_000_000)))
    entry = data.rfind(b"xl/worksheets/sheet1.xml") - 46
    data[entry + 24 : entry + 28] = struct.pack("<I", 100)
    house.put(f"{PATH}.xlsx", bytes(data))
    reason, _ = rejection(house, limits=ReadingLimits(max_workbook_unfolded_bytes=10_000_000))
    assert reason == "unreadable"


def test_shared_strings_and_other_sheets_count_towards_the_limit(house):
    house.put(f"{PATH}.xlsx", _workbook(SHEET % b"", **{"xl/sharedStrings2.xml": b"<si>" * 5_000_000}))
    assert rejection(house, limits=ReadingLimits(max_workbook_unfolded_bytes=10_000_000))[0] == "unreadable"


def test_an_encrypted_or_old_workbook_is_unreadable(house):
    house.put(f"{PATH}.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4000)
    assert rejection(house)[0] == "unreadable"


def test_nul_bytes_and_utf_16_are_unreadable(house):
    house.put("kommun-2180/avslut_2021.csv", GOOD.encode() + b"\0")
    house.put("kommun-2180/avslut_2022.csv", GOOD.encode("utf-16"))
    house.put("kommun-2180/avslut_2023.csv", GOOD.encode("utf-16-le"))
    details = sorted(r.detail for r in house.ingest().rejected)
    assert [r.reason for r in house.ingest().rejected] == ["unreadable"] * 3
    assert "UTF-16" in details[2]


def test_a_byte_of_no_encoding_is_unreadable(house):
    house.put("kommun-2180/avslut_2021.csv", GOOD.encode() + b"\x81")
    house.put("kommun-2180/avslut_2022.csv", "\ufeff".encode() + GOOD.encode() + b"\xe5")
    assert [r.reason for r in house.ingest().rejected] == ["unreadable"] * 2


def test_a_field_of_fifty_megabytes_is_refused_in_bounded_memory(house):
    house.put(f"{PATH}.csv", GOOD.encode() + b"x" * 50_000_000 + b";2021-01-01;FLYTT\n")
    before = peak_megabytes()
    reason, detail = rejection(house, limits=ReadingLimits())
    assert (reason, "longer than" in detail) == ("unreadable", True)
    assert peak_megabytes() - before < 300


@pytest.mark.parametrize(
    "tail", ['"x;2021-01-01;FLYTT\n', f'{PERSON};2021-01-01;"FLYTT\n', f'{PERSON};2021-01-01;"FLYTT']
)
def test_a_quote_that_is_never_closed_loses_no_rows_silently(house, tail):
    house.put(f"{PATH}.csv", GOOD + tail)
    reason, detail = rejection(house)
    assert (reason, "never closed" in detail) == ("unreadable", True)


@pytest.mark.parametrize("content", [GOOD.replace("\n", "\r"), GOOD.replace("\n", "\r", 1)])
def test_a_carriage_return_behind_the_header_loses_no_rows_silently(house, content):
    house.put(f"{PATH}.csv", content)
    reason, detail = rejection(house)
    assert (reason, "carriage return" in detail) == ("unreadable", True)


@pytest.mark.parametrize("delimiter", [";", ","])
def test_a_million_columns_are_refused(house, delimiter):
    house.put(
        f"{PATH}.csv", delimiter.join(["personnummer", "avslutsdatum", "orsak", *["x"] * 1_000_000]) + "\n"
    )
    assert rejection(house, limits=ReadingLimits(max_row_bytes=1 << 22))[0] == "unreadable"


def test_a_header_without_end_is_refused(house):
    house.put(f"{PATH}.csv", b'"' + b"x\n" * 3_000_000)
    assert rejection(house, limits=ReadingLimits(max_row_bytes=1 << 20))[0] == "unreadable"


def test_too_many_columns_of_parquet_and_xlsx_are_refused(house):
    buffer = io.BytesIO()
    pq.write_table(pa.table({**{n: ["x"] for n in HEADER}, **{f"c{i}": ["x"] for i in range(600)}}), buffer)
    house.put("kommun-2180/avslut_2021.parquet", buffer.getvalue())
    book = openpyxl.Workbook()
    book.active.append([*HEADER, *(f"c{i}" for i in range(600))])
    book.save(house.inbox / "kommun-2180" / "avslut_2022.xlsx")
    assert [r.reason for r in house.ingest().rejected] == ["unreadable"] * 2


def test_a_long_value_repeated_in_parquet_takes_no_memory(house):
    long_text = pa.array(["y" * 3_000_000]).dictionary_encode()
    repeated = pa.DictionaryArray.from_arrays(pa.array([0] * 3000, pa.int32()), long_text.dictionary)
    buffer = io.BytesIO()
    pq.write_table(
        pa.table({"personnummer": [PERSON] * 3000, "avslutsdatum": ["2021-01-01"] * 3000, "orsak": repeated}),
        buffer,
    )
    house.put(f"{PATH}.parquet", buffer.getvalue())
    before = peak_megabytes()
    reason, detail = rejection(house)
    assert (reason, "longer than" in detail) == ("unreadable", True)
    assert peak_megabytes() - before < 400


def test_parquet_with_columns_of_odd_types_is_judged_by_its_values(house):
    table = pa.table(
        {
            "personnummer": [PERSON.encode()],
            "avslutsdatum": pa.array(["2021-02-01"]).cast(pa.string_view()),
            "orsak": ["FLYTT"],
            "extra": [{"a": [1, 2]}],
            "more": [[1.5]],
        }
    )
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    house.put("kommun-2180/avslut_2021.parquet", buffer.getvalue())
    buffer = io.BytesIO()
    pq.write_table(table.set_column(2, "orsak", [[{"a": 1}]]), buffer)
    house.put("kommun-2101/avslut_2021.parquet", buffer.getvalue())
    house.ingest()
    assert house.statuses() == {
        "kommun-2180/avslut_2021.parquet": "in_force", "kommun-2101/avslut_2021.parquet": "too_many_bad_rows",
    }  # fmt: skip


def test_invalid_utf_8_in_parquet_is_unreadable(house):
    bad = pa.Array.from_buffers(
        pa.string(), 1, [None, pa.py_buffer(struct.pack("<ii", 0, 2)), pa.py_buffer(b"\xff\xfe")]
    )
    buffer = io.BytesIO()
    pq.write_table(pa.table({"personnummer": [PERSON], "avslutsdatum": ["2021-02-01"], "orsak": bad}), buffer)
    house.put(f"{PATH}.parquet", buffer.getvalue())
    assert rejection(house)[0] == "unreadable"


def test_formulas_are_text(house):
    header = ["mal", "rapportor", "bedomningsdatum", "status", "kommentar"]
    book = openpyxl.Workbook()
    book.active.append(header)
    book.active.append(["DELAKTIGHET", "AF", "2021-05-01", "UPPFYLLT", "x"])
    cell = book.active.cell(2, 5)
    cell.value, cell.data_type = "=cmd|' /C calc'!A0", "s"
    house.inbox.joinpath("finsam").mkdir()
    book.save(house.inbox / "finsam" / "malbedomning_2021.xlsx")
    house.put_csv(
        "finsam/malbedomning_2022.csv", header, [["DELAKTIGHET", "AF", "2022-05-01", "UPPFYLLT", "=1+1"]]
    )
    house.ingest()
    assert house.query("select kommentar from raw.malbedomning order by bedomningsdatum") == [
        ("=cmd|' /C calc'!A0",), ("=1+1",),
    ]  # fmt: skip


def test_a_file_that_grows_while_it_is_read_is_read_again(house, monkeypatch):
    file = house.put(f"{PATH}.csv", GOOD)
    finish = bytestream.HashedFile.finish
    growths = iter([f"{pnr('19820101', 981)};2021-03-01;ANNAT\n"])

    def grow(self):
        if (more := next(growths, None)) is not None:
            with file.open("a") as handle:
                handle.write(more)
        return finish(self)

    monkeypatch.setattr(bytestream.HashedFile, "finish", grow)
    result = house.ingest()
    monkeypatch.undo()
    assert result.rows_loaded == 2
    digest = bytestream.hash_file(file)[0]
    assert house.query("select content_hash from quality.delivery") == [(digest,)]
    assert not house.ingest().changed


def test_a_file_that_never_holds_still_is_rejected_and_tried_again(house, monkeypatch):
    file = house.put(f"{PATH}.csv", GOOD)
    finish = bytestream.HashedFile.finish

    def grow(self):
        with file.open("a") as handle:
            handle.write("\n")
        return finish(self)

    with monkeypatch.context() as patch:
        patch.setattr(bytestream.HashedFile, "finish", grow)
        reason, detail = rejection(house)
    assert (reason, "changed while" in detail) == ("unreadable", True)
    assert house.ingest().in_force == (f"{PATH}.csv",)


def test_a_file_that_disappears_under_way_is_rejected(house, monkeypatch):
    house.put(f"{PATH}.csv", GOOD)
    open_regular = bytestream.open_regular

    def vanish(path: Path):
        path.unlink(missing_ok=True)
        return open_regular(path)

    monkeypatch.setattr(bytestream, "open_regular", vanish)
    assert rejection(house)[0] == "unreadable"


def test_a_large_file_streams(house):
    rows = 60_000
    lines = b"".join(b"%d;2021-01-01;FLYTT;%s\n" % (n, b"z" * 6000) for n in range(1000))
    house.put(f"{PATH}.csv", b"personnummer;avslutsdatum;orsak;extra\n" + lines * (rows // 1000))
    seen: list[int] = []
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(0.02):
            seen.append(int(Path("/proc/self/statm").read_text().split()[1]) * 4096)

    watcher = threading.Thread(target=watch)
    start = int(Path("/proc/self/statm").read_text().split()[1]) * 4096
    watcher.start()
    try:
        result = house.ingest(limits=ReadingLimits(memory_limit="200MB", max_row_bytes=1 << 20))
    finally:
        stop.set()
        watcher.join()
    assert result.rejected[0].reason == "too_many_bad_rows"
    assert max(seen) - start < 400_000_000
