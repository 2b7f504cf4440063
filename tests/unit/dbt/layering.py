"""Which layer may read which, as data, and the check of a manifest against it. What a model computes is no matter."""

from collections.abc import Iterator
from typing import Any

# What the models of a layer may read: sources, reference data (seeds) and the models of layers.
MAY_READ = {
    "staging": {"source"},
    "intermediate": {"staging", "intermediate", "reference"},
    "marts": {"intermediate", "marts", "reference"},
    "indicators": {"intermediate", "marts", "reference"},
    "open": {"indicators", "open", "reference"},
    "semantic": {"marts"},
}
# The two tables that are made of all the others.
MADE_OF_INDICATORS = {"indicator_value", "reconciliation"}
# What stands between a mart and the indicators: its rows, counted once.
COUNTS_OF_A_MART = {"int_follow_up_total"}


def layer(node: dict[str, Any]) -> str:
    """Layer of a node of the manifest: `source`, `reference` (a seed), or the first folder of a model."""
    if node["resource_type"] == "source":
        return "source"
    if node["resource_type"] == "seed":
        return "reference"
    return str(node["fqn"][1])


def models(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """All models of the project."""
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]


def breaches(manifest: dict[str, Any]) -> Iterator[str]:
    """`reader reads what it must not`, one line per breach."""
    nodes = {**manifest["nodes"], **manifest["sources"]}
    for model in models(manifest):
        allowed = set(MAY_READ[layer(model)])
        if layer(model) == "indicators" and model["name"] in MADE_OF_INDICATORS:
            allowed.add("indicators")
        if model["name"] in COUNTS_OF_A_MART:
            allowed.add("marts")
        for dependency in model["depends_on"]["nodes"]:
            read = nodes[dependency]
            if layer(read) not in allowed:
                yield f"{layer(model)} model {model['name']} reads {layer(read)} {read['name']}"
