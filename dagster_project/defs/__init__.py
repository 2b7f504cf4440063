"""Dagster's view of the house: thin assets, checks, jobs and resources that call the packages beside them."""
