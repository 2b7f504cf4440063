"""Releases: building a candidate, the gate, the switch, rollback, verification."""
