"""The indicator tables as an analyst would write them in pandas: one frame per dataset, a loop over periods and areas.

All tables but `reconciliation`, which is 118 rows looked up in the others. Nothing is validated or published. Needs
what `dagster_project.sample.county` writes.
"""
