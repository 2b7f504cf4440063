"""Dagster's steps start dbt at once: what dagster-dbt would ask before is known, or is asked for by nobody."""

import subprocess

from dagster_dbt import DbtCliResource
from dbt.version import __version__

from dagster_project.defs.dbt_cli import NOT_OURS, dbt_resource


def test_what_is_overridden_still_exists_in_dagster_dbt():
    assert [name for name in NOT_OURS if not hasattr(DbtCliResource, name)] == []


def test_dbt_is_started_once_and_nothing_is_asked_of_it_before(monkeypatch, tmp_path):
    started = []
    popen = subprocess.Popen

    def spy(args, **kwargs):
        started.append(args[1:])
        return popen(["true"], **kwargs)

    monkeypatch.setattr(subprocess, "Popen", spy)
    invocation = dbt_resource().cli(["build"], target_path=tmp_path)
    assert started == [["--no-use-colors", "build"]]
    assert invocation.adapter is None
    assert str(invocation.cli_version) == __version__
