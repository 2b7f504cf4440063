"""Lets Python sleep under libfaketime: loaded by every process of the harness, through PYTHONPATH.

`time.sleep` waits for an absolute moment of the monotonic clock, which libfaketime 0.9.10 miscounts where that clock is
not turned (EINVAL); turning it as well makes waits on locks and conditions hang. Waiting for an event needs neither.
"""

import threading
import time


def _sleep(seconds):
    threading.Event().wait(seconds)


time.sleep = _sleep
