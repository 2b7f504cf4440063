"""What the sample inbox promises: repeatable, all targets met, invented people, faults that show."""

import csv
import gzip
import hashlib
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from dagster_project.contract import load_contract
from dagster_project.sample import SampleOutputError, SampleReport, SampleTargetMissedError, make_sample
from dagster_project.sample import generator as generator_module
from dagster_project.sample.generator import write_inbox
from dagster_project.sample.inbox import InboxFile, read_inbox
from dagster_project.sample.targets import REFERENCE, read_figures
from dagster_project.sample.verify import check_inbox

COMMITTED = REFERENCE.parent / "extracts"


def digests(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


def numbers(folder: Path) -> set[str]:
    contract = load_contract()
    person_columns = {d.name: [c.name for c in d.person_columns] for d in contract.datasets.values()}
    return {
        str(row[column])
        for file in read_inbox(folder, contract)
        for row in file.rows
        for column in person_columns[file.dataset]
        if row[column] is not None
    }


def copy_of(sample: SampleReport, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sample.output, tmp_path / "inbox"))


def missed(folder: Path) -> set[str]:
    return {check.figure.figure_id for check in check_inbox(folder).checks if not check.met}


def rewrite(path: Path, change) -> None:
    lines = path.read_text(encoding="utf-8").split("\n")
    path.write_text("\n".join(change(lines)), encoding="utf-8")


def test_same_seed_gives_the_same_bytes(sample: SampleReport, tmp_path: Path) -> None:
    write_inbox(tmp_path / "again", sample.seed)
    assert digests(tmp_path / "again") == digests(sample.output)


def test_another_seed_gives_other_people_and_meets_every_target_too(
    sample: SampleReport, tmp_path: Path
) -> None:
    other = make_sample(tmp_path / "other", seed=7)
    assert other.matched == len(read_figures())
    assert len(numbers(other.output) & numbers(sample.output)) < 0.05 * len(numbers(sample.output))


def test_every_published_figure_is_met(sample: SampleReport) -> None:
    proof = check_inbox(sample.output)
    assert proof.missed == []
    assert [check.figure for check in proof.checks] == list(read_figures())
    assert sample.matched == len(read_figures()) == 118


def test_the_committed_inbox_is_what_the_generator_makes(sample: SampleReport) -> None:
    assert sorted(digests(COMMITTED)) == sorted(digests(sample.output))
    contract = load_contract()
    # Compressed files may differ in bytes between library versions; their rows may not.
    assert read_inbox(COMMITTED, contract) == read_inbox(sample.output, contract)


def test_all_thirteen_datasets_are_delivered(sample: SampleReport) -> None:
    assert sample.rows.keys() == load_contract().datasets.keys()


def test_every_personnummer_has_a_serial_of_the_tax_agencys_test_identities(sample: SampleReport) -> None:
    serials = {int(number[8:11]) for number in numbers(sample.output)}
    assert serials == set(range(980, 1000))


def test_no_file_holds_anything_shaped_like_a_living_persons_number(sample: SampleReport) -> None:
    pattern = re.compile(r"(?<![\d.])(?:19|20)?\d{6}[-+]?(\d{3})\d(?![\d.])")
    for path in sample.output.rglob("*.csv*"):
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        serials = {int(match) for match in pattern.findall(content.decode("cp1252"))}
        assert all(serial >= 980 for serial in serials), path.name


def test_some_people_have_a_samordningsnummer_and_some_cases_no_number(sample: SampleReport) -> None:
    assert any(int(number[6:8]) > 60 for number in numbers(sample.output))
    cases = [row for file in in_force(sample, "arenden") for row in file.rows]
    assert 0 < sum(row["personnummer"] is None for row in cases) < 0.1 * len(cases)


def in_force(sample: SampleReport, dataset: str) -> list[InboxFile]:
    return [file for file in read_inbox(sample.output, load_contract()) if file.dataset == dataset]


def test_cases_cover_the_programme_and_grow(sample: SampleReport) -> None:
    files = in_force(sample, "arenden")
    assert min(file.start for file in files) == date(2019, 12, 1)
    assert max(file.end for file in files) == date(2021, 12, 31)
    new = [row["konsultationsdatum"] for file in files for row in file.rows if row["arendetyp"] == "NY"]
    per_year = {year: sum(day.year == year for day in new) for year in (2019, 2020, 2021)}
    assert 0 < per_year[2019] < per_year[2020] < per_year[2021] == 960


def test_meetings_are_digital_from_march_2020_and_on_paper_before(sample: SampleReport) -> None:
    meetings = [row for file in in_force(sample, "moten") for row in file.rows]
    assert {row["form"] for row in meetings if row["motesdatum"] >= date(2020, 3, 1)} == {"D"}
    assert {row["form"] for row in meetings if row["motesdatum"] < date(2020, 3, 1)} == {"F"}


