"""Reads `relations.yml`: in which other dataset the persons of a dataset are usually known, and builds the queries."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from dagster_project.contract import Contract, Dataset
from dagster_project.quality.profile.sampling import person_of, sampled_persons
from dagster_project.sql_text import identifier as name
from dagster_project.sql_text import literal

FILE = Path(__file__).with_suffix(".yml")


class Relation(BaseModel):
    """Persons of `dataset` are known in `known_in`; with `home`, only those whose municipality there is the deliverer
    are counted as known, of all who occur there.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    dataset: str
    known_in: str
    same_party: bool = False
    home: str = ""


@cache
def load_relations(path: Path = FILE) -> tuple[Relation, ...]:
    """The relations of the file. Raises pydantic.ValidationError where it does not parse."""
    return TypeAdapter(tuple[Relation, ...]).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))


def queries(contract: Contract, dataset: Dataset, one_in: int) -> Iterator[str]:
    """One query per relation of a dataset: measure `known_in` or `at_home`, by distinct persons."""
    for relation in load_relations():
        if relation.dataset == dataset.name:
            other = contract.datasets[relation.known_in]
            yield (_at_home if relation.home else _known)(relation, dataset, other, one_in)


def _people(dataset: Dataset, one_in: int) -> str:
    return (
        f"select distinct delivery_id, party, {person_of(dataset)} as person from {sampled_persons(dataset, one_in)} "
        "where delivery_id in (select delivery_id from profiled_delivery)"
    )


def _known(relation: Relation, dataset: Dataset, other: Dataset, one_in: int) -> str:
    same_party = "o.party = {party}" if relation.same_party else "true"
    return f"""
        with people as ({_people(dataset, one_in)})
        select p.delivery_id, 'known_in' as measure, '' as column_name, {literal(other.name)} as code,
            count(*) filter (where exists (
                select 1 from {sampled_persons(other, one_in)} as o
                where o.{person_of(other)} = p.person and {same_party.format(party="p.party")}
            ))::double as part, count(*)::double as whole, null as mean, null as spread
        from people as p inner join profiled_delivery as d on d.delivery_id = p.delivery_id
        where exists (
            select 1 from quality.delivery as o where o.status = 'in_force' and o.dataset = {literal(other.name)}
                and o.period_end >= d.period_end and {same_party.format(party="d.party")}
        )
        group by p.delivery_id
    """


def _at_home(relation: Relation, dataset: Dataset, other: Dataset, one_in: int) -> str:
    """Persons with a row in the other dataset, by whether one of them names the delivering municipality."""
    return f"""
        with people as ({_people(dataset, one_in)}),
        homes as (
            select distinct {person_of(other)} as person, {name(relation.home)} as municipality
            from {sampled_persons(other, one_in)}
        )
        select p.delivery_id, 'at_home' as measure, '' as column_name, {literal(other.name)} as code,
            count(distinct p.person) filter (where p.party = 'kommun-' || h.municipality)::double as part,
            count(distinct p.person)::double as whole, null as mean, null as spread
        from people as p inner join homes as h on h.person = p.person
        where p.party like 'kommun-%'
        group by p.delivery_id
    """
