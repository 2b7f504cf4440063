"""File names of deliveries."""

from datetime import date

import pytest

from dagster_project.contract import load_contract
from dagster_project.ingestion.names import parse_path, parse_period


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2021", date(2021, 1, 1), date(2021, 12, 31)),
        ("2021H1", date(2021, 1, 1), date(2021, 6, 30)),
        ("2021H2", date(2021, 7, 1), date(2021, 12, 31)),
        ("2021Q1", date(2021, 1, 1), date(2021, 3, 31)),
        ("2021Q4", date(2021, 10, 1), date(2021, 12, 31)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("20191201-20211231", date(2019, 12, 1), date(2021, 12, 31)),
        ("20210501-20210501", date(2021, 5, 1), date(2021, 5, 1)),
    ],
)
def test_every_form_of_period_is_a_span_of_days(text, start, end):
    period = parse_period(text)
    assert period is not None
    assert (period.start, period.end) == (start, end)


@pytest.mark.parametrize(
    "text",
    [
        "", "21", "2021H3", "2021H0", "2021Q5", "2021-13", "2021-00", "2021-1", "0000", "20211231-20210101",
        "20210229-20210301", "20210101-2021", "2021 ", "２０２１", "2021h1", "20210101", "2021_r",
    ],
)  # fmt: skip
def test_what_is_no_period_does_not_parse(text):
    assert parse_period(text) is None


@pytest.mark.parametrize(
    ("path", "dataset", "revision", "file_format"),
    [
        ("kommun-2180/avslut_2021H1_r2.csv", "avslut", 2, "csv"),
        ("kommun-0114/avslut_2021.csv.gz", "avslut", 1, "csv.gz"),
        ("rg/arenden_2021_r1.xlsx", "arenden", 1, "xlsx"),
        ("rg/arenden_2021_r007.parquet", "arenden", 7, "parquet"),
    ],
)
def test_a_delivery_name_is_read(path, dataset, revision, file_format):
    name = parse_path(path, load_contract())
    assert name is not None
    assert name.period is not None
    assert (name.dataset, name.revision, name.file_format) == (dataset, revision, file_format)


@pytest.mark.parametrize(
    "path",
    [
        "README.txt", "arenden_2021.csv", "okand/arenden_2021.csv", "kommun-9999/avslut_2021.csv",
        "kommun/avslut_2021.csv", "kommun-/avslut_2021.csv", "kommun-21800/avslut_2021.csv",
        "af/arenden_2021.csv", "rg/avslut_2021.csv", "rg/arenden_2021.csv.part", "rg/.arenden_2021.csv",
        "rg/sub/arenden_2021.csv", "rg/arenden-2021.csv", "rg/arenden2021.csv", "rg/arenden_2021.CSV",
        "rg/arenden_2021.xls", "rg/arenden_2021", "RG/arenden_2021.csv", "rg/Arenden_2021.csv", "rg/arenden.csv",
        "rg-2180/arenden_2021.csv",
    ],
)  # fmt: skip
def test_other_names_are_no_deliveries(path):
    assert parse_path(path, load_contract()) is None


@pytest.mark.parametrize(
    "file_name",
    [
        "arenden_.csv", "arenden_2021H3.csv", "arenden_2021_r0.csv", "arenden_2021_rX.csv", "arenden_2021_r.csv",
        "arenden_2021_r2_r3.csv", "arenden_2021 (1).csv", "arenden_kopia.xlsx", "arenden_20211231-20210101.csv",
        "arenden_2021_r1234567.csv", "arenden_2021.csv.csv", "arenden_2021'; drop table x; --.csv",
    ],
)  # fmt: skip
def test_a_name_of_a_dataset_without_a_period_is_a_delivery_with_a_bad_period(file_name):
    name = parse_path(f"rg/{file_name}", load_contract())
    assert name is not None
    assert name.period is None
