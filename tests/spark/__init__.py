"""A real Spark cluster on this machine, and the warehouse built on it beside DuckDB."""
