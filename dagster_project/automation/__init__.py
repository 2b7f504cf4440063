"""What starts work, or tells of it, without a person: rules that take and return values, and what they look at.

Dagster's sensors and schedules in `defs/` ask these modules and hold no rule of their own.
"""
