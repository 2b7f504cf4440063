"""Starting a Superset for the harness, and talking to its REST API as its administrator."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

HERE = Path(__file__).resolve().parent
ACCOUNT = "harness"
_START_SECONDS = 180


class RefusedByApiError(Exception):
    """The API answered with an error; the text is its own."""


@dataclass
class Superset:
    """A running Superset."""

    url: str
    password: str = field(repr=False)
    session: requests.Session = field(default_factory=requests.Session, repr=False)

    def log_in(self) -> None:
        """Get the tokens that every further request bears."""
        account = {"username": ACCOUNT, "password": self.password, "provider": "db", "refresh": False}
        token = self.post("security/login", account)["access_token"]
        self.session.headers["Authorization"] = f"Bearer {token}"
        self.session.headers["X-CSRFToken"] = self.get("security/csrf_token/")["result"]
        self.session.headers["Referer"] = self.url

    def get(self, path: str) -> Any:
        """Answer to a GET."""
        return self._answer(self.session.get(f"{self.url}/api/v1/{path}", timeout=60))

    def post(self, path: str, body: Any) -> Any:
        """Answer to a POST."""
        return self._answer(self.session.post(f"{self.url}/api/v1/{path}", json=body, timeout=120))

    @staticmethod
    def _answer(response: requests.Response) -> Any:
        if not response.ok:
            raise RefusedByApiError(f"{response.status_code}: {response.text[:500]}")
        return response.json()


@contextmanager
def running_superset(binaries: Path, folder: Path) -> Iterator[Superset]:
    """Make Superset's own database in `folder`, start the service, and end it afterwards."""
    password, port = secrets.token_hex(12), _free_port()
    environment = {
        **os.environ,
        "SUPERSET_CONFIG_PATH": str(HERE / "superset_config.py"),
        "HARNESS_SECRET_KEY": secrets.token_hex(24),
        "HARNESS_FOLDER": str(folder),
        "SUPERSET_HOME": str(folder),
        "FLASK_APP": "superset.app:create_app()",
    }
    environment.pop("PYTHONPATH", None)
    program = str(binaries / "superset")
    admin = ["fab", "create-admin", "--username", ACCOUNT, "--firstname", "H", "--lastname", "H"]
    admin += ["--email", "harness@example.org", "--password", password]
    for words in (["db", "upgrade"], admin, ["init"]):
        done = subprocess.run(
            [program, *words], env=environment, cwd=folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-3000:]
    with (folder / "superset.log").open("w") as log:
        service = subprocess.Popen(
            [program, "run", "-h", "127.0.0.1", "-p", str(port), "--with-threads"],
            env=environment, cwd=folder, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            superset = Superset(f"http://127.0.0.1:{port}", password)
            _wait_for(superset, service)
            superset.log_in()
            yield superset
        finally:
            service.terminate()
            service.wait()


def _wait_for(superset: Superset, service: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        assert service.poll() is None, "Superset has ended; see superset.log"
        try:
            if requests.get(f"{superset.url}/health", timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(1)
    raise AssertionError("Superset did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
