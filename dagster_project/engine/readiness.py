"""Whether a run on Spark can begin: settings first, then what they point to; told before anything is read."""

from __future__ import annotations

from importlib.util import find_spec

from dagster_project.engine.place import shared_folder
from dagster_project.engine.server import session
from dagster_project.errors import TrisamError
from dagster_project.settings import Settings

# What the extra `spark` brings: dbt's adapter, and the client of the Thrift server.
_PACKAGES = ("dbt.adapters.spark", "pyhive", "thrift")


class SparkSettingsError(TrisamError):
    """The engine is chosen, and what it needs is not said or not installed."""


def refuse_incomplete(settings: Settings) -> None:
    """Raise SparkSettingsError when a setting or a package is missing; asks nobody but this machine."""
    needed = {"TRISAM_SPARK_HOST": settings.spark_host, "TRISAM_SPARK_FOLDER": settings.spark_folder}
    missing = [variable for variable, value in needed.items() if not value]
    if missing:
        raise SparkSettingsError(
            f"The engine is spark, but {' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set.",
            "Set them, or run on duckdb. See docs/scale.md.",
        )
    if not all(_is_installed(package) for package in _PACKAGES):
        raise SparkSettingsError(
            "The engine is spark, but its packages are not installed.",
            "Install them into the same environment: make spark-setup.",
        )


def refuse_unready(settings: Settings) -> None:
    """Raise a TrisamError when the shared folder is not there or no Thrift server answers."""
    refuse_incomplete(settings)
    shared_folder(settings.spark_folder)
    with session(settings):
        pass


def _is_installed(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:
        return False
