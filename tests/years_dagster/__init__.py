"""Deliveries by calendar through Dagster itself: sensor, schedules, queue, launcher and notices, with the clock turned.

`python -m tests.years_dagster` (`make years-dagster`). A code server and a daemon run as on a server; every process sees
the time of a file, by libfaketime.
"""
