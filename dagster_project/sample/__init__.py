"""The sample inbox: an invented county that gives every published figure; and counties of any size for tests.

`make_sample` writes the one, `county.make_county` the other. Nothing of the warehouse depends on this package.
"""

from dagster_project.sample.generator import SampleOutputError, SampleReport, make_sample
from dagster_project.sample.targets import SampleTargetMissedError

__all__ = ["SampleOutputError", "SampleReport", "SampleTargetMissedError", "make_sample"]
