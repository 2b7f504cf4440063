"""What a build has left as it was, told to Dagster: tables that stand, and what their tests have said of them.

Every asset of the step is told of, or what comes after it would be left out; the metadata says that nothing was done.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator
from dagster_dbt.asset_utils import get_asset_check_key_for_test

from dagster_project.building.plan import BuildPlan

_STANDS = {"built": "before: all that it is made from is as it was"}
_STANDS_JUDGED = {"judged": "before: all that it judges is as it was"}


@dataclass(frozen=True)
class Kept:
    """The assets of one step, and the dbt project that they come from."""

    assets: dg.AssetsDefinition
    manifest: Mapping[str, Any]
    translator: DagsterDbtTranslator

    def tables(self, plan: BuildPlan, wanted: Collection[dg.AssetKey]) -> Iterator[dg.Output[Any]]:
        """One output for each table that stands; parents first, as Dagster wants them.

        To be told before those that were built: what stands is never made from anything new.
        """
        names = {key: name for name, key in self.assets.keys_by_output_name.items()}
        parents = self.manifest["parent_map"]
        standing = {u for u in plan.kept if self.manifest["nodes"][u]["resource_type"] != "test"}
        order = TopologicalSorter({u: standing.intersection(parents.get(u, ())) for u in sorted(standing)})
        for unique_id in order.static_order():
            key = self.translator.get_asset_key(self.manifest["nodes"][unique_id])
            if key in wanted:
                yield dg.Output(None, output_name=names[key], metadata=_STANDS)

    def checks(self, plan: BuildPlan, wanted: Collection[dg.AssetCheckKey]) -> Iterator[dg.AssetCheckResult]:
        """The result of each test that stands: it has passed, else it would have been run again."""
        for unique_id in sorted(plan.standing):
            key = get_asset_check_key_for_test(self.manifest, self.translator, unique_id, None)
            if key is not None and key in wanted:
                yield dg.AssetCheckResult(
                    passed=True,
                    asset_key=key.asset_key,
                    check_name=key.name,
                    metadata=_STANDS_JUDGED,
                )
