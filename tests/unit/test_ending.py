"""A step that failed is told in sentences that a person can act on, never with where in the code it happened."""

from types import SimpleNamespace

import pytest

from dagster_project.ending import reasons_of
from dagster_project.settings import load_settings

TRACE = 'Traceback (most recent call last)\n  File "cli.py", line 187, in wrapper\n    result.write()\n'


@pytest.fixture
def settings(tmp_path):
    return load_settings(tmp_path / "inbox", tmp_path / "home")


def failed(message, step_key="dbt_build"):
    error = SimpleNamespace(message=message, cause=None)
    step = SimpleNamespace(
        is_step_failure=True, step_key=step_key, step_failure_data=SimpleNamespace(error=error)
    )
    return SimpleNamespace(get_asset_check_evaluations=list, all_events=[step], success=False)


def test_what_dbt_says_is_told_without_where_in_its_code_it_was(settings):
    message = f"Failure: The dbt CLI process failed with exit code `2`.\nEncountered an error:\n{TRACE}"
    assert reasons_of(settings, failed(message)) == [
        "The dbt CLI process failed with exit code `2`.",
        "Encountered an error:",
    ]


def test_a_full_disk_is_told_with_what_to_do(settings):
    told = reasons_of(settings, failed(f"Failure: dbt failed.\n{TRACE}OSError: No space left on device"))
    assert len(told) == 2
    assert str(settings.home) in told[0]
    assert told[1].startswith("Make room")


def test_a_full_disk_of_another_server_is_not_taken_for_the_homes(settings):
    said = "could not extend file: No space left on device"
    assert reasons_of(settings, failed(f"DiskFullError: {said}", "release__served")) == [said]


def test_an_error_of_the_program_is_told_by_its_step_and_first_line(settings):
    assert reasons_of(settings, failed("something odd\nmore")) == ["dbt_build: something odd"]