def test_each_case_is_raised_in_a_held_meeting_of_its_team(sample: SampleReport) -> None:
    held = {
        (row["team_id"], row["motesdatum"])
        for file in in_force(sample, "moten")
        for row in file.rows
        if row["status"] == "GENOMFORT"
    }
    cases = {
        (row["team_id"], row["konsultationsdatum"]) for f in in_force(sample, "arenden") for row in f.rows
    }
    assert cases <= held


def test_only_reported_goals_have_a_status(sample: SampleReport) -> None:
    reported = {
        (f.filters["goal_code"], f.filters["reporter_code"]) for f in read_figures().matching("goal_status")
    }
    stated = {
        (row["mal"], row["rapportor"]) for file in in_force(sample, "malbedomning") for row in file.rows
    }
    assert stated == reported
    assert not {"2161", "2132"} & {reporter for _, reporter in stated}


def test_all_coded_statements_are_delivered_with_their_original_text(sample: SampleReport) -> None:
    rows = [row for file in in_force(sample, "observationer") for row in file.rows]
    texts = {row["observation_id"]: row["text"] for row in rows}
    assert len(texts) == 161
    assert texts["HUD-L-001"] == "En viktig lirdom ér att samverkan dr nddvindig"


def test_planted_bad_rows_are_few_and_visible(sample: SampleReport) -> None:
    files = read_inbox(sample.output, load_contract())
    broken = {f"{file.party}/{file.dataset}": file.bad_rows for file in files if file.bad_rows}
    assert broken == {
        "rg/arenden": 2,
        "rg/moten": 1,
        "fk/ersattning": 2,
        "kommun-2180/forsorjningsstod": 2,
        "kommun-2180/planering": 1,
    }


def test_one_more_case_makes_the_check_fail(sample: SampleReport, tmp_path: Path) -> None:
    inbox = copy_of(sample, tmp_path)
    path = inbox / "rg" / "arenden_2021Q3_r2.csv"
    rewrite(
        path,
        lambda lines: [*lines[:-1], "T21-99999;" + lines[1].split(";", 1)[1].replace(";UPPF;", ";NY;"), ""],
    )
    assert "question_2021_total_total" in missed(inbox)


def test_a_lost_closing_makes_the_check_fail(sample: SampleReport, tmp_path: Path) -> None:
    inbox = copy_of(sample, tmp_path)
    path = inbox / "kommun-2181" / "avslut_2021.csv"
    path.write_bytes(path.read_bytes().replace("Arbete".encode("cp1252"), "Flytt".encode("cp1252")))
    assert "sandviken_self_support_total" in missed(inbox)


def test_a_withdrawn_consent_makes_the_check_fail(sample: SampleReport, tmp_path: Path) -> None:
    inbox = copy_of(sample, tmp_path)
    path = inbox / "kommun-2181" / "samtycke_20191101-20211231.csv"
    path.write_bytes(re.sub(rb";\r\n", b";2021-12-31\r\n", path.read_bytes()))
    assert "sandviken_cases" in missed(inbox)


def test_a_new_benefit_makes_the_check_fail(sample: SampleReport, tmp_path: Path) -> None:
    inbox = copy_of(sample, tmp_path)
    with (inbox / "rg" / "arenden_2020.csv").open(encoding="utf-8", newline="") as file:
        cases = [row for row in csv.DictReader(file, delimiter=";") if row["kommunkod"] == "2184"]
    spells = [
        f"{row['personnummer'].replace('-', '')};SJUKERSATTNING;2021-01-04;;100"
        for row in cases
        if row["arendetyp"] == "NY" and row["personnummer"] and row["konsultationsdatum"] > "2020-02"
    ]
    path = inbox / "fk" / "ersattning_2022.csv"
    rewrite(path, lambda lines: [*lines[:-1], *spells, ""])
    assert "hudiksvall_sjukersattning" in missed(inbox)


def test_a_missed_target_stops_the_generator_and_leaves_the_folder_as_it_was(
    sample: SampleReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = copy_of(sample, tmp_path)
    before = digests(inbox)

    def write_with_a_fault(output: Path, seed: int) -> dict[str, int]:
        rows = write_inbox(output, seed)
        (output / "finsam" / "malbedomning_2021.csv").unlink()
        return rows

    monkeypatch.setattr(generator_module, "write_inbox", write_with_a_fault)
    with pytest.raises(SampleTargetMissedError, match="goal_2184_delaktighet"):
        make_sample(inbox, seed=3)
    assert digests(inbox) == before


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "rg").mkdir()
    (tmp_path / "rg" / "arenden_2023.csv").write_text("a real delivery")
    with pytest.raises(SampleOutputError, match=r"arenden_2023\.csv"):
        make_sample(tmp_path)
    assert [path.name for path in tmp_path.rglob("*.csv")] == ["arenden_2023.csv"]
