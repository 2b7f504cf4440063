"""The last asset of the job does what the command does, and a refusal of it is told without a second try."""

from __future__ import annotations

import shutil

import dagster as dg
import pytest

from dagster_project.defs import bi
from dagster_project.defs.keys import POSTGRES, PUBLISHED
from dagster_project.defs.resources import Warehouse

from .comparing import differences


@pytest.fixture
def materialise(server, homes, tmp_path, monkeypatch):
    """Return a function that runs the asset on a home of its own; the settings are the environment's."""
    home = tmp_path / "home"
    shutil.copytree(homes[0], home, symlinks=True)
    for name, setting in server.environment(TRISAM_HOME=str(home)).items():
        monkeypatch.setenv(name, setting)
    monkeypatch.setattr(Warehouse, "yield_for_execution", dg.ConfigurableResource.yield_for_execution)
    before = dg.AssetSpec(PUBLISHED)

    def run() -> dg.ExecuteInProcessResult:
        return dg.materialize(
            [before, bi.postgres],
            resources={"warehouse": Warehouse()},
            selection=[POSTGRES],
            raise_on_error=False,
        )

    return run


def test_it_puts_the_published_release_in_force(server, homes, materialise):
    result = materialise()
    assert result.success
    assert differences(server, homes[0]) == {}
    (event,) = result.asset_materializations_for_node("release__postgres")
    assert event.metadata["version"].value == "20260101T000000Z-00000001"


def test_what_others_have_built_is_refused_once_and_by_name(server, homes, materialise, publish):
    publish(homes[1])
    server.run("create materialized view public.kept as select * from marts.fct_case")
    result = materialise()
    assert not result.success
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    assert "public.kept" in str(failure.step_failure_data.error.message)
    assert not [event for event in result.all_events if event.is_step_up_for_retry]
    assert differences(server, homes[1]) == {}
