"""dbt's manifest: made once, and again when a model, macro, seed or the project file has changed.

Dagster reads its assets from the manifest, so it must exist before the definitions load.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from dagster_project.errors import TrisamError
from dagster_project.settings import DBT_PROJECT_DIR, PROJECT_ROOT, Settings

_SOURCES = (
    (DBT_PROJECT_DIR / "models", "*"),
    (DBT_PROJECT_DIR / "macros", "*.sql"),
    (DBT_PROJECT_DIR / "tests", "*"),
    (PROJECT_ROOT / "seeds" / "reference", "*"),
)


class DbtParseError(TrisamError):
    """The dbt project does not parse."""


def dbt_environment(settings: Settings) -> dict[str, str]:
    """The variables by which the dbt profile finds the work file, or the cluster."""
    return {
        # Somebody who asks the metrics of a release may have chosen its read-only target.
        "DBT_TARGET": "dev",
        "TRISAM_WORK_DB": str(settings.work_db),
        "TRISAM_DBT_THREADS": str(settings.dbt_threads),
        "TRISAM_MEMORY_LIMIT": settings.working_memory,
        "TRISAM_SPARK_HOST": settings.spark_host,
        "TRISAM_SPARK_PORT": str(settings.spark_port),
        "TRISAM_SPARK_USER": settings.spark_user,
        "TRISAM_SPARK_SCHEMA": settings.spark_schema,
        "TRISAM_TEMP_DIR": str(settings.work_dir / "spill"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        # Its debug log would be 15 MB a run, and a tenth of the run's time.
        "DBT_LOG_LEVEL_FILE": "info",
        "DBT_TARGET_PATH": str(settings.dbt_target_dir),
        "DBT_LOG_PATH": str(settings.dbt_target_dir / "logs"),
    }


def ensure_manifest(settings: Settings) -> Path:
    """Path of an up-to-date manifest.json; parses the project where it is missing, cut off or older than its sources.

    Raises DbtParseError with dbt's own words when the project does not parse.
    """
    manifest = settings.dbt_target_dir / "manifest.json"
    if manifest.exists() and manifest.stat().st_mtime >= _newest_source() and _is_whole(manifest):
        return manifest
    settings.dbt_target_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = [sys.executable, "-m", "dbt.cli.main", "--quiet", "parse", "--no-use-colors"]
    command += ["--project-dir", str(DBT_PROJECT_DIR), "--profiles-dir", str(DBT_PROJECT_DIR)]
    done = subprocess.run(  # noqa: S603  fixed words and our own paths, no shell
        command,
        env={**os.environ, **dbt_environment(settings)},
        cwd=DBT_PROJECT_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise DbtParseError("The dbt project does not parse.", done.stdout.strip()[-2000:])
    return manifest


def _is_whole(manifest: Path) -> bool:
    # dbt writes it in place, so one that was killed leaves half of it.
    try:
        json.loads(manifest.read_bytes())
    except ValueError:
        return False
    return True


def _newest_source() -> float:
    files = [DBT_PROJECT_DIR / "dbt_project.yml", DBT_PROJECT_DIR / "profiles.yml"]
    for root, pattern in _SOURCES:
        files += [p for p in root.rglob(pattern) if p.is_file()]
    return max(p.stat().st_mtime for p in files)
