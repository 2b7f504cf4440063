"""The indicator report: static pages from a release, without network and without a server.

What is shown is data (`layout.yml`), how it is shown is generic: rows become tables (`tables`) and charts
(`charts`), these become pages (`overview`, `quarterly`, `final_report`) through the templates. Nothing is
counted here, and no person can be told from a page beyond what the indicator tables themselves hold.
"""

from dagster_project.report.building import build_open_report, build_report
from dagster_project.report.shares import worth_sharing
from dagster_project.report.standing import Before

__all__ = ["Before", "build_open_report", "build_report", "worth_sharing"]
