"""What must hold after every fault, each as a list of sentences that is empty when it holds."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import duckdb

from dagster_project.release.candidate import DATABASE
from dagster_project.release.history import verify_release
from dagster_project.release.manifest import read_manifest
from dagster_project.release.switch import current_version
from dagster_project.release.versions import releases
from dagster_project.settings import Settings
from tests.faults.scene import Content, content


def published_is_one_of(settings: Settings, *allowed: Content) -> list[str]:
    """The published release is there, every file is as its manifest says, and it says what one of these says."""
    version = current_version(settings.published_link)
    if version is None:
        return ["`published` points to no release"]
    faults = [
        f"{row['file']} of the published release is {row['fault']}"
        for row in verify_release(settings, version)
    ]
    if not faults and content(settings.published_link) not in allowed:
        faults.append(f"the published release {version} says neither what the old nor what the new one says")
    manifest = read_manifest(settings.published_link)
    if manifest is not None:
        missing = set(manifest.expected_checks) - {o.check_id for o in manifest.outcomes}
        faults += [f"{check} was published without a result" for check in sorted(missing)]
    return faults


def every_release_is_whole(settings: Settings) -> list[str]:
    """Whatever has a release's name can be rolled back to: it is complete, published or not."""
    faults = []
    for version in releases(settings.releases_dir):
        if read_manifest(settings.releases_dir / version) is None:
            faults.append(f"release {version} has no manifest")
            continue
        faults += [
            f"release {version}: {r['file']} is {r['fault']}" for r in verify_release(settings, version)
        ]
    return faults


def knows(settings: Settings, person: str) -> bool:
    """Whether the published release holds a person, a pseudonym."""
    with duckdb.connect(str((settings.published_link / DATABASE).resolve()), read_only=True) as con:
        found = con.execute("select count(*) from marts.dim_person where person_id = ?", [person]).fetchone()
    return bool(found and found[0])


def raw_content(work_db: Path) -> dict[str, str]:
    """Hash of every raw table of a work file, whatever the order of its rows."""
    with duckdb.connect(str(work_db), read_only=True) as con:
        names = con.execute(
            "select table_name from duckdb_tables() where schema_name = 'raw' order by 1"
        ).fetchall()
        return {
            table: str(con.execute(f'select sum(hash(t)) from raw."{table}" as t').fetchone())
            for (table,) in names
        }


def work_is_one_of(settings: Settings, *allowed: dict[str, str]) -> list[str]:
    """The work file opens, a log that was left is replayed, and it holds the old or the new rows."""
    try:
        with duckdb.connect(str(settings.work_db)) as con:
            con.execute("checkpoint")
        found = raw_content(settings.work_db)
    except duckdb.Error as error:
        return [f"the work file does not open: {str(error).splitlines()[0]}"]
    return [] if found in allowed else ["the work file holds neither the old rows nor the new"]


def differing_rows(before: Path, after: Path) -> list[str]:
    """Tables of two releases that differ, compared row for row."""
    faults = []
    with duckdb.connect() as con:
        for name, release in (("a", before), ("b", after)):
            con.execute(f"attach '{release / DATABASE}' as {name} (read_only)")
        tables = con.execute(
            "select database_name, schema_name || '.' || table_name from duckdb_tables() "
            "where schema_name in ('marts', 'indicators')"
        ).fetchall()
        names = {t for _, t in tables}
        if {(d, t) for d in "ab" for t in names} != set(tables):
            return ["the two releases have different tables"]
        for table in sorted(names):
            for one, other in (("a", "b"), ("b", "a")):
                rows = f"select count(*) from (select * from {one}.{table} except all select * from {other}.{table})"
                (count,) = con.execute(rows).fetchone() or (0,)
                if count:
                    faults.append(f"{table}: {count} rows are in one release only")
    return faults


class Readers:
    """Readers while a fault happens: one holds the published database open, one looks again and again."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._done = threading.Event()
        self.looks = 0
        self.faults: list[str] = []

    def __enter__(self) -> Readers:
        self._held = duckdb.connect(str((self._settings.published_link / DATABASE).resolve()), read_only=True)
        self._said = self._read()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()
        if self._read() != self._said:
            self.faults.append("a reader of the old release reads something else")
        self._held.close()

    def _read(self) -> list[tuple[object, ...]]:
        return self._held.execute(
            "select count(*), sum(hash(t))::varchar from indicators.indicator_value as t"
        ).fetchall()

    def _look(self) -> None:
        while not self._done.wait(0.02):
            self.faults += self._glance()
            self.looks += 1

    def _glance(self) -> list[str]:
        folder = self._settings.published_link.resolve()
        try:
            files = json.loads((folder / "manifest.json").read_bytes())["files"]
            wrong = [n for n, f in files.items() if (folder / n).stat().st_size != f["size_bytes"]]
        except (OSError, ValueError) as error:
            if self._settings.published_link.resolve() != folder:
                return []  # switched meanwhile, and the old release is no longer kept: look again
            return [f"a reader found no whole release: {type(error).__name__}"]
        return [f"a reader found {name} of another size" for name in wrong]


def waited(condition: Path, seconds: float = 30) -> bool:
    """Whether a file appears in time."""
    deadline = time.monotonic() + seconds
    while not condition.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition.exists()
