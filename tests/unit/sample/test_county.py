"""Inboxes of any size: after the contract, repeatable, of the size asked for, with test identities only."""

from collections import Counter
from pathlib import Path

import pytest

from dagster_project.contract import load_contract
from dagster_project.sample.county import CountyOutputError, CountyReport, make_county, usual_municipalities
from dagster_project.sample.inbox import InboxFile, read_inbox

CASES = 900


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> CountyReport:
    return make_county(tmp_path_factory.mktemp("county") / "inbox", CASES, seed=4)


@pytest.fixture(scope="module")
def files(county: CountyReport) -> list[InboxFile]:
    return read_inbox(county.output, load_contract())


def rows(folder: Path) -> dict[tuple[str, str, object], Counter[tuple[object, ...]]]:
    return {
        (file.party, file.dataset, file.start): Counter(tuple(row.values()) for row in file.rows)
        for file in read_inbox(folder, load_contract())
    }


def test_every_dataset_is_delivered_and_no_row_breaks_a_rule(files: list[InboxFile]) -> None:
    assert {file.dataset for file in files} == set(load_contract().datasets)
    assert sum(file.bad_rows for file in files) == 0
    assert len(files) > 150


def test_it_holds_as_many_new_cases_as_asked_for(files: list[InboxFile]) -> None:
    cases = [row for file in files if file.dataset == "arenden" for row in file.rows]
    assert sum(row["arendetyp"] == "NY" for row in cases) == CASES
    assert any(row["arendetyp"] == "UPPF" for row in cases)


def test_natural_keys_are_unique_within_a_delivery(files: list[InboxFile]) -> None:
    contract = load_contract()
    for file in files:
        key = [column.name for column in contract.datasets[file.dataset].key]
        assert len({tuple(row[name] for name in key) for row in file.rows}) == len(file.rows), file.dataset


def test_every_case_and_meeting_has_a_team_row(files: list[InboxFile]) -> None:
    teams = {row["team_id"] for file in files if file.dataset == "team" for row in file.rows}
    named = {row["team_id"] for file in files if file.dataset in ("arenden", "moten") for row in file.rows}
    assert named <= teams


def test_people_have_test_serials_and_keep_their_gender_and_municipality(files: list[InboxFile]) -> None:
    cases = [row for file in files if file.dataset == "arenden" for row in file.rows if row["personnummer"]]
    assert {int(str(row["personnummer"])[8:11]) // 20 for row in cases} == {49}
    seen = {(row["personnummer"], row["kon"], row["kommunkod"]) for row in cases}
    assert len(seen) == len({number for number, _, _ in seen})


def test_some_people_come_back_and_some_follow_up_tables_have_rows(files: list[InboxFile]) -> None:
    new = [row for f in files if f.dataset == "arenden" for row in f.rows if row["arendetyp"] == "NY"]
    per_person = Counter(row["personnummer"] for row in new if row["personnummer"])
    assert max(per_person.values()) == 2
    supported = {row["personnummer"] for f in files if f.dataset == "forsorjningsstod" for row in f.rows}
    assert 0.2 < len(supported & per_person.keys()) / len(per_person) < 0.7


def test_every_municipality_states_each_year_even_where_there_was_nothing(county: CountyReport) -> None:
    for code in usual_municipalities(load_contract(), CASES):
        names = {path.name for path in (county.output / f"kommun-{code}").iterdir()}
        assert {f"avslut_{period}.csv" for period in ("2020", "2021", "2022", "2023H1")} <= names


def test_the_same_seed_gives_the_same_rows_and_another_seed_others(
    county: CountyReport, tmp_path: Path
) -> None:
    first = rows(county.output)
    assert rows(make_county(tmp_path / "again", CASES, seed=4).output) == first
    assert rows(make_county(tmp_path / "other", CASES, seed=5).output) != first


def test_parquet_holds_the_same_rows_as_csv(county: CountyReport, tmp_path: Path) -> None:
    other = make_county(tmp_path / "parquet", CASES, seed=4, file_format="parquet")
    assert {path.suffix for path in (other.output / "rg").iterdir()} == {".parquet"}
    assert rows(other.output) == rows(county.output)


def test_the_municipalities_asked_for_are_those_that_deliver(tmp_path: Path) -> None:
    report = make_county(tmp_path / "inbox", 200, municipalities=["2184", "0180"])
    assert report.municipalities == 2
    assert {p.name for p in report.output.glob("kommun-*")} == {"kommun-2184", "kommun-0180"}


@pytest.mark.parametrize(("cases", "expected"), [(999_999, 10), (1_000_000, 290)])
def test_a_million_cases_come_from_the_whole_country(cases: int, expected: int) -> None:
    assert len(usual_municipalities(load_contract(), cases)) == expected


def test_a_folder_with_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine")
    with pytest.raises(CountyOutputError):
        make_county(tmp_path, 100)
    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]


def test_more_cases_than_people_can_be_invented_for_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CountyOutputError, match="test identities"):
        make_county(tmp_path / "inbox", 20_000_000)
