"""What Dagster has done: runs that ended, and ticks of its sensors, as its own storage tells them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import dagster as dg
from dagster._core.scheduler.instigation import InstigatorType

_LOOK_SECONDS = 1
_LONGEST_RUN_SECONDS = 3600
_LONGEST_TICK_SECONDS = 900
_UNFINISHED = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


@dataclass(frozen=True)
class Run:
    """A run that Dagster made: what started it, and whether it succeeded."""

    job: str
    started_by: str
    succeeded: bool


class History:
    """Dagster's storage of a home, looked at while others write it. `alive` raises when a process has ended."""

    def __init__(self, instance: dg.DagsterInstance, alive: Callable[[], None]) -> None:
        self._instance, self._alive = instance, alive
        self._seen: set[str] = set()

    def wait_for_schedule(self, name: str) -> None:
        """Wait until the daemon knows a schedule: what comes due before is nobody's."""

        def is_known() -> bool:
            states = self._instance.all_instigator_state(instigator_type=InstigatorType.SCHEDULE)
            return any(state.instigator_name == name for state in states)

        self._wait(is_known, _LONGEST_TICK_SECONDS, f"the daemon does not know {name}")

    def wait_for_tick(self, sensor: str, since: float) -> None:
        """Wait until a sensor has ticked after a moment of the turned clock (seconds since 1970)."""
        self._wait(lambda: self._last_tick(sensor) > since, _LONGEST_TICK_SECONDS, f"{sensor} has not ticked")

    def wait_for_runs(self) -> list[Run]:
        """Wait until no run is left, and return those that were not looked at before, in their order."""
        self._wait(lambda: not self._unfinished(), _LONGEST_RUN_SECONDS, "a run has not ended")
        found = [run for run in self._instance.get_runs() if run.run_id not in self._seen]
        self._seen |= {run.run_id for run in found}
        return [
            Run(run.job_name, run.tags.get("trisam/started_by", "a person"), run.is_success)
            for run in reversed(found)
        ]

    def wait_for(self, condition: Callable[[], bool], what: str) -> None:
        """Wait until a condition holds."""
        self._wait(condition, _LONGEST_TICK_SECONDS, what)

    def wait_for_job(self, job: str) -> list[Run]:
        """Wait until a run of a job was made and no run is left; returns as `wait_for_runs`."""
        self._wait(lambda: self._is_new(job), _LONGEST_TICK_SECONDS, f"no run of {job} was made")
        return self.wait_for_runs()

    def _is_new(self, job: str) -> bool:
        return any(
            run.run_id not in self._seen for run in self._instance.get_runs(dg.RunsFilter(job_name=job))
        )

    def _unfinished(self) -> int:
        return self._instance.get_runs_count(dg.RunsFilter(statuses=_UNFINISHED))

    def _last_tick(self, sensor: str) -> float:
        states = self._instance.all_instigator_state(instigator_type=InstigatorType.SENSOR)
        ticks = [
            state.instigator_data.last_tick_timestamp or 0.0
            for state in states
            if state.instigator_name == sensor and state.instigator_data
        ]
        return max(ticks, default=0.0)

    def _wait(self, condition: Callable[[], bool], longest: float, otherwise: str) -> None:
        deadline = time.monotonic() + longest
        while not condition():
            self._alive()
            if time.monotonic() > deadline:
                raise RuntimeError(f"Waited {longest} s: {otherwise}.")
            time.sleep(_LOOK_SECONDS)
