"""Every form of value and file: the same content gives the same raw rows."""

import gzip
import io
from datetime import date, datetime
from itertools import product

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dagster_project.contract import load_contract
from tests.integration.ingestion.conftest import House, csv_text, pnr

HEADER = ["personnummer", "manad", "kon", "belopp_kr", "huvudinkomst", "forsorjningshinder"]
PERSON, OLD, COORDINATED = pnr("19820101"), pnr("20010203", 981), pnr("19700161", 982)
ROWS = [
    [PERSON, "2021-01", "K", "10071.75", "J", "ARBETSLOS"],
    [OLD, "2021-02", "M", "580690", "N", ""],
    [COORDINATED, "2021-12", "A", "1", "J", "SJUK_INTYG"],
]
EXPECTED = [
    ("2021-01-01", "K", 10071.75, True, "ARBETSLOS"),
    ("2021-02-01", "M", 580690.0, False, None),
    ("2021-12-01", "A", 1.0, True, "SJUK_INTYG"),
]
PATH = "kommun-2180/forsorjningsstod_2021"


def rows_of(house: House) -> list[tuple]:
    assert house.faults() == []
    return house.query(
        "select manad::varchar, kon, belopp_kr, huvudinkomst, forsorjningshinder "
        "from raw.forsorjningsstod order by row_number"
    )


def persons_of(house: House) -> list[str]:
    return [row[0] for row in house.query("select person_id from raw.forsorjningsstod order by row_number")]


@pytest.fixture(scope="module")
def persons(tmp_path_factory) -> list[str]:
    """The pseudonyms that every form must give."""
    house = House(tmp_path_factory.mktemp("plain"))
    house.put_csv(f"{PATH}.csv", HEADER, ROWS)
    house.ingest()
    return persons_of(house)


def test_csv_in_every_combination_of_forms(house, persons):
    header = [" Personnummer ", "MÅNAD", "Kön", "belopp_kr", "huvudinkomst", "Försörjningshinder", "Övrigt"]
    rows = [
        [PERSON[:8] + "-" + PERSON[8:], "202101", "Kvinna", "10 071,75", "ja", "arbetslös", "a"],
        [OLD[2:8] + "-" + OLD[8:], " 2021-02 ", "man", "580\u00a0690", "FALSE", " ", 'b\n;",c'],
        [COORDINATED[2:], "2021-12", "Ej svar/Annan", "1,00", "1", "Sjukskriven med läkarintyg", ""],
    ]
    forms = product(";,\t", ["\n", "\r\n"], ["utf-8", "utf-8-sig", "cp1252"], ["csv", "csv.gz"])
    municipalities = sorted(load_contract().municipalities)
    for municipality, (delimiter, end, encoding, ending) in zip(municipalities, forms, strict=False):
        data = csv_text(header, rows, delimiter, end).encode(encoding)
        data = gzip.compress(data) if ending == "csv.gz" else data
        house.put(f"kommun-{municipality}/forsorjningsstod_2021.{ending}", data)
    assert len(house.ingest().in_force) == 36
    assert house.faults() == []
    groups = house.query(
        "select list((manad::varchar, kon, belopp_kr, huvudinkomst, forsorjningshinder) order by row_number), "
        "list(person_id order by row_number) from raw.forsorjningsstod group by party"
    )
    assert len(groups) == 36
    assert all(group == (EXPECTED, persons) for group in groups)


def _xlsx(rows: list[list]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.create_sheet("another").append(["not", "read"])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "rows",
    [
        ROWS,
        [
            [int(PERSON), date(2021, 1, 1), "K", 10071.75, True, "ARBETSLOS"],
            [int(OLD[2:]), datetime(2021, 2, 1), "M", 580690, False, None],
            [float(COORDINATED), 202112, "A", "1", 1, "SJUK_INTYG"],
        ],
    ],
    ids=["text", "typed"],
)
def test_xlsx_with_text_or_typed_cells(house, persons, rows):
    house.put(f"{PATH}.xlsx", _xlsx([HEADER, *rows]))
    assert house.ingest().rejected == ()
    assert rows_of(house) == EXPECTED
    assert persons_of(house) == persons


TYPED = {
    "personnummer": pa.array([int(PERSON), int(OLD[2:]), int(COORDINATED)]),
    "manad": pa.array([date(2021, 1, 1), date(2021, 2, 1), date(2021, 12, 1)]),
    "kon": pa.array(["K", "M", "A"]).dictionary_encode(),
    "belopp_kr": pa.array([10071.75, 580690.0, 1.0]),
    "huvudinkomst": pa.array([True, False, True]),
    "forsorjningshinder": pa.array(["ARBETSLOS", None, "SJUK_INTYG"], pa.large_string()),
}


