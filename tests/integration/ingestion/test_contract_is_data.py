"""A new dataset, column or code list needs no new Python."""

import shutil

import pytest

from dagster_project.contract.loader import CONTRACT_DIR, REFERENCE_DIR, read_contract
from tests.integration.ingestion.conftest import pnr

BESOK = """
name: besok
title_sv: Besök
description_sv: Besök.
grain_sv: En rad per besök.
parties: [rg, kommun]
period: {overlaps: [borjan, slut]}
columns:
  - {name: besok_id, type: text, required: true, key: true, description_sv: x}
  - {name: personnummer, type: pnr, required: true, description_sv: x}
  - {name: handlaggare_personnummer, type: pnr, description_sv: x}
  - {name: borjan, type: month, required: true, key: true, description_sv: x}
  - {name: slut, type: month, not_before: borjan, description_sv: x}
  - {name: slag, type: codes, code_list: visit_kind, description_sv: x}
  - {name: plats, type: municipality, description_sv: x}
  - {name: avgift, type: number, minimum: 0, maximum: 500, description_sv: x}
  - {name: digitalt, type: flag, description_sv: x}
"""


@pytest.fixture
def contract_dirs(tmp_path):
    contract, reference = tmp_path / "contract", tmp_path / "reference"
    shutil.copytree(CONTRACT_DIR, contract)
    shutil.copytree(REFERENCE_DIR, reference)
    return contract, reference


def use(monkeypatch, dirs) -> None:
    contract = read_contract(*dirs)
    for module in ("run", "erasure"):
        monkeypatch.setattr(f"dagster_project.ingestion.{module}.load_contract", lambda: contract)
    monkeypatch.setattr(
        "dagster_project.ingestion.run.contract_fingerprint", lambda: str(hash(repr(contract)))
    )


def test_a_new_dataset_is_a_new_file(house, monkeypatch, contract_dirs):
    contract, reference = contract_dirs
    (contract / "datasets" / "besok.yml").write_text(BESOK, encoding="utf-8")
    with (reference / "code_list.csv").open("a", encoding="utf-8") as file:
        file.write("visit_kind,HEM,Hembesök,,1\nvisit_kind,MOTT,Mottagning,,2\n")
    use(monkeypatch, contract_dirs)
    header = "besok_id;personnummer;handlaggare_personnummer;borjan;slut;slag;plats;avgift;digitalt\n"
    first, second = pnr("19820101"), pnr("19700101", 981)
    good = "".join(f"V{n};{first};{second};2021-03;;hembesök|MOTT;2180;100;J\n" for n in range(100))
    bad = f"W1;{first};x;2021-03;2021-02;HEM|?;9999;501;kanske\nW2;{first};;2022-01;;;;;\n"
    house.put("rg/besok_2021.csv", header + good + bad)
    assert house.ingest().rejected == ()
    assert house.counts("rg/besok_2021.csv") == (102, 100, 0, 2)
    assert [(row[0], row[1], row[2]) for row in house.faults()] == [
        (102, "avgift", "out_of_range"), (102, "digitalt", "bad_flag"),
        (102, "handlaggare_personnummer", "bad_personnummer"), (102, "plats", "bad_municipality"),
        (102, "slag", "bad_code"), (102, "slut", "bad_order"), (103, "borjan", "outside_period"),
    ]  # fmt: skip
    assert house.query(
        "select distinct slag, plats, avgift, digitalt, borjan::varchar, slut from raw.besok"
    ) == [("HEM|MOTT", "2180", 100.0, True, "2021-03-01", None)]
    assert house.query(
        "select count(distinct person_id), count(distinct handlaggare_person_id) from raw.besok"
    ) == [(1, 1)]


def test_a_new_column_is_a_new_line(house, monkeypatch, contract_dirs):
    header = "personnummer;avslutsdatum;orsak;anteckning\n"
    path = "kommun-2180/avslut_2021.csv"
    house.put(path, header + f"{pnr('19820101')};2021-01-01;FLYTT;tre\n")
    house.ingest()
    file = contract_dirs[0] / "datasets" / "avslut.yml"
    line = "  - {name: anteckning, type: text, description_sv: x}\n"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join([*lines[:-1], line, lines[-1]]), encoding="utf-8")
    use(monkeypatch, contract_dirs)
    assert house.ingest().loaded == (path,)
    assert house.query("select orsak, anteckning from raw.avslut") == [("FLYTT", "tre")]
    assert house.query("select count(*) from quality.schema_drift") == [(0,)]


def test_content_that_cannot_be_read_again_keeps_its_rows_under_a_new_contract(
    house, monkeypatch, contract_dirs
):
    path = "kommun-2180/avslut_2021.csv"
    house.put_csv(path, ["personnummer", "avslutsdatum", "orsak"], [[pnr("19820101"), "2021-01-01", "FLYTT"]])
    house.ingest()
    house.put(path, "broken\n")
    file = contract_dirs[0] / "datasets" / "avslut.yml"
    file.write_text(
        file.read_text(encoding="utf-8") + "  - {name: anteckning, type: text, description_sv: x}\n",
        encoding="utf-8",
    )
    use(monkeypatch, contract_dirs)
    assert house.ingest().in_force == (path,)
    assert house.query("select orsak, anteckning from raw.avslut") == [("FLYTT", None)]
