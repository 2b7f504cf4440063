"""The published release in PostgreSQL, for BI tools: loaded beside what is there, then put in its place in one
transaction. `publish` is the way in; nothing here decides what a release holds.
"""
