"""Dagster's SQLite storage with one engine for each of its files, instead of a new one for every event.

A run stores some 1,500 events. Dagster makes an engine, a connection and a compiled statement anew for each of
them: a sixth of the whole run's time. Nothing else is changed, so that Dagster's own storage reads the same files.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from sqlalchemy import Connection, Engine, create_engine, event

# Seconds to wait for another process, such as the UI, to let go of a file.
_PATIENCE = 60


class KeptEventLogStorage(SqliteEventLogStorage):
    """Events in SQLite, through connections that are kept."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self._engines: dict[str, Engine] = {}
        self._tables: set[str] = set()
        super().__init__(*arguments, **named)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engines.get(shard)
            if engine is None:
                engine = _engine(self.conn_string_for_shard(shard))
                self._initdb(engine)
                self._engines[shard] = engine
            with engine.begin() as connection:
                yield connection

    def has_table(self, table_name: str) -> bool:
        """Whether the index has a table; asked for with every check, and no table goes away again."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def dispose(self) -> None:
        """Let go of every file."""
        for engine in self._engines.values():
            engine.dispose()
        super().dispose()


class LocalStorage(DagsterSqliteStorage):
    """Dagster's storage on one machine: runs and schedules as Dagster has them, events through kept connections."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        super().__init__(base_dir, inst_data=inst_data)
        self._event_log_storage = KeptEventLogStorage(str(Path(base_dir) / "history" / "runs"))

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> LocalStorage:
        """As named in `deploy/local/dagster.yaml`."""
        return cls.from_local(inst_data=inst_data, **config_value)


def _engine(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": _PATIENCE})

    # With a write-ahead log a power cut may take the last events, and never the file.
    @event.listens_for(engine, "connect")
    def _(connection: Any, _record: Any) -> None:
        connection.execute("pragma synchronous = normal")

    return engine
