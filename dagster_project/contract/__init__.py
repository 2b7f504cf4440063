"""The extract contract as data: one file per dataset, one of parties. Rules live here, no code that applies them."""

from dagster_project.contract.loader import load_contract
from dagster_project.contract.model import Column, Contract, Dataset, Party

__all__ = ["Column", "Contract", "Dataset", "Party", "load_contract"]
