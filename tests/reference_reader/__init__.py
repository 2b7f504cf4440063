"""A plain, slow reader of an inbox, a row at a time, written from the contract's text alone.

It shares neither code nor contract files with `dagster_project`: the two readers are held against each other.
"""

from tests.reference_reader.reader import Reading, read_inbox

__all__ = ["Reading", "read_inbox"]
