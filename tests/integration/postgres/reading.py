"""Readers of every kind, who read while releases are swapped and write down whatever is not one whole release."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg

from .releases import ROWS
from .server import Server

# Table, and the account that reads it; each row of it bears the mark of its release.
MARTS = ("marts.fct_case", "marts.dim_team")
INDICATORS = ("indicators.question", "indicators.every_type")
_COUNTED = ("marts.fct_case", "indicators.question", "open.question")
Look = Callable[[psycopg.Connection], None]


@dataclass
class Findings:
    """What the readers have met: looks by kind of reader, and what no reader must ever see."""

    looks: Counter[str] = field(default_factory=Counter)
    versions: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


@contextmanager
def readers(server: Server, findings: Findings) -> Iterator[None]:
    """Let one reader of each kind read until the block ends."""
    stop = threading.Event()
    threads = [
        threading.Thread(target=_read, args=(server, kind, look, account, findings, stop), daemon=True)
        for kind, (account, look) in KINDS(findings).items()
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _read(
    server: Server, kind: str, look: Look, account: str, findings: Findings, stop: threading.Event
) -> None:
    con, dice = server.connect(account), random.Random(kind)
    while not stop.is_set():
        try:
            if kind == "new connection":
                con.close()
                con = server.connect(account)
            look(con)
            con.rollback()
            findings.looks[kind] += 1
            # As long as a look takes, about: a person or a dashboard pauses as well.
            stop.wait(dice.uniform(0, 0.02))
        except AssertionError as fault:
            findings.faults.append(f"{kind}: mixture: {fault}")
            con.rollback()
        except psycopg.Error as error:
            findings.faults.append(f"{kind}: {type(error).__name__}: {error}")
            con.rollback()
    con.close()


def _whole(findings: Findings, version: str, seen: list[tuple[str, int, int]]) -> None:
    mark = int(version[-8:], 16)
    findings.versions.add(version)
    for table, found, rows in seen:
        assert found == mark, f"{table} of release {found} beside version {version}"
        assert table not in _COUNTED or rows == ROWS + mark, f"{table} has {rows} rows in {version}"


def KINDS(findings: Findings) -> dict[str, tuple[str, Look]]:
    """Kinds of readers, with the account that each uses."""

    def version(con: psycopg.Connection) -> str:
        return con.execute("select version from trisam.release").fetchone()[0]

    def one_by_one(con: psycopg.Connection, *tables: str) -> list[tuple[str, int, int]]:
        return [
            (table, *con.execute(f"select max(mark), count(*) from {table}").fetchone()) for table in tables
        ]

    def one_query(con: psycopg.Connection) -> None:
        parts = " union all ".join(
            f"select '{table}', max(mark), count(*), (select version from trisam.release) from {table}"
            for table in (*MARTS, *INDICATORS)
        )
        rows = con.execute(parts).fetchall()
        assert len({row[3] for row in rows}) == 1
        _whole(findings, rows[0][3], [row[:3] for row in rows])

    def transaction(con: psycopg.Connection) -> None:
        now = version(con)
        _whole(findings, now, one_by_one(con, *INDICATORS, *MARTS))
        _whole(findings, version(con), one_by_one(con, *MARTS))

    def other_order(con: psycopg.Connection) -> None:
        seen = one_by_one(con, "marts.fct_case", "indicators.question", "marts.dim_team")
        _whole(findings, version(con), seen)

    def old_snapshot(con: psycopg.Connection) -> None:
        con.execute("set transaction isolation level repeatable read")
        con.execute("select pg_sleep(random() * 0.5)")
        seen = one_by_one(con, *MARTS, *INDICATORS)
        assert len({mark for _, mark, _ in seen}) == 1, f"marks {seen}"
        assert {t: rows for t, _, rows in seen}["marts.fct_case"] == ROWS + seen[0][1], f"{seen}"

    def prepared(con: psycopg.Connection) -> None:
        query = (
            "select max(c.mark), count(*), max(q.mark), (select version from trisam.release) "
            "from marts.fct_case as c cross join (select max(mark) as mark from indicators.question) as q"
        )
        cases, rows, questions, now = con.execute(query, prepare=True).fetchone()
        _whole(findings, now, [("marts.fct_case", cases, rows), ("indicators.every_type", questions, 0)])

    def own_view(con: psycopg.Connection) -> None:
        cases, questions, now = con.execute(
            "select cases, questions, version from anna.outer_view"
        ).fetchone()
        _whole(findings, now, [("marts.dim_team", cases, 0), ("indicators.every_type", questions, 0)])
        _whole(findings, now, one_by_one(con, "marts.fct_case"))

    def open_only(con: psycopg.Connection) -> None:
        seen = one_by_one(con, "open.question")
        _whole(findings, version(con), seen)

    return {
        "one query": ("anna", one_query),
        "transaction": ("anna", transaction),
        "other order": ("anna", other_order),
        "old snapshot": ("anna", old_snapshot),
        "prepared": ("anna", prepared),
        "own view": ("anna", own_view),
        "new connection": ("anna", other_order),
        "open role": ("bo", open_only),
    }


def make_readers(server: Server) -> None:
    """The accounts of the readers, and a view upon a view."""
    server.make_account("anna", "trisam_analyst")
    server.make_account("bo", "trisam_open")
    server.run("create schema anna authorization anna", "grant anna to trisam_publisher")
    server.run(
        "create view anna.inner_view as select max(c.mark) as cases, max(q.mark) as questions "
        "from marts.fct_case as c cross join indicators.question as q",
        "create view anna.outer_view as select cases, questions, version "
        "from anna.inner_view cross join trisam.release",
        user="anna",
    )
