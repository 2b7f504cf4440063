"""What dbt makes of the project's files: parsed once, and again when the content of a model, macro, seed or the project
file has changed. A stamp beside the artefacts holds the checksum of the files that they were made from.

Dagster reads its assets from the manifest, so it must exist before the definitions load. Parsing takes ten seconds, so
setting up does it (`python -m dagster_project.dbt_artifacts`), homes copy it, and dbt itself is handed what was parsed
(`dbt_process`): dbt would parse again as soon as another home, or another limit of memory, stands in the profile.
Which columns are made of which is told by the project's files as well, so it is found out on the same occasion.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from dagster_project.atomic_files import write_atomically
from dagster_project.checksums import checksum_of, file_checksum
from dagster_project.errors import TrisamError
from dagster_project.settings import DBT_PROJECT_DIR, PROJECT_ROOT, Settings, load_settings

PREPARED_DIR = DBT_PROJECT_DIR / "target" / "prepared"
"""What was parsed when the project was set up; read only from then on."""
PARSED = "parsed.msgpack"
"""dbt's own form of the manifest, beside it: what was parsed for the work file, and for nothing else."""
LINEAGE = "column_lineage.json"
"""Which columns of the models are made of which (`column_lineage`), as far as it is known."""
_MANIFEST = "manifest.json"
_STAMP = "parsed_from.json"
"""Written last: artefacts without it, or with another one, are parsed again."""
_DBT_PACKAGES = ("dbt-core", "dbt-duckdb")
_SOURCES = (
    (DBT_PROJECT_DIR / "models", "*"),
    (DBT_PROJECT_DIR / "macros", "*.sql"),
    (DBT_PROJECT_DIR / "tests", "*"),
    (PROJECT_ROOT / "seeds" / "reference", "*"),
)


class DbtParseError(TrisamError):
    """The dbt project does not parse."""


class _Stamp(BaseModel):
    """Checksums of the project's files that were parsed, and of dbt's own form of the result.

    The second ties the stamp to its artefacts: code from before the stamp replaces them and leaves it as it is.
    manifest.json is not listed, since every build of dbt writes it again.
    """

    model_config = ConfigDict(frozen=True)

    sources: str
    parsed: str


