"""The Trisam indicator warehouse: the Dagster code location and the packages it calls."""
