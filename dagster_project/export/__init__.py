"""The open release in the shapes of others. Reads `trisam_open.duckdb` and nothing else; writes where it is told."""
