"""The definitions, loaded once with a home of their own."""

import pytest

from tests.listeners import mailbox, webhook

__all__ = ["definitions", "mailbox", "repository", "webhook"]


@pytest.fixture(scope="package")
def definitions(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRISAM_HOME", str(tmp_path_factory.mktemp("home")))
        from dagster_project.definitions import defs

        yield defs


@pytest.fixture(scope="package")
def repository(definitions):
    return definitions.get_repository_def()