def dbt_environment(settings: Settings) -> dict[str, str]:
    """The variables by which the dbt profile finds the work file, or the cluster."""
    return {
        # Somebody who asks the metrics of a release may have chosen its read-only target.
        "DBT_TARGET": "dev",
        "TRISAM_WORK_DB": str(settings.work_db),
        "TRISAM_OUTGOING_DB": str(settings.outgoing_db),
        # Not the names of the settings: settings that are read again, with more data, would find them fixed.
        "TRISAM_MODELS_AT_ONCE": str(settings.models_at_once),
        "TRISAM_WORKING_MEMORY": settings.working_memory,
        "TRISAM_SPARK_HOST": settings.spark_host,
        "TRISAM_SPARK_PORT": str(settings.spark_port),
        "TRISAM_SPARK_USER": settings.spark_user,
        "TRISAM_SPARK_SCHEMA": settings.spark_schema,
        "TRISAM_TEMP_DIR": str(settings.work_dir / "spill"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        # dbt takes a YAML file for unchanged when its modification time is, whatever stands in it.
        "DBT_PARTIAL_PARSE": "false",
        # Dagster keeps what it says. A log of its own beside that is a sixth of its time, whatever is written to it.
        "DBT_LOG_LEVEL_FILE": "none",
        **_places(settings.dbt_target_dir),
    }


def _places(target: Path) -> dict[str, str]:
    return {"DBT_TARGET_PATH": str(target), "DBT_LOG_PATH": str(target / "logs")}


def ensure_manifest(settings: Settings, prepared: Path = PREPARED_DIR) -> Path:
    """Path of an up-to-date manifest.json; copies the prepared one, or parses the project, where it is missing, cut
    off or made from other files.

    Raises DbtParseError with dbt's own words when the project does not parse.
    """
    target = settings.dbt_target_dir
    if not (is_current(target) or taken_over(target, prepared)):
        _make(target)
        _parse(settings, target)
    return target / _MANIFEST


def _make(target: Path) -> None:
    """Make the folder and the work folder around it for their owner's eyes alone: a code server may be the first to
    see a home, and runs refuse a work folder that others can enter."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target.mkdir(mode=0o700, exist_ok=True)


def taken_over(target: Path, prepared: Path = PREPARED_DIR) -> bool:
    """Whether a folder of artefacts has got what was prepared; nothing is copied that is not current."""
    if not is_current(prepared):
        return False
    _make(target)
    for name in (PARSED, _MANIFEST, LINEAGE, _STAMP):
        if (prepared / name).exists():
            _put(prepared / name, target / name)
    return True


def prepare(prepared: Path = PREPARED_DIR) -> None:
    """Parse the project for the homes to come, and find its columns' lineage; does nothing where both are current.

    Raises DbtParseError when the project does not parse.
    """
    if is_current(prepared) and (prepared / LINEAGE).exists():
        return
    prepared.mkdir(parents=True, exist_ok=True)
    # A work file of the same name as any home's: dbt calls its relations by it.
    settings = load_settings(prepared, prepared)
    _parse(settings, prepared)
    _tell_lineage(settings, prepared)


def _tell_lineage(settings: Settings, prepared: Path) -> None:
    from dagster_project.column_lineage import lineage_of_models  # noqa: PLC0415  setting up alone pays for the parser

    target = prepared / "compiling"
    taken_over(target, prepared)
    compile_models(settings, target)
    manifest = json.loads((prepared / _MANIFEST).read_bytes())
    lineage_of_models(manifest, target / "compiled", prepared / LINEAGE)
    shutil.rmtree(target)


def compile_models(settings: Settings, target: Path) -> None:
    """Compile the models' SQL, as a build does, into `target`; nothing is built. Raises DbtParseError."""
    words = ["compile", "--no-introspect", "--no-populate-cache"]
    words += ["--select", "resource_type:model", "--exclude", "resource_type:test", "resource_type:unit_test"]
    _ask_dbt(settings, target, "dagster_project.dbt_process", words)


def is_current(target: Path) -> bool:
    """Whether a folder holds a whole manifest, and dbt's own form of it, made from the project's files as they are."""
    stamp, parsed = _read_stamp(target), file_checksum(target / PARSED)
    if stamp is None or stamp.parsed != parsed or not (target / _MANIFEST).exists():
        return False
    return stamp.sources == _sources_checksum() and _is_whole(target / _MANIFEST)


def _parse(settings: Settings, target: Path) -> None:
    # Before dbt reads them: a file that changes meanwhile must be parsed again.
    sources = _sources_checksum()
    _ask_dbt(settings, target, "dbt.cli.main", ["parse"])
    # dbt writes its own again whenever it parses for itself, for a cluster too.
    _put(target / "partial_parse.msgpack", target / PARSED)
    stamp = _Stamp(sources=sources, parsed=file_checksum(target / PARSED) or "")
    write_atomically(target / _STAMP, stamp.model_dump_json())


def _read_stamp(target: Path) -> _Stamp | None:
    try:
        return _Stamp.model_validate_json((target / _STAMP).read_bytes())
    except (FileNotFoundError, ValueError):
        return None


def _ask_dbt(settings: Settings, target: Path, module: str, words: Sequence[str]) -> None:
    command = [sys.executable, "-m", module, "--quiet", *words, "--no-use-colors"]
    command += ["--project-dir", str(DBT_PROJECT_DIR), "--profiles-dir", str(DBT_PROJECT_DIR)]
    done = subprocess.run(  # noqa: S603  fixed words and our own paths, no shell
        command,
        env={**os.environ, **dbt_environment(settings), **_places(target)},
        cwd=DBT_PROJECT_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise DbtParseError("The dbt project does not parse.", (done.stdout + done.stderr).strip()[-2000:])


def _put(source: Path, target: Path) -> None:
    # At once: half of dbt's own form would look like a new one.
    beside = target.with_suffix(".beside")
    shutil.copyfile(source, beside)
    beside.replace(target)


def _is_whole(manifest: Path) -> bool:
    # dbt writes it in place, so one that was killed leaves half of it.
    try:
        json.loads(manifest.read_bytes())
    except ValueError:
        return False
    return True


def _sources_checksum() -> str:
    # With the place of the project: dbt keeps the absolute path of each seed.
    return checksum_of(_sources(), PROJECT_ROOT, str(PROJECT_ROOT), *map(version, _DBT_PACKAGES))


def _sources() -> Iterator[Path]:
    yield from (DBT_PROJECT_DIR / "dbt_project.yml", DBT_PROJECT_DIR / "profiles.yml")
    for root, pattern in _SOURCES:
        yield from (path for path in root.rglob(pattern) if path.is_file())


if __name__ == "__main__":
    prepare()
