"""A PostgreSQL server of the tests' own: made in a temporary folder, on a free port of this machine, and stopped."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

DATABASE, PUBLISHER = "trisam", "trisam_publisher"
_LIBRARIES = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Server:
    """A running server. Every account has the same password, which exists only while the server does."""

    port: int
    password: str = field(repr=False)
    host: str = "127.0.0.1"

    def connect(
        self, user: str = "postgres", database: str = DATABASE, **options: object
    ) -> psycopg.Connection:
        """A connection of an account."""
        return psycopg.connect(
            host=self.host, port=self.port, user=user, dbname=database, password=self.password, **options
        )

    def run(self, *statements: str, user: str = "postgres") -> None:
        """Do statements, each by itself."""
        with self.connect(user, autocommit=True) as con:
            for statement in statements:
                con.execute(statement)

    def rows(self, query: str, user: str = "postgres") -> list[tuple]:
        """The answer to a query."""
        with self.connect(user, autocommit=True) as con:
            return con.execute(query).fetchall()

    def make_account(self, name: str, *roles: str) -> None:
        """An account that may log in, as a member of roles."""
        self.run(
            f"create role {name} login password '{self.password}'", *(f"grant {r} to {name}" for r in roles)
        )

    def environment(self, **more: str) -> dict[str, str]:
        """The settings by which the warehouse finds the server."""
        return {
            "TRISAM_POSTGRES_HOST": self.host,
            "TRISAM_POSTGRES_PORT": str(self.port),
            "TRISAM_POSTGRES_PASSWORD": self.password,
            **more,
        }


def programs() -> Path | None:
    """The folder of the server's programs, or None where it is not installed."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(_LIBRARIES.glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "postgres").exists()), None)


@contextmanager
def running() -> Iterator[Server]:
    """Make a server, start it, and remove every trace of it afterwards."""
    binaries = programs()
    assert binaries is not None, "no PostgreSQL server is installed"
    folder = Path(tempfile.mkdtemp(prefix="trisam-postgres-"))
    # The server refuses to run as root.
    account = _account()
    shutil.chown(folder, account)
    server = Server(_free_port(), secrets.token_hex(12))
    word_file = folder / "word"
    word_file.write_text(server.password, encoding="ascii")
    shutil.chown(word_file, account)
    data = folder / "data"
    options = f"-c listen_addresses=127.0.0.1 -p {server.port} -k {folder} -c fsync=off -c max_connections=60"
    try:
        _do(
            account,
            binaries / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "scram-sha-256",
            "--pwfile",
            word_file,
            "-E",
            "UTF8",
            "--locale",
            "C.UTF-8",
            "--no-sync",
        )
        _do(account, binaries / "pg_ctl", "-D", data, "-l", folder / "log", "-o", options, "-w", "start")
        try:
            yield server
        finally:
            _do(account, binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def server_log(server: Server) -> str:
    """What the server has written to its log."""
    with server.connect(autocommit=True) as con:
        folder = con.execute("show data_directory").fetchone()[0]
    return (Path(folder).parent / "log").read_text(encoding="utf-8", errors="replace")


@contextmanager
def fresh_database(server: Server) -> Iterator[Server]:
    """An empty database with the account that publishes; removed afterwards together with every other account."""
    with left_empty(server):
        with server.connect(database="postgres", autocommit=True) as con:
            con.execute(f"create role {PUBLISHER} login createrole password '{server.password}'")
            con.execute(f"create database {DATABASE} owner {PUBLISHER}")
        yield server


@contextmanager
def left_empty(server: Server) -> Iterator[None]:
    """Whatever was made meanwhile, database and accounts, is removed afterwards."""
    try:
        yield
    finally:
        with server.connect(database="postgres", autocommit=True) as con:
            con.execute(f"drop database if exists {DATABASE} with (force)")
            names = con.execute("select rolname from pg_roles where rolname !~ '^(pg_|postgres$)'").fetchall()
            for (name,) in names:
                con.execute(sql.SQL("drop role {}").format(sql.Identifier(name)))


def _account() -> str:
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid()).pw_name
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _do(account: str, *words: object) -> None:
    as_other = {"user": account, "extra_groups": []} if os.geteuid() == 0 else {}
    done = subprocess.run(
        [str(word) for word in words],
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        **as_other,
    )
    assert done.returncode == 0, done.stderr


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
