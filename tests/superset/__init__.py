"""A real BI tool on a published release: Apache Superset in an environment of its own, asked over its REST API."""
