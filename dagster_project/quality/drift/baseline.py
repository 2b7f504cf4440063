"""Which deliveries a new one is compared with: those of the same party and dataset for earlier days, and what it
replaces.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

KEY = ["delivery_id", "content_hash"]
PLACE = ["party", "dataset"]
GROUP = ["judged_id", "measure", "column_name"]
"""What is compared: one measure of one column of a judged delivery."""


@dataclass(frozen=True)
class Profiles:
    """`now`: profile of the deliveries in force; `before`: that of the published release; one row per delivery,
    measure, column and code. `judged`: deliveries in force that are not published, one row each.
    """

    now: pd.DataFrame
    before: pd.DataFrame
    judged: pd.DataFrame


def deliveries(profile: pd.DataFrame) -> pd.DataFrame:
    """One row per delivery of a profile: key, party, dataset, period and its days."""
    columns = [*KEY, *PLACE, "period", "period_start", "period_end"]
    return profile.loc[profile["measure"] == "rows", columns].drop_duplicates(KEY)


def replaced(profiles: Profiles) -> pd.DataFrame:
    """Pairs of a judged delivery (`judged_id`) and a published one that it replaces."""
    earlier = deliveries(profiles.before).merge(
        deliveries(profiles.now)[KEY], how="left", on=KEY, indicator=True
    )
    gone = earlier[earlier.pop("_merge") == "left_only"]
    pairs = profiles.judged.merge(gone, on=PLACE, suffixes=("", "_base"))
    inside = (pairs["period_start_base"] >= pairs["period_start"]) & (
        pairs["period_end_base"] <= pairs["period_end"]
    )
    return _pairs(pairs[inside])


def earlier(profiles: Profiles) -> pd.DataFrame:
    """Pairs of a judged delivery (`judged_id`) and a delivery in force whose days begin before its own."""
    pairs = profiles.judged.merge(deliveries(profiles.now), on=PLACE, suffixes=("", "_base"))
    return _pairs(pairs[pairs["period_start_base"] < pairs["period_start"]])


def baseline_rows(profiles: Profiles) -> pd.DataFrame:
    """The profile rows that each judged delivery (`judged_id`) is compared with."""
    return pd.concat(
        [
            earlier(profiles).merge(profiles.now, on=KEY),
            replaced(profiles).merge(profiles.before, on=KEY),
        ],
        ignore_index=True,
    )


def _pairs(pairs: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "judged_id": pairs["delivery_id"],
            "delivery_id": pairs["delivery_id_base"],
            "content_hash": pairs["content_hash_base"],
        }
    )
