"""dbt in a process of its own, spared the parsing that was done before: `trisam-dbt` takes dbt's own words.

Nothing but that: what is built, where and with which limits is said by the words and by the environment.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
from dbt.version import __version__ as installed
from dbt_common.events.base_types import EventLevel, EventMsg
from dbt_common.events.functions import env_scrubber, msg_to_json

from dagster_project.dbt_artifacts import PARSED, is_current
from dagster_project.garbage import made_to_last

_FAILED, _BROKEN = 1, 2
_ONE_LINE_AT_A_TIME = threading.Lock()
_TOLD = frozenset({EventLevel.INFO, EventLevel.WARN, EventLevel.ERROR})


def parsed(target: Path) -> Manifest | None:
    """What was parsed into a folder of artefacts; None where dbt must parse by itself.

    That is where there is nothing that can be read, where a file of the project is newer, or where another dbt has made
    it.
    """
    if not is_current(target):
        return None
    try:
        manifest = Manifest.from_msgpack((target / PARSED).read_bytes())
    except Exception:  # a damaged one, in whatever way, is as good as none
        return None
    return manifest if manifest.metadata.dbt_version == installed else None


def tell(event: EventMsg) -> None:
    """Write an event as the line of JSON that dbt would write; what only a debugger would read is left out.

    dbt words every event first and asks then whether anybody wants it: ten thousand lines for nine hundred.
    """
    if event.info.level in _TOLD:
        line = env_scrubber(msg_to_json(event))
        with _ONE_LINE_AT_A_TIME:  # dbt builds in several threads
            print(line, flush=True)


def main() -> None:
    """Run dbt with the words of the command line; exit codes are dbt's: 0 done, 1 something failed, 2 broken off."""
    words: list[str] = sys.argv[1:]
    listeners: list[Callable[[EventMsg], None]] = []
    if os.environ.get("DBT_LOG_FORMAT") == "json":
        # For Dagster, which reads events: told from here, and no longer by dbt's own log.
        words, listeners = ["--log-level", "none", *words], [tell]
    target = os.environ.get("DBT_TARGET_PATH")
    with made_to_last():
        manifest = parsed(Path(target)) if target else None
    result = dbtRunner(manifest=manifest, callbacks=listeners).invoke(words)
    if result.exception is not None:
        print(result.exception, file=sys.stderr)
        sys.exit(_BROKEN)
    sys.exit(0 if result.success else _FAILED)


if __name__ == "__main__":
    main()
