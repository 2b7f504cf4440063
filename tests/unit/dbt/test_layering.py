"""Models read the layer before theirs: staging sources, marts no staging, nothing but two tables indicators, and nothing
below a mart but its counts the mart."""

import copy
from typing import Any

import pytest

from .layering import MAY_READ, breaches, layer, models


def test_every_model_reads_only_layers_that_it_may(manifest: dict[str, Any]):
    assert list(breaches(manifest)) == []


def test_every_model_lies_in_a_layer(manifest: dict[str, Any]):
    assert {layer(model) for model in models(manifest)} <= set(MAY_READ)


@pytest.mark.parametrize(
    ("reader", "read"),
    [
        ("stg_rg__arenden", "model.trisam.stg_rg__team"),
        ("int_case", "source.trisam.raw.arenden"),
        ("fct_meeting", "model.trisam.stg_rg__moten"),
        ("fct_meeting", "model.trisam.question"),
        ("int_case", "model.trisam.fct_case"),
        ("question", "model.trisam.case_volume"),
        ("question", "model.trisam.stg_rg__arenden"),
    ],
)
def test_a_reader_of_the_wrong_layer_is_found(manifest: dict[str, Any], reader: str, read: str):
    spoiled = copy.deepcopy(manifest)
    spoiled["nodes"][f"model.trisam.{reader}"]["depends_on"]["nodes"].append(read)

    assert [line for line in breaches(spoiled) if f" {reader} reads " in line]
