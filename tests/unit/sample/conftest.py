"""The sample made once for all tests of this folder; a test that changes it works on a copy."""

import pytest

from dagster_project.sample import SampleReport, make_sample


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleReport:
    """A sample inbox with the project's seed."""
    return make_sample(tmp_path_factory.mktemp("sample") / "inbox")
