"""`python -m benchmarks.pandas_tables INBOX FOLDER`: the tables as Parquet, and the seconds of each step."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import pandas as pd

from benchmarks.pandas_tables.cases import case_tables, consent_table
from benchmarks.pandas_tables.counting import periods
from benchmarks.pandas_tables.follow_up import follow_up_tables
from benchmarks.pandas_tables.others import (
    lead_time_table,
    programme_tables,
    survey_tables,
    target_group_table,
    unit_tables,
)
from benchmarks.pandas_tables.persons import followed_cases, linkable_cases
from benchmarks.pandas_tables.reading import read_inbox
from benchmarks.pandas_tables.values import indicator_value


def compute(inbox: Path) -> dict[str, pd.DataFrame]:
    """All tables of an inbox, by name."""
    extracts = read_inbox(inbox)
    when = periods(extracts.covered_days("arenden"))
    linkable = linkable_cases(extracts)
    tables = {
        **case_tables(extracts.frames["arenden"], when),
        "consent": consent_table(linkable, when),
        **follow_up_tables(followed_cases(extracts, linkable), when),
        **survey_tables(extracts.frames["enkat"]),
        **unit_tables(extracts, when),
        "lead_time": lead_time_table(extracts.frames["planering"], when),
        **programme_tables(extracts, when),
        "target_group": target_group_table(extracts.frames["forsorjningsstod"], when),
    }
    return {**tables, "indicator_value": indicator_value(tables)}


def main() -> None:
    """Compute and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("inbox", type=Path)
    parser.add_argument("folder", type=Path)
    wanted = parser.parse_args()
    started = time.perf_counter()
    tables = compute(wanted.inbox)
    wanted.folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.to_parquet(wanted.folder / f"{name}.parquet", index=False)
    print(f"{'all':20} {time.perf_counter() - started:8.2f} s")


if __name__ == "__main__":
    main()
