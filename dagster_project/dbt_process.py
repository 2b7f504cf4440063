"""dbt in a process of its own, spared the parsing that was done before: `trisam-dbt` takes dbt's own words.

Nothing but that: what is built, where and with which limits is said by the words and by the environment.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
from dbt.version import __version__ as installed

from dagster_project.dbt_artifacts import PARSED, is_current

_FAILED, _BROKEN = 1, 2


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


def main() -> None:
    """Run dbt with the words of the command line; exit codes are dbt's: 0 done, 1 something failed, 2 broken off."""
    target = os.environ.get("DBT_TARGET_PATH")
    result = dbtRunner(manifest=parsed(Path(target)) if target else None).invoke(sys.argv[1:])
    if result.exception is not None:
        print(result.exception, file=sys.stderr)
        sys.exit(_BROKEN)
    sys.exit(0 if result.success else _FAILED)


if __name__ == "__main__":
    main()
