"""The fault harness: a run is stopped, starved and lied to at many points, and what is published is looked at.

`python -m tests.faults --points 200 --seed 1`. What belongs here: faults and their judgement. Does not belong
here: tests of single rules, which have their places under tests/unit and tests/integration.
"""
