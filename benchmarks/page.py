"""`docs/performance.md`: the results that are kept, beside the goals. Every figure on it comes from `results/`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks import charts
from benchmarks.goals import Judged, judge, read_goals
from benchmarks.results import Result
from benchmarks.runs import BARE, CHANGED, FIRST, NOTHING_NEW, PANDAS, SAMPLE

TITLES = {
    FIRST: "pipeline, first run",
    CHANGED: "pipeline, one changed delivery",
    NOTHING_NEW: "pipeline, nothing new",
    BARE: "bare DuckDB",
    PANDAS: "pandas",
}
TEXT = Path(__file__).with_name("page.md")
NOTES = Path(__file__).with_name("notes.md")
STEP_SHOWN_FROM = 0.005  # of the whole


def write_page(results: Sequence[Result], docs: Path) -> Path:
    """Write the page and its two charts to a folder; returns the page."""
    plain = [result for result in results if not result.label]
    charts.draw(plain, TITLES, "wall_seconds", "Seconds", docs / "performance-time.svg")
    charts.draw(plain, TITLES, "peak_gigabytes", "Peak memory, GB", docs / "performance-memory.svg")
    page = docs / "performance.md"
    page.write_text(render(results), encoding="utf-8")
    return page


def render(results: Sequence[Result]) -> str:
    """The page of some results, as Markdown."""
    return TEXT.read_text(encoding="utf-8").format(
        goals=_goals([judge(goal, results) for goal in read_goals()]),
        notes=NOTES.read_text(encoding="utf-8").strip(),
        sizes=_sizes(results),
        figures=_figures(results),
        steps=_steps(results),
        answers=_answers(results),
        machines=_machines(results),
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], text_columns: int = 1) -> str:
    marks = ["---"] * text_columns + ["---:"] * (len(head) - text_columns)
    lines = [head, marks, *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _goals(judged: Sequence[Judged]) -> str:
    def row(one: Judged) -> tuple[str, ...]:
        goal = one.goal
        limit = f"≤ {goal.at_most:g}" if goal.at_most is not None else "ends"
        limit = f"≥ {goal.at_least:g}" if goal.at_least is not None else limit
        value = "" if one.value is None else f"{one.value:,.2f} {goal.unit}"
        return goal.title, limit, value, one.verdict

    return _table(("goal", "limit", "measured", ""), map(row, judged))


def _name(result: Result) -> str:
    return f"{result.cases:,}" + (f" ({result.label})" if result.label else "")


def _sizes(results: Sequence[Result]) -> str:
    head = ("new cases", "municipalities", "files", "GB", "seconds to make it")
    rows = (
        (
            _name(result),
            str(result.municipalities),
            f"{result.files:,}",
            f"{result.inbox_bytes / 1e9:.2f}",
            f"{result.inbox_seconds:,.0f}",
        )
        for result in results
    )
    return _table(head, rows)


def _figures(results: Sequence[Result]) -> str:
    rows = [
        (
            _name(result),
            title,
            f"{result.median(contender, 'wall_seconds'):,.1f}",
            f"{result.median(contender, 'inner_seconds'):,.1f}",
            f"{result.median(contender, 'cpu_seconds'):,.1f}",
            f"{result.median(contender, 'peak_gigabytes'):.2f}",
            str(result.repetitions(contender)),
        )
        for result in results
        for contender, title in {**TITLES, SAMPLE: "pipeline, the sample"}.items()
        if result.repetitions(contender)
    ]
    head = ("new cases", "what", "seconds", "without start-up", "processor seconds", "peak GB", "runs")
    return _table(head, rows, text_columns=2)


def _steps(results: Sequence[Result]) -> str:
    return "\n\n".join(
        f"{TITLES[contender].capitalize()}, seconds:\n\n{_step_table(results, contender)}"
        for contender in (FIRST, CHANGED)
    )


def _step_table(results: Sequence[Result], contender: str) -> str:
    measured = [result for result in results if result.median_steps(contender)]
    columns = [_accounted(result, contender) for result in measured]
    names = dict.fromkeys(name for steps in columns for name in steps)
    shown = [
        name
        for name in names
        if any(steps.get(name, 0.0) >= STEP_SHOWN_FROM * sum(steps.values()) for steps in columns)
    ]
    rows = [(name, *(f"{steps.get(name, 0.0):,.1f}" for steps in columns)) for name in shown]
    return _table(("step", *map(_name, measured)), rows)


def _accounted(result: Result, contender: str) -> dict[str, float]:
    """The steps, and what of the whole no line of progress accounts for."""
    steps = result.median_steps(contender)
    whole = result.median(contender, "wall_seconds") or 0.0
    return {**steps, "(not told by progress)": max(0.0, whole - sum(steps.values()))}


def _answers(results: Sequence[Result]) -> str:
    rows = [
        (_name(result), found.what, str(found.tables), f"{found.rows:,}", f"{found.differing_rows:,}")
        for result in results
        for found in result.comparisons
    ]
    return _table(("new cases", "compared", "tables", "rows", "rows that differ"), rows, text_columns=2)


def _machines(results: Sequence[Result]) -> str:
    rows = []
    for result in results:
        machine = result.machine
        packages = ", ".join(f"{name} {number}" for name, number in machine.packages.items())
        settings = ", ".join(f"{name}={value}" for name, value in machine.settings.items()) or "as they come"
        rows.append(
            (
                _name(result),
                result.measured_on,
                f"{machine.cores} cores, {machine.memory_bytes / 1e9:.0f} GB, Python {machine.python}",
                packages,
                settings,
                f"{machine.load_before:g}",
            )
        )
    head = ("new cases", "measured on", "machine", "packages", "settings", "load before")
    return _table(head, rows, text_columns=6)
