"""The release goes to PostgreSQL as the last asset where a server is named, and nowhere else."""

import importlib

import pytest

from dagster_project.defs import bi
from dagster_project.defs.keys import POSTGRES, PUBLISHED


def test_without_a_server_there_is_no_such_asset(monkeypatch):
    monkeypatch.delenv("TRISAM_POSTGRES_HOST", raising=False)
    assert bi.assets() == []


def test_with_a_server_it_follows_publication_and_holds_the_same_pool(monkeypatch):
    monkeypatch.setenv("TRISAM_POSTGRES_HOST", "127.0.0.1")
    (asset,) = bi.assets()
    assert asset.key == POSTGRES
    assert asset.asset_deps[POSTGRES] == {PUBLISHED}
    assert asset.op.pool == "warehouse"


@pytest.mark.parametrize("host", ["", "127.0.0.1"])
def test_the_job_has_it_exactly_then(monkeypatch, tmp_path, host):
    from dagster_project import definitions

    monkeypatch.setenv("TRISAM_HOME", str(tmp_path))
    monkeypatch.setenv("TRISAM_POSTGRES_HOST", host)
    loaded = importlib.reload(definitions)
    try:
        names = {node.name for node in loaded.defs.resolve_job_def("publish_release").nodes}
        assert ("release__postgres" in names) == bool(host)
    finally:
        monkeypatch.undo()
        importlib.reload(definitions)
