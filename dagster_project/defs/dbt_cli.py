"""dbt as Dagster's steps call it: the one that is installed beside them, on the project's own folders.

Before it starts dbt, dagster-dbt asks dbt for its version and makes an adapter of its own, to look up columns and row
counts. The one is known, and the other nobody here asks for: five seconds of every run.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from dagster_dbt import DbtCliResource
from dbt.version import __version__ as installed
from packaging.version import Version

from dagster_project.settings import DBT_PROJECT_DIR

NOT_OURS = ("_cli_version", "_initialize_dbt_core_adapter")
"""What is overridden though it is private to dagster-dbt; a test tells when it is gone."""


class InstalledDbt(DbtCliResource):
    """`trisam-dbt` of this environment. Column and row count metadata of dagster-dbt cannot be fetched with it."""

    @cached_property
    def _cli_version(self) -> Version:
        return Version(installed)

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:  # type: ignore[override]
        return None


def dbt_resource() -> InstalledDbt:
    """dbt on the project's own folders; it is told by its environment where the work file lies."""
    return InstalledDbt(
        project_dir=str(DBT_PROJECT_DIR),
        profiles_dir=str(DBT_PROJECT_DIR),
        dbt_executable=str(Path(sys.executable).with_name("trisam-dbt")),
        global_config_flags=["--no-use-colors"],
    )
