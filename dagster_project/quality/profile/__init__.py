"""Profiles deliveries: counts and shares of what each one holds, the ground on which plausibility is judged.

`table` records `quality.delivery_profile`; `values`, `persons` and `duplicates` are the queries that fill it.
"""

from dagster_project.quality.profile.table import record_profile

__all__ = ["record_profile"]
