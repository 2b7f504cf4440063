"""Keep a small home of the version in a checkout: `python -m tests.homes.keep --checkout DIR --root DIR --name COMMIT`.

Runs that checkout's own code on the deliveries of `tests/homes`, removes what every run makes again or what names the
machine, refuses if a path of the machine is left, and packs the rest.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

from tests.homes import FOLDER, prepare

REMOVED = (
    "dagster",
    "pseudonym.key",
    "work/run.lock",
    "work/run.owner.json",
    "work/quarantine",
    "work/spill",
    "work/dbt/compiled",
    "work/dbt/run",
    "work/dbt/logs",
    "work/dbt/partial_parse.msgpack",
    "work/dbt/run_results.json",
    "work/dbt/graph.gpickle",
    "work/dbt/graph_summary.json",
    "work/dbt/semantic_manifest.json",
    "work/dbt/perf_info.json",
)


def publish(checkout: Path, root: Path) -> None:
    """Let the version in a checkout publish, as a person would."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("TRISAM_", "DAGSTER_", "DBT_"))}
    environment |= {
        "PYTHONPATH": str(checkout),
        "PYTHONDONTWRITEBYTECODE": "1",
        "GX_ANALYTICS_ENABLED": "false",
        # As in the tests: disclosure control has tests of its own and takes most of the time.
        "TRISAM_DISCLOSURE_THRESHOLD": "1",
    }
    command = [
        str(checkout / ".venv" / "bin" / "python"),
        "-c",
        "from dagster_project.cli import main; main()",
    ]
    command += ["run", "--inbox", str(root / "inbox"), "--home", str(root / "home")]
    subprocess.run(command, cwd=checkout, env=environment, check=True)


def strip(home: Path) -> None:
    """Remove what is made again by every run, Dagster's history, and the key, which is kept once for all homes."""
    for name in REMOVED:
        path = home / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def paths_of_the_machine(home: Path, allowed: tuple[Path, ...]) -> list[str]:
    """Absolute paths in the files of the work folder that are not below the allowed folders."""
    tops = "|".join(re.escape(path.name) for path in Path("/").iterdir() if path.is_dir())
    absolute = re.compile(rf"(?<![\w.:/~-])/(?:{tops})/[\w./-]+".encode())
    found = set()
    for path in (home / "work").rglob("*"):
        # Rows lie compressed in the databases; they hold what the inbox holds, and no path.
        if path.is_file() and path.suffix != ".duckdb":
            found |= set(absolute.findall(path.read_bytes()))
    starts = tuple(f"{folder}/".encode() for folder in allowed)
    return sorted(name.decode() for name in found if not name.startswith(starts))


def pack(home: Path, archive: Path) -> None:
    """Pack a home without owners and times."""

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = entry.mtime = 0
        entry.uname = entry.gname = ""
        return entry

    with tarfile.open(archive, "w:xz", preset=9) as packed:
        for path in sorted(home.iterdir()):
            packed.add(path, path.name, filter=plain)


def main() -> None:
    """Make, strip, check and pack."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkout", type=Path, required=True, help="the version, set up by `make setup`")
    parser.add_argument("--root", type=Path, required=True, help="an empty folder for inbox and home")
    parser.add_argument("--name", required=True, help="the version's commit, seven digits")
    given = parser.parse_args()
    checkout, root = given.checkout.absolute(), given.root.absolute()
    prepare(root)
    publish(checkout, root)
    strip(root / "home")
    foreign = paths_of_the_machine(root / "home", (checkout, root))
    if foreign:
        raise SystemExit("Paths of this machine are in the home:\n" + "\n".join(foreign[:20]))
    archive = FOLDER / f"{given.name}.tar.xz"
    pack(root / "home", archive)
    print(f"{archive}: {archive.stat().st_size} bytes")


if __name__ == "__main__":
    main()
