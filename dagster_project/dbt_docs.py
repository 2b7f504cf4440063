"""The dbt docs as one static page, `HOME/docs/index.html`: every model with its columns, tests and lineage.

A step of its own, after publication: it costs more seconds than a run should wait for, and adds nothing to the
sealed release. Types and tables are those of the published release.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from dagster_project.dbt_artifacts import dbt_environment, ensure_manifest
from dagster_project.errors import TrisamError
from dagster_project.release.candidate import DATABASE
from dagster_project.settings import DBT_PROJECT_DIR, PROJECT_ROOT, Settings


class DocsError(TrisamError):
    """The page cannot be made."""


def write_docs(settings: Settings) -> Path:
    """Make the page and put it in its place in one step; returns its path.

    Raises DocsError where nothing is published, or with dbt's own words where dbt fails. Asks no network.
    """
    database = settings.published_link / DATABASE
    if not database.exists():
        raise DocsError("Nothing is published yet.", "Run `trisam run` first.")
    # Not the run's own target: what a run has left there must stay as it is.
    target = settings.work_dir / "dbt-docs"
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(ensure_manifest(settings), target / "manifest.json")
    _generate(settings, target, database)
    page = settings.home / "docs" / "index.html"
    page.parent.mkdir(mode=0o755, exist_ok=True)
    temporary = page.with_suffix(".next")
    text = (target / "static_index.html").read_text(encoding="utf-8")
    # The page tells the models of the project; paths of this machine are none of its readers' business.
    for folder, name in ((settings.home, "HOME"), (PROJECT_ROOT, "PROJECT")):
        text = text.replace(str(folder), name)
    temporary.write_text(text, encoding="utf-8")
    temporary.chmod(0o644)
    return temporary.replace(page)


def _generate(settings: Settings, target: Path, database: Path) -> None:
    command = [sys.executable, "-c", "from dbt.cli.main import cli; cli()", "--quiet"]
    command += ["docs", "generate", "--static", "--no-compile", "--target", "release"]
    command += ["--project-dir", str(DBT_PROJECT_DIR), "--profiles-dir", str(DBT_PROJECT_DIR)]
    environment = dbt_environment(settings) | {
        "TRISAM_RELEASE_DB": str(database.resolve()),
        "DBT_TARGET_PATH": str(target),
        "DBT_LOG_PATH": str(target / "logs"),
    }
    done = subprocess.run(  # noqa: S603  fixed words and our own paths, no shell
        command,
        env={**os.environ, **environment},
        cwd=DBT_PROJECT_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise DocsError("dbt could not make its docs.", (done.stdout + done.stderr).strip()[-2000:])