@pytest.mark.parametrize(
    "columns",
    [
        {name: pa.array(values) for name, values in zip(HEADER, zip(*ROWS, strict=True), strict=True)},
        TYPED,
        TYPED
        | {
            "personnummer": pa.array([float(PERSON), float(OLD[2:]), float(COORDINATED)]),
            "manad": pa.array([datetime(2021, 1, 1), datetime(2021, 2, 1), datetime(2021, 12, 1)]),
            "huvudinkomst": pa.array([1, 0, 1], pa.int8()),
            "belopp_kr": pa.array(["10071.75", "580690", "1"]).cast(pa.decimal128(12, 2)),
        },
        TYPED | {"manad": pa.array([202101, 202102, 202112], pa.int32())},
        TYPED
        | {
            "personnummer": pa.array([int(PERSON), int(OLD[2:]), int(COORDINATED)]).cast(
                pa.decimal128(21, 2)
            ),
            "manad": pa.array([202101, 202102, 202112]).cast(pa.decimal128(19, 0)),
            "huvudinkomst": pa.array([1, 0, 1]).cast(pa.decimal128(21, 2)),
            "belopp_kr": pa.array(["10071.75", "580690", "1"]).cast(pa.decimal128(20, 4)),
        },
    ],
    ids=["text", "typed", "other types", "numbers", "exact numbers"],
)
def test_parquet_with_text_or_typed_columns(house, persons, columns):
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    house.put(f"{PATH}.parquet", buffer.getvalue())
    assert house.ingest().rejected == ()
    assert rows_of(house) == EXPECTED
    assert persons_of(house) == persons


def test_numbers_in_cells_lose_no_leading_zero(house):
    person = pnr("20000305")
    header = ["personnummer", "avslutsdatum", "orsak"]
    house.put("kommun-0114/avslut_2005.xlsx", _xlsx([header, [int(person[2:]), 50301, "ARBETE"]]))
    house.put_csv("kommun-0114/avslut_2006.csv", header, [[person, "060301", "Arbete"]])
    house.put(
        "rg/team_2021.xlsx",
        _xlsx([["team_id", "enhet", "enhetstyp", "kommunkod"], [17, "Enheten", "HC", 114]]),
    )
    house.ingest()
    assert house.faults() == []
    assert house.query("select avslutsdatum::varchar from raw.avslut order by 1") == [
        ("2005-03-01",),
        ("2006-03-01",),
    ]
    assert house.query("select count(distinct person_id) from raw.avslut") == [(1,)]
    assert house.query("select team_id, kommunkod, team_fran from raw.team") == [("17", "0114", None)]


def test_every_form_of_date(house):
    written = ["2021-03-01", "20210301", "210301", " 2021-03-01\u00a0", "\u20092021-03-01\u3000"]
    rows = [[pnr("19820101", 980 + n), text, "FLYTT"] for n, text in enumerate(written)]
    house.put_csv("kommun-2180/avslut_2021.csv", ["personnummer", "avslutsdatum", "orsak"], rows)
    house.ingest()
    assert house.query("select avslutsdatum from raw.avslut") == [(date(2021, 3, 1),)] * len(written)


def test_every_form_of_number(house):
    written = {
        "1": 1.0, "0,5": 0.5, "571224,50": 571224.5, "580 690": 580690.0, "1 234 567.25": 1234567.25,
        "1\u00a0000": 1000.0, "1\u202f000": 1000.0, "+7": 7.0, "007": 7.0, "1000000": 1e6,
    }  # fmt: skip
    rows = [[pnr("19820101", 980 + n), "2021-01", "K", text, "J", ""] for n, text in enumerate(written)]
    house.put_csv(f"{PATH}.csv", HEADER, rows)
    house.ingest()
    found = house.query("select belopp_kr from raw.forsorjningsstod order by row_number")
    assert found == [(value,) for value in written.values()]


def test_every_form_of_yes_and_no(house):
    yes = ["J", "j", "Ja", "JA", "1", "true", "TRUE", " Ja "]
    no = ["N", "n", "Nej", "NEJ", "0", "false", "False"]
    rows = [[pnr("19820101", 980 + n), "2021-01", "K", "1", text, ""] for n, text in enumerate(yes + no)]
    house.put_csv(f"{PATH}.csv", HEADER, rows)
    house.ingest()
    found = house.query("select huvudinkomst from raw.forsorjningsstod order by row_number")
    assert found == [(True,)] * len(yes) + [(False,)] * len(no)


