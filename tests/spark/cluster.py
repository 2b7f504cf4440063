"""A Spark cluster on loopback: master, workers and a Thrift server, each a process of its own.

Belongs here: starting them, waiting until they answer, ending them. What is built on them does not.
"""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

LOOPBACK = "127.0.0.1"
_PATIENCE_SECONDS = 180


class ClusterError(RuntimeError):
    """A part of the cluster did not start."""


@dataclass(frozen=True)
class Cluster:
    """Where the Thrift server listens, how many workers there are, and the ids of their processes and the driver's."""

    host: str
    port: int
    workers: int
    driver_process: int
    worker_processes: tuple[int, ...]

    def processor_seconds(self) -> tuple[float, float]:
        """What the driver, and what all executors together have used so far."""
        children = _children()
        executors = [child for worker in self.worker_processes for child in children.get(worker, [])]
        return _seconds(self.driver_process), sum(_seconds(executor) for executor in executors)


def spark_home(environment: Path) -> Path:
    """The folder of the `pyspark` package in a virtual environment; raises ClusterError where there is none."""
    for home in sorted(environment.glob("lib/python3*/site-packages/pyspark")):
        return home
    raise ClusterError(f"No pyspark in {environment}; `make spark-test` installs it.")


@contextmanager
def cluster(
    home: Path,
    folder: Path,
    *,
    workers: int = 2,
    executor_memory: str = "768m",
    driver_memory: str = "768m",
    compiled: bool = True,
) -> Iterator[Cluster]:
    """A running cluster of so many workers of one core each; what it keeps lies in `folder`, so do its logs.

    Without `compiled` plans are interpreted: on a few rows, compiling costs more than it saves. The catalog is kept in
    memory and ends with the cluster. Raises ClusterError with the end of the log of the part that does not start.
    """
    logs = folder / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    master_port, thrift_port = _free_port(), _free_port()
    master = f"spark://{LOOPBACK}:{master_port}"
    environment = _environment(home, folder)
    with ExitStack() as parts:
        start = [str(home / "bin" / "spark-class"), "org.apache.spark.deploy.master.Master"]
        start += ["--host", LOOPBACK, "--port", str(master_port), "--webui-port", "0"]
        parts.enter_context(_process("master", start, environment, logs))
        _wait("master", logs, master_port)
        started: list[int] = []
        for number in range(workers):
            start = [str(home / "bin" / "spark-class"), "org.apache.spark.deploy.worker.Worker"]
            start += ["--host", LOOPBACK, "--cores", "1", "--memory", _with_overhead(executor_memory)]
            start += ["--webui-port", "0", "--work-dir", str(folder / f"worker_{number}"), master]
            started.append(parts.enter_context(_process(f"worker_{number}", start, environment, logs)))
        start = _thrift_server(home, folder, master, thrift_port, workers, executor_memory, compiled=compiled)
        # Spark takes a Thrift server for a daemon, whatever the driver's memory says.
        served = environment | {"SPARK_DAEMON_MEMORY": driver_memory}
        driver = parts.enter_context(_process("thrift", start, served, logs))
        _wait("thrift", logs, thrift_port)
        yield Cluster(LOOPBACK, thrift_port, workers, driver, tuple(started))


def _thrift_server(
    home: Path,
    folder: Path,
    master: str,
    port: int,
    workers: int,
    executor_memory: str,
    *,
    compiled: bool,
) -> list[str]:
    configuration = {
        "spark.driver.host": LOOPBACK,
        "spark.driver.bindAddress": LOOPBACK,
        "spark.executor.memory": executor_memory,
        "spark.executor.cores": "1",
        "spark.cores.max": str(workers),
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": str(2 * workers),
        # dbt opens a session per model; each would read the configuration of Hive anew.
        "spark.sql.hive.thriftServer.singleSession": "true",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder / "spill"),
        # The catalog of a cluster that lives for one test needs no disk.
        "spark.hadoop.javax.jdo.option.ConnectionURL": "jdbc:derby:memory:metastore;create=true",
    }
    if not compiled:
        configuration["spark.sql.codegen.wholeStage"] = "false"
        configuration["spark.sql.codegen.factoryMode"] = "NO_CODEGEN"
    command = [str(home / "bin" / "spark-submit"), "--master", master]
    command += ["--class", "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2"]
    for name, value in configuration.items():
        command += ["--conf", f"{name}={value}"]
    command += ["spark-internal", "--hiveconf", f"hive.server2.thrift.port={port}"]
    return [*command, "--hiveconf", f"hive.server2.thrift.bind.host={LOOPBACK}"]


def _with_overhead(executor_memory: str) -> str:
    # A worker offers what its executor asks for, and a little more for the daemon's own book-keeping.
    return f"{int(executor_memory.removesuffix('m')) + 128}m"


def _environment(home: Path, folder: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SPARK_", "HADOOP_", "TRISAM_"))}
    return kept | {
        "SPARK_HOME": str(home),
        # Short lives on few cores: the first compiler is enough, and one thread to collect with.
        "JDK_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "SPARK_LOCAL_IP": LOOPBACK,
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_LOG_DIR": str(folder / "logs"),
        "SPARK_CONF_DIR": str(folder),
    }


@contextmanager
def _process(name: str, command: Sequence[str], environment: dict[str, str], logs: Path) -> Iterator[int]:
    with (logs / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            command, env=environment, cwd=logs.parent, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            yield process.pid
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(30)
            if process.poll() is None:
                process.kill()
                process.wait()


def _children() -> dict[int, list[int]]:
    """Processes by the process that started them."""
    found: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            found.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    return found


def _seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _wait(name: str, logs: Path, port: int) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
            return
        time.sleep(0.5)
    said = (logs / f"{name}.log").read_text(errors="replace")[-2000:]
    raise ClusterError(f"{name} did not answer on port {port}:\n{said}")
