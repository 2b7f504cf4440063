"""Lets the days pass: turns the clock, delivers, waits until Dagster has done what it does, and looks at what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from datetime import time as hour

from dagster_project.automation.calendar import load_report_days
from dagster_project.release.manifest import Manifest, read_manifest
from dagster_project.settings import Settings
from tests.years_dagster.clock import Clock
from tests.years_dagster.history import History, Run
from tests.years_dagster.lateness import Expected, Late, late_of
from tests.years_dagster.services import Services
from tests.years_dagster.steps import Step

MORNING, DELIVERED = hour(6, 0, 5), hour(9, 0)
_TICK_SECONDS = 61
"""More than between two ticks of the inbox sensor, or of the notice of failed runs."""
Notice = dict[str, object]


@dataclass
class Outcome:
    """What came of a step. `faults` are sentences; none where all was as it must be."""

    step: Step
    runs: list[Run] = field(default_factory=list)
    published: str = ""
    told_late: Late = frozenset()
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0


class Driver:
    """Drives one home through steps; `notices` is the growing list of what the webhook of the home was sent."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        services: Services,
        history: History,
        notices: Sequence[Notice],
        say: Callable[[str], None],
    ) -> None:
        self._settings, self._clock, self._services = settings, clock, services
        self._history, self._notices, self._say = history, notices, say
        self._expected = Expected()
        self._last_day: date | None = None
        self._expected_late: Late = frozenset()
        self._waits_for_mending = False

    def start(self) -> None:
        """Wait until the services do their work."""
        self._history.wait_for_schedule("every_morning")
        self._history.wait_for_tick("inbox_sensor", 0)

    def pass_day(self, step: Step) -> Outcome:
        """One day: the morning, the deliveries, what a person does about a refusal."""
        started, told = time.monotonic(), len(self._notices)
        outcome = Outcome(step)
        self._morning(outcome)
        if step.erased:
            self._erase(outcome)
        if step.files:
            self._deliver(outcome)
        outcome.told_late = self._told_late(told)
        expected = self._expected_late
        if wrong := sorted(outcome.told_late - expected):
            outcome.faults.append(f"told to be late and is not: {' '.join(wrong[0])}, {len(wrong)} in all")
        if missing := sorted(expected - outcome.told_late):
            outcome.faults.append(f"not told to be late: {' '.join(missing[0])}, {len(missing)} in all")
        self._expected.arrived(name for name in step.files if name not in step.broken)
        outcome.published = self._version()
        outcome.seconds = time.monotonic() - started
        self._last_day = step.day
        self._waits_for_mending = bool(step.broken) or (self._waits_for_mending and not step.files)
        return outcome

    def _morning(self, outcome: Outcome) -> None:
        """What the schedules and the notices of a morning do; what they left out since the last day, Dagster makes up."""
        day = outcome.step.day
        self._turn(day, MORNING)
        outcome.runs += self._history.wait_for_job("watch_deliveries")
        # Nobody is told before there is a warehouse; a report day makes one, though it finds nothing in the inbox.
        has_warehouse = self._settings.work_db.exists()
        self._expected_late = self._expected.newly_late(day) if has_warehouse else frozenset()
        # Not while a run writes the work file: then it looks an hour later.
        since = self._clock.now().timestamp()
        self._clock.advance(hours=1)
        self._history.wait_for_tick("notice_of_late_deliveries", since)
        outcome.runs += self._history.wait_for_runs()
        # A broken file that was left out is taken in again, and refused again, until it is mended.
        found = {run.started_by for run in outcome.runs if run.succeeded or self._waits_for_mending}
        wanted = {"every_morning", *_reports_between(self._last_day, day)}
        if missing := wanted - found:
            outcome.faults.append(f"did not run, or failed: {', '.join(sorted(missing))}")

    def _deliver(self, outcome: Outcome) -> None:
        step, before, told = outcome.step, self._version(), len(self._notices)
        self._turn(step.day, DELIVERED)
        self._say(f"{len(step.files)} files arrive")
        self._put(step)
        # The sensor starts a run when two ticks have seen the same files.
        for _ in range(2):
            since = self._clock.now().timestamp()
            self._clock.advance(seconds=_TICK_SECONDS)
            self._history.wait_for_tick("inbox_sensor", since)
        runs = self._history.wait_for_runs()
        outcome.runs += runs
        if not any(run.started_by == "inbox" for run in runs):
            outcome.faults.append("the inbox sensor started no run")
        has_changed = self._version() != before
        if has_changed != (step.ending == "published"):
            outcome.faults.append(f"must end {step.ending}; published is {self._version() or 'nothing'}")
        if step.ending == "refused" and not outcome.faults:
            outcome.faults += self._judge_notice(step, told)
            outcome.faults += self._leave_out(outcome)

    def _put(self, step: Step) -> None:
        for name, content in step.files.items():
            path = self._settings.inbox / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def _judge_notice(self, step: Step, told: int) -> Iterator[str]:
        """Whether the notice of the failed run names what was refused."""
        self._clock.advance(seconds=_TICK_SECONDS)
        self._history.wait_for(lambda: bool(self._kind("run_failed", told)), "no notice of the failed run")
        text = str(self._kind("run_failed", told)[-1]["text"])
        if missing := [name for name in step.broken if name not in text]:
            yield f"the notice does not name {', '.join(missing)}"

    def _leave_out(self, outcome: Outcome) -> Iterator[str]:
        """What a person does: the others are published without what is broken, and the release says so."""
        names, before = list(outcome.step.broken), self._version()
        self._say(f"left out: {', '.join(names)}")
        config = {"without": names, "without_by": "A. Andersson", "without_why": "the party mends it"}
        self._services.launch("publish_release", {"ops": {"ingest_deliveries": {"config": config}}})
        outcome.runs += self._history.wait_for_job("publish_release")
        now = self._published()
        if now is None or now.version == before:
            yield f"the others were not published without {', '.join(names)}"
        elif [entry.delivery for entry in now.without] != names:
            yield f"the release says that it lacks {[str(entry) for entry in now.without]}"

    def _erase(self, outcome: Outcome) -> None:
        self._services.ask("trisam", "forget", "--later", said="\n".join(outcome.step.erased))
        self._services.launch("forget", {})
        runs = self._history.wait_for_job("forget")
        outcome.runs += runs
        if not all(run.succeeded for run in runs if run.job == "forget"):
            outcome.faults.append("the job forget has failed")

    def _turn(self, day: date, to: hour) -> None:
        self._clock.set(datetime.combine(day, to))
        self._say(f"{self._clock.now():%Y-%m-%d %H:%M}")

    def _told_late(self, told: int) -> Late:
        notices = self._kind("delivery_late", told)
        return frozenset(one for notice in notices for one in late_of(notice))

    def _kind(self, kind: str, told: int) -> list[Notice]:
        return [notice for notice in self._notices[told:] if notice["kind"] == kind]

    def _published(self) -> Manifest | None:
        return read_manifest(self._settings.published_link)

    def _version(self) -> str:
        published = self._published()
        return published.version if published else ""


def _reports_between(last: date | None, day: date) -> set[str]:
    """The reports whose days came after the last look, up to a day."""
    if last is None:
        return set()
    years = range(last.year, day.year + 1)
    return {
        r.report for r in load_report_days() for year in years if last < date(year, r.month, r.day) <= day
    }
