"""One server for all tests of this folder, a database of its own for each, and two releases to load."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .releases import write_release
from .server import Server, fresh_database, programs, running


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    if programs() is None:
        pytest.skip("no PostgreSQL server is installed (Debian: apt-get install postgresql)")
    with running() as server:
        yield server


@pytest.fixture
def server(postgres: Server) -> Iterator[Server]:
    """The server with an empty database."""
    with fresh_database(postgres) as fresh:
        yield fresh


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two homes: one with release 1 published, the other with release 2."""
    first, second = (write_release(tmp_path_factory.mktemp(f"home{mark}"), mark) for mark in (1, 2))
    return first, second


@pytest.fixture
def publish(server: Server, monkeypatch: pytest.MonkeyPatch) -> Callable[..., object]:
    """Return a function that publishes a home into the test's database."""
    from dagster_project.postgres.publish import publish as into
    from dagster_project.postgres.settings import load_postgres_settings

    for name, setting in server.environment().items():
        monkeypatch.setenv(name, setting)

    def do(home: Path, *, again: bool = False, **settings: object) -> object:
        wanted = load_postgres_settings().model_copy(update=settings)
        return into(wanted, home / "published", again=again)

    return do
