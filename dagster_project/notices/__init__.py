"""Notices to people when a run has failed or a delivery is late: what they say, and how they are sent.

A notice holds names of jobs, steps, checks, parties and datasets. It never holds a row, a value or a message of an
error, since those may tell of persons.
"""
