"""The processes of a server: a code server and a daemon, as `deploy/systemd` starts them, under the turned clock."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import yaml

from dagster_project.settings import PROJECT_ROOT, Settings
from tests.years_dagster.clock import Clock

_CODE = "dagster_project.definitions"
_SECONDS_TO_STOP = 60
# A harness that is killed stops nothing itself.
_ENDS_WITH_THE_HARNESS = ("setpriv", "--pdeathsig", "TERM")


class Services:
    """The running processes of a home; `logs` is where they write."""

    def __init__(self, settings: Settings, clock: Clock, logs: Path, variables: Mapping[str, str]) -> None:
        self._logs = logs
        self._environment = _environment(settings, clock, variables)
        self._workspace = logs / "workspace.yaml"
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start both; the daemon waits for the code server by itself."""
        port = _free_port()
        self._workspace.write_text(
            yaml.safe_dump({"load_from": [{"grpc_server": {"port": port, "location_name": "trisam"}}]})
        )
        code = ["code-server", "start", "-h", "127.0.0.1", "-p", str(port), "-m", _CODE]
        self._start("code", "dagster", *code)
        self._start("daemon", "dagster-daemon", "run", "-w", str(self._workspace))

    def launch(self, job: str, config: Mapping[str, object]) -> None:
        """Put a run of a job into the queue, as a person does in the UI."""
        words = ["job", "launch", "-w", str(self._workspace), "-j", job, "--config-json", json.dumps(config)]
        self.ask("dagster", *words)

    def ask(self, program: str, *words: str, said: str = "") -> str:
        """Run a program of the environment to its end, and return what it answers."""
        done = subprocess.run(
            [str(Path(sys.executable).with_name(program)), *words],
            cwd=PROJECT_ROOT,
            env=self._environment,
            input=said,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{program} {words[0]}: {(done.stdout + done.stderr)[-2000:]}")
        return done.stdout

    def refuse_ended(self) -> None:
        """Raise RuntimeError, with the end of its log, when a process has ended by itself."""
        for process, name in zip(self._processes, ("code", "daemon"), strict=True):
            if process.poll() is not None:
                log = (self._logs / f"{name}.log").read_text(encoding="utf-8")
                raise RuntimeError(f"The {name} process has ended:\n{log[-2000:]}")

    def stop(self) -> None:
        """Stop the daemon, then the code server; whatever they have started goes with them."""
        for process in reversed(self._processes):
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(_SECONDS_TO_STOP)
            _kill_group(process.pid)

    def _start(self, name: str, program: str, *words: str) -> None:
        with (self._logs / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [*_ENDS_WITH_THE_HARNESS, str(Path(sys.executable).with_name(program)), *words],
                cwd=PROJECT_ROOT,
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                # A group of its own, so that its children can be ended with it.
                start_new_session=True,
            )
        self._processes.append(process)


@contextmanager
def running(services: Services) -> Iterator[Services]:
    """The services, from start to stop."""
    try:
        services.start()
        yield services
    finally:
        services.stop()


def _environment(settings: Settings, clock: Clock, variables: Mapping[str, str]) -> dict[str, str]:
    clean = {
        k: v for k, v in os.environ.items() if not k.startswith(("TRISAM_", "DAGSTER_", "DBT_", "FAKETIME"))
    }
    return {
        **clean,
        **clock.environment(PROJECT_ROOT),
        "DAGSTER_HOME": str(settings.dagster_home),
        "TRISAM_INBOX": str(settings.inbox),
        "TRISAM_HOME": str(settings.home),
        "TRISAM_DISCLOSURE_THRESHOLD": str(settings.disclosure_threshold),
        "TRISAM_AUTOMATION": "true",
        "GX_ANALYTICS_ENABLED": "false",
        **variables,
    }


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _kill_group(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return
