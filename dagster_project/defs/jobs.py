"""The jobs: what can be started as one piece of work."""

from __future__ import annotations

import dagster as dg

publish_release = dg.define_asset_job(
    name="publish_release",
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    description="Take in what is new, build, test, gate and publish. The same job that `trisam run` runs.",
)
