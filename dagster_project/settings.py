"""Where the house stands and how strict it is: one typed object, read once from `TRISAM_*` variables.

Belongs here: paths, limits and switches that a person who runs the warehouse may change. Does not belong
here: rules of the field (those are the contract and the reference data).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from dagster_project.errors import TrisamError
from dagster_project.home_version import refuse_newer

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DBT_PROJECT_DIR = PROJECT_ROOT / "dbt_project"
EXPECTATIONS_DIR = PROJECT_ROOT / "expectations"

_LEAST_MEMORY = 13 * 10**8
_LARGE_WORK = 15 * 10**8
_MODELS_AT_ONCE = 4
SmtpSecurity = Literal["none", "starttls", "tls"]
ReconcileMode = Literal["report", "enforce"]
Engine = Literal["duckdb", "spark"]


class SettingsError(TrisamError):
    """A setting does not parse."""


class Settings(BaseSettings):
    """Everything a run needs to know about its surroundings."""

    model_config = SettingsConfigDict(env_prefix="TRISAM_", frozen=True, extra="ignore")

    inbox: Path = Field(default=PROJECT_ROOT / "seeds" / "extracts", description="Folder of the parties.")
    home: Path = Field(default=PROJECT_ROOT / "data", description="Where work and releases lie.")
    pseudonym_key: SecretStr | None = Field(
        default=None, description="Key of the pseudonyms; without it a key file under home is made and used."
    )
    reconcile: ReconcileMode = Field(
        default="report", description="Whether a missed published figure stops publication."
    )
    disclosure_threshold: int = Field(default=5, ge=1, description="Counts of 1 to k-1 are withheld.")
    keep_releases: int = Field(default=5, ge=1, description="Releases that are kept.")
    forget_removes_old_releases: bool = Field(
        default=True,
        description="Whether erasure of a person removes the releases that still hold the person.",
    )
    dagster_folder: Path | None = Field(
        default=None, description="Dagster's configuration and storage; HOME/dagster when not set."
    )
    memory_limit: str = Field(
        default="", description="DuckDB memory limit, as '4GB'; blank: see working_memory."
    )
    dbt_threads: int | None = Field(
        default=None, ge=1, description="Models that dbt builds at once; blank: see models_at_once."
    )
    engine: Engine = Field(
        default="duckdb", description="Where the models are built: 'duckdb' here, 'spark' on a cluster."
    )
    spark_host: str = Field(default="", description="Thrift server of the cluster.")
    spark_port: int = Field(default=10_000, ge=1, le=65535, description="Its port.")
    spark_user: str = Field(default="trisam", min_length=1, description="User at the Thrift server.")
    spark_folder: str = Field(
        default="", description="Folder or object store that this machine and the workers see."
    )
    spark_schema: str = Field(
        default="trisam", pattern=r"^[a-z][a-z0-9_]*$", description="Prefix of the schemas on the cluster."
    )
    smtp_host: str = Field(default="", description="Mail server of the notices; blank: none are mailed.")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Its port.")
    smtp_security: SmtpSecurity = Field(default="starttls", description="How the way to it is protected.")
    smtp_user: str = Field(default="", description="User at the mail server; blank: no login.")
    smtp_password: SecretStr | None = Field(default=None, description="Password at the mail server.")
    notice_from: str = Field(default="", description="Sender of the notices.")
    notice_to: str = Field(default="", description="Receivers of the notices, separated by commas.")
    webhook_url: SecretStr | None = Field(
        default=None, description="Where notices are posted as JSON; often holds a secret of its own."
    )
    ui_url: str = Field(default="", description="Address of the Dagster UI, for links in notices.")
    automation: bool = Field(
        default=False, description="Whether sensors and schedules run as soon as Dagster does."
    )
    max_unfolded_mb: int = Field(default=20_000, ge=1, description="Largest unfolded size of one delivery.")

    @property
    def work_dir(self) -> Path:
        """The folder of everything that is not yet published; mode 0700."""
        return self.home / "work"

    @property
    def work_db(self) -> Path:
        """The database that ingestion and dbt write; nobody else opens it."""
        return self.work_dir / "warehouse.duckdb"

    @property
    def outgoing_db(self) -> Path:
        """The database of marts and indicators, as dbt builds them; that of a release is a copy of it."""
        return self.work_dir / "outgoing.duckdb"

    @property
    def working_memory(self) -> str:
        """What DuckDB may hold in memory while it builds and copies; more goes to disk.

        As it is set; else twice the size of the work files, from 1.3 GB to a quarter of the machine's memory: what is
        kept outside DuckDB's limit, and the pages of its files that the system keeps, need as much again. Files are
        compressed to a fourth; with their size alone, one table of persons spilt five gigabytes and took twice as long.
        """
        if self.memory_limit:
            return self.memory_limit
        quarter = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 4
        return f"{max(_LEAST_MEMORY, min(2 * self._work_size, quarter)) // 10**6}MB"

    @property
    def models_at_once(self) -> int:
        """How many models dbt builds at a time.

        As it is set; else four, or one where the work file is large: DuckDB has every core at work on one large model,
        and four of them together run out of the memory that each would make do with.
        """
        if self.dbt_threads:
            return self.dbt_threads
        return 1 if self.engine == "duckdb" and self._work_size > _LARGE_WORK else _MODELS_AT_ONCE

    @property
    def _work_size(self) -> int:
        return sum(path.stat().st_size for path in (self.work_db, self.outgoing_db) if path.exists())

    @property
    def releases_dir(self) -> Path:
        """The folder of releases, one folder each."""
        return self.home / "releases"

    @property
    def published_link(self) -> Path:
        """The link that readers follow."""
        return self.home / "published"

    @property
    def key_file(self) -> Path:
        """The pseudonym key that the first run makes where none is given; mode 0600."""
        return self.home / "pseudonym.key"

    @property
    def blocked_file(self) -> Path:
        """Pseudonyms of persons who must not be loaded again; mode 0600."""
        return self.home / "blocked_persons.txt"

    @property
    def erasure_requests_file(self) -> Path:
        """Pseudonyms of persons who wait to be erased; mode 0600."""
        return self.work_dir / "erasure_requested.txt"

    @property
    def dbt_target_dir(self) -> Path:
        """Where dbt leaves its manifest and results."""
        return self.work_dir / "dbt"

    @property
    def dagster_home(self) -> Path:
        """Dagster's own configuration, and its storage of runs and events where no database keeps them."""
        return self.dagster_folder or self.home / "dagster"


def load_settings(inbox: Path | None = None, home: Path | None = None, **overrides: object) -> Settings:
    """Read the environment, let explicit arguments win, and make every path absolute.

    Raises SettingsError, which names the variable and never its value, and NewerHomeError for a home that only newer
    code knows: every command and service comes through here before it reads or writes one.
    """
    given: dict[str, object] = {k: v for k, v in overrides.items() if v is not None}
    if inbox is not None:
        given["inbox"] = inbox
    if home is not None:
        given["home"] = home
    try:
        settings = Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        # pydantic's message repeats the value given, which may be a key; the names are enough.
        names = ", ".join("TRISAM_" + str(e["loc"][0]).upper() for e in error.errors())
        raise SettingsError(
            f"Settings that do not parse: {names}.", "See docs/operations.md, Settings."
        ) from None
    settings = settings.model_copy(
        update={"inbox": settings.inbox.absolute(), "home": settings.home.absolute()}
    )
    refuse_newer(settings.home)
    return settings
