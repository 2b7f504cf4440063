"""Asset keys, groups and owners: the names by which layers and assets are known in Dagster."""

from __future__ import annotations

import dagster as dg

OWNER = "team:trisam-warehouse"
DELIVERY = dg.AssetKey(["quality", "delivery"])
CANDIDATE = dg.AssetKey(["release", "candidate"])
OPEN = dg.AssetKey(["release", "open"])
REPORT = dg.AssetKey(["release", "report"])
PUBLISHED = dg.AssetKey(["release", "published"])
POSTGRES = dg.AssetKey(["release", "postgres"])


def raw_key(dataset: str) -> dg.AssetKey:
    """The asset of a dataset's accepted rows."""
    return dg.AssetKey(["raw", dataset])


def duty_key(party: str, dataset: str) -> dg.AssetKey:
    """The asset of what a party delivers of a dataset."""
    return dg.AssetKey(["deliveries", party, dataset])
