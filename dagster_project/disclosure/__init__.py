"""Disclosure control: from the indicator tables to what may leave the house. Proving it is disclosure_attack's."""

from dagster_project.disclosure.build import AreaReport, OpenReleaseReport, build_open_release
from dagster_project.disclosure.offering import DisclosureError

__all__ = ["AreaReport", "DisclosureError", "OpenReleaseReport", "build_open_release"]
