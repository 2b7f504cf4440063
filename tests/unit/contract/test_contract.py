"""The contract as data: what it holds, what contradictions it refuses, and the page made of it."""

import shutil

import pytest
import yaml
from pydantic import ValidationError

from dagster_project.contract import load_contract
from dagster_project.contract.docs import FILE_REASONS, PAGE, ROW_REASONS, render
from dagster_project.contract.loader import CONTRACT_DIR, REFERENCE_DIR, read_contract
from dagster_project.contract.model import Column
from dagster_project.ingestion.results import rejected_delivery
from dagster_project.ingestion.rules import CONFLICTING_KEY, WRONG_COLUMN_COUNT, rules_of

DELIVERED = {
    "rg": {"team", "arenden", "moten", "samtycke"},
    "af": {"ersattning", "samtycke"},
    "fk": {"ersattning", "samtycke", "bemanning"},
    "kommun": {"forsorjningsstod", "avslut", "planering", "samtycke", "bemanning"},
    "finsam": {"enkat", "medel", "malbedomning", "observationer"},
}


def test_each_party_delivers_its_datasets():
    contract = load_contract()
    assert {p.code: {d.name for d in contract.datasets_of(p.code)} for p in contract.parties} == DELIVERED


@pytest.mark.parametrize(
    ("dataset", "key"),
    [
        ("arenden", ["arende_id"]), ("team", ["team_id"]), ("moten", ["mote_id"]),
        ("forsorjningsstod", ["personnummer", "manad"]), ("avslut", ["personnummer", "avslutsdatum"]),
        ("planering", ["personnummer", "forsta_kontakt"]), ("ersattning", ["personnummer", "ersattning", "fran"]),
        ("samtycke", ["personnummer", "part", "samtyckesdatum"]), ("bemanning", ["roll", "fran"]),
        ("enkat", ["enkat_omgang", "respondent_id"]), ("medel", ["insats_id"]),
        ("malbedomning", ["mal", "rapportor", "bedomningsdatum"]), ("observationer", ["observation_id"]),
    ],
)  # fmt: skip
def test_each_dataset_has_its_natural_key(dataset, key):
    assert [column.name for column in load_contract().datasets[dataset].key] == key


def test_personal_numbers_are_called_persons_in_raw_tables():
    column = load_contract().datasets["avslut"].column("personnummer")
    assert (column.raw_name, column.sql_type) == ("person_id", "varchar")


@pytest.mark.parametrize(
    ("folder", "party"),
    [("rg", "rg"), ("kommun-2180", "kommun"), ("kommun-0114", "kommun"), ("kommun-9999", None), ("kommun", None),
     ("kommun-", None), ("rg-2180", None), ("RG", None), ("", None)],
)  # fmt: skip
def test_a_folder_belongs_to_a_known_party_or_none(folder, party):
    found = load_contract().party_of_folder(folder)
    assert (found and found.code) == party


def test_reporters_are_parties_or_municipalities():
    contract = load_contract()
    goals = contract.codes_of(contract.datasets["malbedomning"].column("rapportor"), "finsam")
    statements = contract.codes_of(contract.datasets["observationer"].column("rapportor"), "finsam")
    assert {"AF", "FK", "RG", "2180"} <= {item.code for item in goals}
    assert not {"KOMMUN", "FINSAM"} & {item.code for item in goals}
    assert {item.code for item in statements} - {item.code for item in goals} == {"FINSAM"}


def test_the_model_is_frozen():
    with pytest.raises(ValidationError):
        load_contract().datasets["team"].title_sv = "x"


@pytest.mark.parametrize(
    "column",
    [
        {"type": "code"}, {"type": "text", "code_list": "gender"}, {"type": "text", "minimum": 1},
        {"type": "text", "key": True}, {"type": "date", "identifier": True}, {"type": "text", "not_before": "x"},
        {"type": "number", "surprise": 1}, {"type": "decimal"}, {"type": "text", "name": "Kön"},
    ],
)  # fmt: skip
def test_a_column_that_contradicts_itself_is_refused(column):
    with pytest.raises(ValidationError):
        Column.model_validate({"name": "x", "description_sv": "x", **column})


def changed(tmp_path, **changes):
    folder = tmp_path / "contract"
    shutil.copytree(CONTRACT_DIR, folder)
    file = folder / "datasets" / "avslut.yml"
    data = yaml.safe_load(file.read_text(encoding="utf-8")) | changes
    file.write_text(yaml.safe_dump(data), encoding="utf-8")
    return read_contract(folder, REFERENCE_DIR)


@pytest.mark.parametrize(
    "changes",
    [
        {"parties": ["polisen"]},
        {"period": {"within": "orsak"}},
        {"period": {"overlaps": ["avslutsdatum", "saknas"]}},
        {"columns": [{"name": "a", "type": "text", "description_sv": "x"}]},
        {"columns": [{"name": "a", "type": "text", "required": True, "key": True, "description_sv": "x"}] * 2},
        {"columns": [
            {"name": "a", "type": "code", "code_list": "saknas", "required": True, "key": True, "description_sv": "x"}
        ]},
        {"columns": [
            {"name": "a", "type": "code", "code_list": "gender", "only": ["Q"], "required": True, "key": True,
             "description_sv": "x"}
        ]},
    ],
)  # fmt: skip
def test_a_dataset_that_contradicts_the_rest_is_refused(tmp_path, changes):
    with pytest.raises(ValidationError):
        changed(tmp_path, **({"period": {}} | changes))


def test_the_page_for_the_parties_is_current():
    assert PAGE.read_text(encoding="utf-8") == render(load_contract())


def test_the_page_explains_every_reason():
    contract = load_contract()
    by_rules = {rule.reason for dataset in contract.datasets.values() for rule in rules_of(dataset)}
    assert set(ROW_REASONS) == by_rules | {CONFLICTING_KEY, WRONG_COLUMN_COUNT}
    for reason in FILE_REASONS:
        assert rejected_delivery("x", reason, "y").next_step


def test_the_page_names_every_column_and_code_list():
    contract = load_contract()
    page = PAGE.read_text(encoding="utf-8")
    for dataset in contract.datasets.values():
        for column in dataset.columns:
            assert f"| `{column.name}` |" in page
    assert "#benefit_af" in page
    assert "Rehabiliteringspenning" in page
