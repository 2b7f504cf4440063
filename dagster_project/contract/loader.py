"""Reads the contract's files into the model and caches it; the rules themselves do not belong here."""

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path

import yaml

from dagster_project.contract.model import CodeItem, Contract, Dataset, Party

CONTRACT_DIR = Path(__file__).parent
REFERENCE_DIR = Path(__file__).parents[2] / "seeds" / "reference"


def _code_lists(path: Path) -> dict[str, tuple[CodeItem, ...]]:
    """The code lists in the order of `sort_order`."""
    lists: dict[str, list[tuple[int, CodeItem]]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            item = CodeItem(code=row["code"], label_sv=row["label_sv"])
            lists[row["list_name"]].append((int(row["sort_order"]), item))
    ordered = {name: sorted(items, key=lambda pair: pair[0]) for name, items in lists.items()}
    return {name: tuple(item for _, item in items) for name, items in ordered.items()}


def _municipalities(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["municipality_code"]: row["municipality_name"] for row in csv.DictReader(file)}


def read_contract(contract_dir: Path, reference_dir: Path) -> Contract:
    """Read and validate a contract.

    `contract_dir` holds `parties.yml` and `datasets/*.yml`; `reference_dir` holds `code_list.csv` and
    `municipality.csv`. Raises pydantic.ValidationError when the files contradict each other.
    """
    parties = yaml.safe_load((contract_dir / "parties.yml").read_text(encoding="utf-8"))["parties"]
    files = sorted((contract_dir / "datasets").glob("*.yml"))
    datasets = [Dataset.model_validate(yaml.safe_load(f.read_text(encoding="utf-8"))) for f in files]
    return Contract(
        parties=tuple(Party.model_validate(party) for party in parties),
        datasets={dataset.name: dataset for dataset in datasets},
        code_lists=_code_lists(reference_dir / "code_list.csv"),
        municipalities=_municipalities(reference_dir / "municipality.csv"),
    )


@cache
def load_contract() -> Contract:
    """The contract of this installation, read once per process."""
    return read_contract(CONTRACT_DIR, REFERENCE_DIR)
