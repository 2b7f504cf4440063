"""What a build has to do: the nodes that were made from something else than now, and the results that stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dagster_project.building.inputs import Inputs
from dagster_project.building.parts import Parts, find_parts
from dagster_project.building.record import Answer, Record
from dagster_project.building.versions import node_versions

_PASSED = "pass"


@dataclass(frozen=True)
class BuildPlan:
    """`versions`: what each node will have been made from, `code` and `inputs` put together. `outdated`: models and
    seeds to be built, and tests to be run. `standing`: results of the tests that are not run, since all they judge is
    as it was. `parts`: of which tables only a part is replaced.
    """

    code: str
    inputs: Inputs
    versions: dict[str, str]
    outdated: frozenset[str]
    standing: dict[str, Answer]
    parts: Parts

    @property
    def is_whole(self) -> bool:
        """Whether everything is built."""
        return len(self.outdated) == len(self.versions)

    @property
    def kept(self) -> list[str]:
        """The nodes that stand as they are, sorted."""
        return sorted(set(self.versions) - self.outdated)


def plan_build(manifest: Mapping[str, Any], inputs: Inputs, code: str, built: Record | None) -> BuildPlan:
    """Compare what each node of the dbt project would be made from now with what the record says.

    A test that had not passed is run again, whatever it judges.
    """
    versions = node_versions(manifest, inputs.versions, code)
    before = built.versions if built else {}
    results = built.results if built else {}
    standing = {
        unique_id: result
        for unique_id, result in results.items()
        if result.status == _PASSED and versions.get(unique_id) == before.get(unique_id)
    }
    outdated = frozenset(
        unique_id
        for unique_id, version in versions.items()
        if before.get(unique_id) != version or (_is_test(unique_id) and unique_id not in standing)
    )
    kept = {u: r for u, r in standing.items() if u not in outdated}
    return BuildPlan(
        code, inputs, versions, outdated, kept, find_parts(manifest, outdated, inputs, code, built)
    )


def exclusions(plan: BuildPlan, manifest: Mapping[str, Any]) -> list[str]:
    """dbt's words for leaving out what stands; none where everything is built.

    Tests go by the models that they judge, and are left out where all of these are.
    """
    kept = [manifest["nodes"][u] for u in plan.kept if not _is_test(u)]
    if plan.is_whole or not kept:
        return []
    names = [f"fqn:{'.'.join(node['fqn'])}" for node in kept]
    return ["--exclude", " ".join(names), "--indirect-selection", "cautious"]


def _is_test(unique_id: str) -> bool:
    return unique_id.startswith("test.")
