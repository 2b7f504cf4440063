"""Which of dbt's models have to be built again, and what stands of the build before: a table is built from what it was
built from, or it is built anew.
"""