def test_codes_and_labels_in_any_case_and_composition(house):
    decomposed = "Aktivitetsersa\u0308ttning"
    rows = [
        [PERSON, "2021-01-01", decomposed],
        [OLD, "2021-01-01", "af_ersattning"],
        [COORDINATED, "2021-01-01", "STUDIER"],
    ]
    house.put_csv("kommun-2180/avslut_2021.csv", ["personnummer", "avslutsdatum", "orsak"], rows)
    house.ingest()
    assert house.query("select orsak from raw.avslut order by row_number") == [
        ("AKTIVITETSERSATTNING",), ("AF_ERSATTNING",), ("STUDIER",),
    ]  # fmt: skip


def test_several_codes_in_one_column(house):
    header = ["observation_id", "rapportor", "kategori", "tema", "datum", "text"]
    rows = [
        ["O1", "finsam", "Framgångsfaktor", "pandemi | REKO", "2021-05-01", "Bra; mycket bra"],
        ["O2", "2180", "LARDOM", "LEDTID", "2021-05-01", "Ännu bättre"],
        ["O3", "9999", "LARDOM", "LEDTID|", "2021-05-01", "Fel"],
    ] + [[f"P{n}", "RG", "LARDOM", "VALD", "2021-05-01", "x"] for n in range(30)]
    house.put_csv("finsam/observationer_2021.csv", header, rows)
    house.ingest()
    assert house.query("select rapportor, tema from raw.observationer where observation_id < 'P' order by 1") == [
        ("2180", "LEDTID"), ("FINSAM", "PANDEMI|REKO"),
    ]  # fmt: skip
    assert house.faults() == [(4, "rapportor", "bad_code", "9999"), (4, "tema", "bad_code", "LEDTID|")]


def test_a_header_alone_states_that_there_was_nothing(house):
    for number, content in enumerate(
        ["personnummer;avslutsdatum;orsak", "personnummer;avslutsdatum;orsak\r\n"]
    ):
        house.put(f"kommun-2180/avslut_202{number}.csv", content)
    house.put("kommun-2180/avslut_2022.xlsx", _xlsx([["personnummer", "avslutsdatum", "orsak"]]))
    columns = {name: pa.array([], pa.string()) for name in ("personnummer", "avslutsdatum", "orsak")}
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    house.put("kommun-2180/avslut_2023.parquet", buffer.getvalue())
    assert len(house.ingest().in_force) == 4
    assert house.query("select sum(rows_read), count(*) from quality.delivery where status = 'in_force'") == [
        (0, 4)
    ]


def test_columns_in_any_order_unknown_ones_recorded_missing_optional_ones_blank(house):
    house.put_csv(
        "rg/moten_2021.csv",
        ["Status", "extra", "mote_id", "form", "motesdatum", "team_id", ""],
        [["Genomfört", "x", "M1", "Digitalt", "2021-01-07", "T1", ""]],
    )
    house.ingest()
    assert house.query("select mote_id, status, form, installt_orsak from raw.moten") == [
        ("M1", "GENOMFORT", "D", None)
    ]
    assert house.query("select kind, column_name from quality.schema_drift order by 1, 2") == [
        ("missing_optional_column", "installt_orsak"),
        ("unknown_column", "(no name)"),
        ("unknown_column", "extra"),
    ]


def test_windows_1252_that_shows_late_is_read_as_such_from_the_start(house):
    rows = [["Malm\u00c3\u00b6", f"M{n}"] for n in range(3)] + [["x", f"N{n}"] for n in range(60_000)]
    text = (
        csv_text(["enhet", "team_id"], rows)
        .replace("enhet;", "enhetstyp;kommunkod;enhet;")
        .replace("Malm", "HC;2180;Malm")
    )
    text = text.replace("\nx;", "\nHC;2180;x;") + "HC;2180;Håbo;Z1\n"
    house.put("rg/team_2021.csv", text.encode("cp1252"))
    house.ingest()
    assert house.query("select enhet from raw.team where team_id in ('M0', 'Z1') order by team_id") == [
        ("Malm\u00c3\u00b6",), ("Håbo",),
    ]  # fmt: skip


def test_values_keep_quotes_breaks_and_delimiters(house):
    text = 'Rad 1\nrad 2; "citat", slut'
    header = ["observation_id", "rapportor", "kategori", "tema", "datum", "text"]
    house.put_csv(
        "finsam/observationer_2021.csv", header, [["O1", "RG", "LARDOM", "VALD", "2021-05-01", text]]
    )
    house.ingest()
    assert house.query("select text from raw.observationer") == [(text,)]
