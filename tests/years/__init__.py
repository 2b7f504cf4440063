"""Three ordinary years of a generated county, delivered by calendar, with faults planted one at a time.

`python -m tests.years` (`make years`) measures every check that judges plausibility: false alarms, hits and misses.
"""
