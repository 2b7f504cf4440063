"""Which files a name means that a person leaves out, and what such a request must say."""

import pytest

from dagster_project.errors import TrisamError
from dagster_project.ingestion.left_out import UnknownDeliveryError, Without, matched, refuse_unknown

SUPPORT = "kommun-2181/forsorjningsstod_2021-03"
PATHS = [
    f"{SUPPORT}.csv",
    f"{SUPPORT}_r2.xlsx",
    "kommun-2181/forsorjningsstod_2021-02.csv",
    "kommun-2182/forsorjningsstod_2021-03.csv",
    "rg/arenden_20191201-20211231.csv.gz",
]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        (SUPPORT, [f"{SUPPORT}.csv", f"{SUPPORT}_r2.xlsx"]),
        (f"{SUPPORT}_r2", [f"{SUPPORT}_r2.xlsx"]),
        (f"{SUPPORT}.csv", [f"{SUPPORT}.csv"]),
        (f"{SUPPORT}_r2.xlsx", [f"{SUPPORT}_r2.xlsx"]),
        ("KOMMUN-2181/Försörjningsstöd_2021-03_R2", [f"{SUPPORT}_r2.xlsx"]),
        ("rg/ärenden_20191201-20211231", ["rg/arenden_20191201-20211231.csv.gz"]),
    ],
)
def test_a_name_means_a_file_with_or_without_revision_and_ending(name, meant):
    assert matched(PATHS, [name]) == {name: meant}


@pytest.mark.parametrize(
    "name", ["kommun-2181", "forsorjningsstod_2021-03", f"{SUPPORT}_r3", f"{SUPPORT}.parquet", ""]
)
def test_a_name_of_no_file_is_refused(name):
    with pytest.raises(UnknownDeliveryError):
        matched(PATHS, [name])


def test_the_refusal_lists_near_names():
    with pytest.raises(UnknownDeliveryError) as refused:
        matched(PATHS, ["kommun-2181/forsorjningstod_2021-03"])
    assert f"Near it: {SUPPORT}.csv, {SUPPORT}_r2.xlsx" in refused.value.message


def test_a_name_that_is_refused_shows_the_days_of_a_period_and_no_personal_number():
    with pytest.raises(UnknownDeliveryError, match="called rg/moten_20191201-20211231"):
        matched(PATHS, ["rg/moten_20191201-20211231"])
    with pytest.raises(UnknownDeliveryError) as refused:
        matched(PATHS, ["rg/moten_19121212-1212"])
    assert "1212-1212" not in str(refused.value)


def test_only_deliveries_can_be_left_out(tmp_path):
    for name in ("rg/moten_2021.csv", "rg/moten_2021H3.csv", "rg/notes.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    refuse_unknown(tmp_path, ["rg/moten_2021", "rg/moten_2021H3"])
    with pytest.raises(UnknownDeliveryError):
        refuse_unknown(tmp_path, ["rg/notes"])


@pytest.mark.parametrize(("who", "why"), [("", "broken"), ("NN", ""), (" ", "broken"), ("NN", " ")])
def test_leaving_out_needs_a_person_and_a_reason(who, why):
    with pytest.raises(TrisamError, match="a person and a reason"):
        Without((SUPPORT,), who, why)


def test_a_reason_with_a_personal_number_is_refused_without_repeating_it():
    with pytest.raises(TrisamError) as refused:
        Without((SUPPORT,), "NN", "19121212-1212 is wrong")
    assert "19121212" not in str(refused.value)
