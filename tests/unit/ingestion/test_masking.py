"""Nothing that looks like a personal number passes."""

import csv
from pathlib import Path

import duckdb
import pytest

from dagster_project.ingestion.masking import mask, mask_path, printable, sql_mask, sql_mask_pnr

WRITTEN = ["198201019990", "19820101-9990", "820101-9990", "820101+9990", "8201019990", "820161-9990"]


@pytest.mark.parametrize(
    "number", [*WRITTEN, "1982-01-01-9990", "19820101 9990", "820101–9990", "820101\u00a09990"]
)
@pytest.mark.parametrize("frame", ["{}", "ring {} nu", "x{}y", "A-{}-1", "({})", "99{}99"])
def test_a_number_is_cut_to_six_digits_in_python_and_in_sql(number, frame):
    text = frame.format(number)
    masked = mask(text)
    assert number not in masked
    assert number[-4:] not in masked
    found = duckdb.execute(f"select {sql_mask('t')} from (select $1 as t)", [text]).fetchone()
    assert found == (masked,)


@pytest.mark.parametrize("number", WRITTEN)
def test_numbers_written_together_are_all_cut(number):
    assert number not in mask(number + number)
    assert number not in mask(f"{number} {number};{number}")


@pytest.mark.parametrize(
    "text",
    ["2021-03-01", "20210301", "580 690", "2101-01-20210119", "A1007-0", "R2020VT0", "10071.75", "2021-13"],
)
def test_dates_amounts_and_identifiers_are_left_alone(text):
    assert mask(text) == text


def test_the_statements_of_the_final_reports_are_left_alone():
    reference = Path(__file__).parents[3] / "seeds"
    with (reference / "reference" / "code_list.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert mask(row["label_sv"]) == row["label_sv"]


@pytest.mark.parametrize(
    "text", [*WRITTEN, "1982 01 01 9990", "x198201019990", "19820101-999A", "Kalle", "198201"]
)
def test_the_value_of_a_personnummer_column_shows_six_digits_whatever_it_is(text):
    found = duckdb.execute(f"select {sql_mask_pnr('t')} from (select $1 as t)", [text]).fetchone()
    assert found is not None
    digits = "".join(c for c in text if c.isdigit())
    assert found[0] == digits[:6] + "******"


def test_the_span_of_a_delivery_name_is_no_person():
    assert mask_path("rg/arenden_20191201-20211231_r2.csv") == "rg/arenden_20191201-20211231_r2.csv"
    assert mask_path("rg/arenden_198201019990.csv") == "rg/arenden_198201******.csv"
    assert mask_path("rg/kopia 19820101-9990.csv") == "rg/kopia 198201******.csv"


def test_a_file_name_becomes_printable():
    assert printable("a\nb\x1b[31m") == "a\\nb\\x1b[31m"
    assert printable("a\udcff") == "a\\xff"
    assert printable("åäö") == "åäö"
