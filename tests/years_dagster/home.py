"""A home with all that drives it: services, clock, a webhook that keeps the notices, Dagster's storage."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import dagster as dg

from dagster_project import dagster_storage
from dagster_project.settings import load_settings
from tests.years_dagster.clock import Clock
from tests.years_dagster.driver import Driver, Notice
from tests.years_dagster.history import History
from tests.years_dagster.services import Services, running

# At a threshold of one nothing is withheld: withholding and its proof take long, and have tests of their own.
_QUICK = 1


@contextmanager
def driven_home(root: Path, start: datetime, say: Callable[[str], None]) -> Iterator[Driver]:
    """A new home under `root`, driven from a moment on; its processes end with the block."""
    for folder in ("inbox", "logs"):
        (root / folder).mkdir(parents=True)
    settings = load_settings(root / "inbox", root / "home", disclosure_threshold=_QUICK)
    clock = Clock(root / "clock", start)
    with kept_notices() as (address, notices):
        services = Services(settings, clock, root / "logs", {"TRISAM_WEBHOOK_URL": address})
        # The storage first: processes that make it at the same time leave a database that none of them can open.
        with _storage(settings.dagster_home) as instance, running(services):
            history = History(instance, services.refuse_ended)
            driver = Driver(settings, clock, services, history, notices, say)
            driver.start()
            yield driver


@contextmanager
def _storage(dagster_home: Path) -> Iterator[dg.DagsterInstance]:
    dagster_storage.prepare(dagster_home)
    # Its configuration names the folder by this variable.
    before = os.environ.get("DAGSTER_HOME")
    os.environ["DAGSTER_HOME"] = str(dagster_home)
    try:
        with dg.DagsterInstance.get() as instance:
            yield instance
    finally:
        os.environ.pop("DAGSTER_HOME")
        if before is not None:
            os.environ["DAGSTER_HOME"] = before


@contextmanager
def kept_notices() -> Iterator[tuple[str, list[Notice]]]:
    """A webhook on this machine: its address, and the list of what it is sent."""
    notices: list[Notice] = []

    class Keeper(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            notices.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing: the notices are the log."""

    server = HTTPServer(("127.0.0.1", 0), Keeper)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/notices", notices
    finally:
        server.shutdown()
        server.server_close()
