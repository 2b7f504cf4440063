"""Rows of persons, all of them or one person in so many: what a measure of persons reads of a large dataset."""

from __future__ import annotations

from dagster_project.contract import Dataset
from dagster_project.sql_text import identifier as name


def person_of(dataset: Dataset) -> str:
    """The column of a raw table that holds the person's pseudonym."""
    return name(dataset.person_columns[0].raw_name)


def sampled_persons(dataset: Dataset, one_in: int) -> str:
    """Rows of a raw table with a person, of one person in `one_in`; the same persons in every dataset."""
    person = person_of(dataset)
    sample = f" and hash({person}) % {one_in} = 0" if one_in > 1 else ""
    return f"(from raw.{name(dataset.name)} where {person} is not null{sample})"
