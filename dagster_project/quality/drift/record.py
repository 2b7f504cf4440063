"""Records `quality.delivery_drift`: how far each new delivery lies from what its party delivered before.

One row per delivery that is in force and not yet published, measure and column. Nothing is decided here: the
expectations of `delivery_drift.json` hold the limits.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from dagster_project.quality.drift.baseline import Profiles, baseline_rows, deliveries
from dagster_project.quality.drift.codes import compare_codes
from dagster_project.quality.drift.means import compare_means
from dagster_project.quality.drift.measures import Measure, load_measures
from dagster_project.quality.drift.replaced import compare_replaced
from dagster_project.quality.drift.shares import compare_shares
from dagster_project.quality.drift.volumes import compare_volumes

_COLUMNS = {
    "delivery_id": "varchar",
    "party": "varchar",
    "dataset": "varchar",
    "period": "varchar",
    "measure": "varchar",
    "column_name": "varchar",
    "part": "double",
    "whole": "double",
    "change": "double",
    "score": "double",
    "expected": "double",
    "expected_low": "double",
    "sentence": "varchar",
}


def record_delivery_drift(con: duckdb.DuckDBPyConnection) -> None:
    """Fill `quality.delivery_drift` from the profiles of the deliveries in force and of the published release."""
    columns = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
    con.execute(f"create or replace table quality.delivery_drift ({columns})")
    profiles = _read(con)
    if profiles.judged.empty:
        return
    drift = compare(profiles, load_measures())
    if not drift.empty:
        con.register("drift_rows", drift)
        con.execute("insert into quality.delivery_drift by name select * from drift_rows")
        con.unregister("drift_rows")


def _read(con: duckdb.DuckDBPyConnection) -> Profiles:
    now = con.execute("select * from quality.delivery_profile").df()
    before = con.execute("select * from quality.delivery_profile_before").df()
    published = con.execute(
        "select delivery_id, content_hash, true as is_published from quality.delivery_before where status = 'in_force'"
    ).df()
    known = deliveries(now).merge(published, how="left", on=["delivery_id", "content_hash"])
    return Profiles(now, before, known[known.pop("is_published").isna()])


def compare(profiles: Profiles, measures: Mapping[str, Measure]) -> pd.DataFrame:
    """Every comparison of the judged deliveries, with its sentence; columns as those of `quality.delivery_drift`."""
    own = profiles.now[profiles.now["delivery_id"].isin(profiles.judged["delivery_id"])]
    base = baseline_rows(profiles)
    found = pd.concat(
        [
            compare_shares(own, base, measures),
            compare_means(own, base, measures),
            compare_codes(own, base, measures),
            compare_volumes(profiles, measures),
            compare_replaced(profiles, measures),
        ],
        ignore_index=True,
    )
    if found.empty:
        return found
    found["sentence"] = [_sentence(row, measures) for row in found.to_dict("records")]
    named = found.drop(columns=["party", "dataset", "period"], errors="ignore").merge(
        profiles.judged[["delivery_id", "party", "dataset", "period"]],
        left_on="judged_id", right_on="delivery_id", suffixes=("_own", ""),
    )  # fmt: skip
    return named.reindex(columns=list(_COLUMNS))


def _sentence(row: Mapping[Hashable, Any], measures: Mapping[str, Measure]) -> str:
    measure = measures[row["measure"]]
    # Means of numbers are compared as logarithms, and read as numbers.
    read = np.exp if measure.kind == "logarithm" else float
    return measure.sentence.format(
        column=row["column_name"],
        code=row.get("code"),
        part=_number(row["part"]),
        whole=_number(row["whole"]),
        unit="spells" if row["dataset"] == "ersattning" else "persons",
        usual=_usual(row.get("base_part"), row.get("base_whole")),
        mean=_number(read(row.get("mean", np.nan))),
        base_mean=_number(read(row.get("base_mean", np.nan))),
        expected=_number(row.get("expected", np.nan)),
        movers=row.get("movers"),
    )


def _usual(part: float | None, whole: float | None) -> str:
    return f"{100 * part / whole:.0f} %" if part is not None and whole else ""


def _number(value: float) -> str:
    """A number as people write it: whole from 20 up, with blanks between thousands."""
    if np.isnan(value):
        return ""
    return f"{value:,.0f}".replace(",", " ") if abs(value) >= 20 or value == int(value) else f"{value:.1f}"
