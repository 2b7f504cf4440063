"""The warehouse as a resource of the jobs: its settings and its lock.

The lock is a resource because a run initialises its resources once, before the first step, and lets go of them
after the last: so it spans the run, whoever started it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg
from pydantic import Field

from dagster_project import work_file
from dagster_project.dbt_artifacts import dbt_environment, ensure_manifest
from dagster_project.engine import readiness
from dagster_project.errors import TrisamError
from dagster_project.keys import prepare_work
from dagster_project.quality.acceptance import Acceptance, current_acceptances, refuse_unknown
from dagster_project.release.candidate import expectation_ids
from dagster_project.release.switch import current_version
from dagster_project.run_lock import run_lock
from dagster_project.settings import EXPECTATIONS_DIR, Settings, load_settings


class Warehouse(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The settings of a run and, while it lasts, the only place at the pen.

    `wait_for_lock`: a run started in the UI waits for the one before; the command line answers at once.
    """

    reconcile: str | None = Field(
        default=None, description="'report' or 'enforce'; blank: as the settings say."
    )
    engine: str | None = Field(default=None, description="'duckdb' or 'spark'; blank: as the settings say.")
    wait_for_lock: bool = True
    rebuild: bool = Field(default=False, description="Build the work file anew from the inbox.")
    accept: list[str] = Field(
        default=[],
        description="Reviewed failures, each as CHECK=PARTY/DATASET_PERIOD or CHECK=INDICATOR_PERIOD.",
    )
    accepted_by: str = Field(default="", description="Who reviewed them.")
    accepted_why: str = Field(default="", description="Why they are right.")

    @property
    def settings(self) -> Settings:
        """The settings of this run; a job's configuration wins over the environment."""
        return load_settings(reconcile=self.reconcile, engine=self.engine)

    def acceptances(self) -> list[Acceptance]:
        """Acceptances in force: the current ones under version control, and those of this run.

        Raises TrisamError when one names no expectation, or is given without who and why.
        """
        if self.accept and not (self.accepted_by and self.accepted_why):
            raise TrisamError("An acceptance says who looked and why.", "Give --why beside --accept.")
        own = [Acceptance.parse(text, self.accepted_by, self.accepted_why) for text in self.accept]
        published = current_version(self.settings.published_link)
        accepted = [*current_acceptances(EXPECTATIONS_DIR / "accepted.yml", published), *own]
        refuse_unknown(accepted, expectation_ids())
        return accepted

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Warehouse"]:
        """Hold the lock from the first step to the last."""
        settings = self.settings
        prepare_work(settings)
        # Whoever started the process: dbt finds the work file by its environment, and would else make one of its own.
        os.environ.update(dbt_environment(settings))
        with run_lock(settings.work_dir, wait=self.wait_for_lock):
            if self.wait_for_lock:
                # The command line has done so before it came here.
                work_file.ready(settings, lambda line: None, rebuild=self.rebuild)
                # A rebuild has removed what was parsed when this code location was loaded.
                ensure_manifest(settings)
                if settings.engine == "spark":
                    readiness.refuse_unready(settings)
            yield self
