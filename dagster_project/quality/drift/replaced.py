"""What a delivery takes away from, or adds to, what it replaces: rows of the same months, and values filled in."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from dagster_project.quality.drift.baseline import KEY, PLACE, Profiles, replaced
from dagster_project.quality.drift.measures import Measure

_SLOT = ["judged_id", "column_name", "slot"]


def compare_replaced(profiles: Profiles, measures: Mapping[str, Measure]) -> pd.DataFrame:
    """Rows `lost_rows`, `added_rows` and `lost_values`, one per judged delivery (and column) that replaces another."""
    pairs = replaced(profiles)
    if pairs.empty:
        return pd.DataFrame()
    rows = _side_by_side(pairs, _slots(profiles.before), _slots(profiles.now))
    values = _side_by_side(pairs, _filled(profiles.before), _filled(profiles.now))
    return pd.concat(
        [
            _scored(rows, (rows["then"] - rows["now"]).clip(lower=0), "lost_rows", measures),
            _scored(rows, (rows["now"] - rows["then"]).clip(lower=0), "added_rows", measures),
            _scored(values, (values["then"] - values["now"]).clip(lower=0), "lost_values", measures),
        ],
        ignore_index=True,
    )


def _side_by_side(pairs: pd.DataFrame, before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """`then` and `now` of every slot that what was replaced has."""
    then = pairs.merge(before, on=KEY).groupby(_SLOT)["part"].sum().rename("then")
    after = now.rename(columns={"delivery_id": "judged_id"}).groupby(_SLOT)["part"].sum().rename("now")
    return then.to_frame().join(after, how="left").fillna(0.0).reset_index()


def _scored(
    slots: pd.DataFrame, part: pd.Series[float], measure: str, measures: Mapping[str, Measure]
) -> pd.DataFrame:
    summed = (
        slots.assign(part=part).groupby(["judged_id", "column_name"], as_index=False)[["part", "then"]].sum()
    )
    found = summed[summed["then"] > 0].rename(columns={"then": "whole"})
    change = found["part"] / found["whole"]
    score = change / np.sqrt(measures[measure].spread ** 2 + 1 / found["whole"])
    return found.assign(measure=measure, change=change, score=score)


def _slots(profile: pd.DataFrame) -> pd.DataFrame:
    """Rows by month; by period where rows of the dataset have no month."""
    months = profile[profile["measure"] == "month"]
    whole = profile[profile["measure"] == "rows"]
    dated = months[PLACE].drop_duplicates().assign(is_dated=True)
    undated = whole.merge(dated, how="left", on=PLACE)
    undated = undated[undated["is_dated"].isna()]
    period = undated["period_start"].astype(str) + "/" + undated["period_end"].astype(str)
    found = pd.concat([months.assign(slot=months["code"]), undated.assign(slot=period)], ignore_index=True)
    return found.assign(column_name="")[[*KEY, "column_name", "slot", "part"]]


def _filled(profile: pd.DataFrame) -> pd.DataFrame:
    """Filled values of every optional column."""
    return profile[profile["measure"] == "filled"].assign(slot="")[[*KEY, "column_name", "slot", "part"]]
