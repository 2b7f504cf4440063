"""What the command line prints: sentences and tables for people, JSON for machines. No decisions here."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import typer

from dagster_project.quality.outcome import Finding, Outcome
from dagster_project.release.hold import hold_in_force
from dagster_project.release.manifest import read_manifest
from dagster_project.settings import Settings

if TYPE_CHECKING:
    from dagster_project.release.history import Difference
    from dagster_project.running import RunResult


def progress_printer(*, quiet: bool) -> Callable[[str], None]:
    """A printer of progress lines with the seconds since the start; silent where nobody is looking."""
    started = time.monotonic()

    def say(line: str) -> None:
        if not quiet:
            typer.echo(f"[{time.monotonic() - started:5.0f} s] {line}", err=True)

    return say


def print_run(settings: Settings, result: RunResult, *, as_json: bool) -> None:
    """The closing summary of a run."""
    if as_json:
        typer.echo(json.dumps(_run_as_dict(settings, result), ensure_ascii=False, indent=2))
        return
    if result.ending == "refused":
        typer.echo("Refused: nothing was published, what was published before stays in force.", err=True)
        for reason in result.reasons:
            typer.echo("  - " + reason.replace("\n", "\n    "), err=True)
        _print_warned([outcome for outcome in result.outcomes if outcome.warns], err=True)
        return
    if result.held:
        typer.echo(f"Nothing was published. {result.held.sentence}")
    elif result.ending == "nothing_new":
        typer.echo("Nothing new: the published release rests on the same deliveries. Nothing was published.")
    else:
        typer.echo("Published.")
        for reason in result.reasons:
            typer.echo(f"  But afterwards: {reason}", err=True)
        _print_warned([outcome for outcome in result.outcomes if outcome.warns], err=True)
    for label, value in _summary(settings, result):
        typer.echo(f"  {label:<26}{value}")


def _print_warned(warned: Sequence[Outcome], *, err: bool = False) -> None:
    if warned:
        typer.echo("Worth a look (nothing is stopped by it):", err=err)
    for outcome in warned:
        typer.echo("  - " + "\n    ".join(outcome.sentences()), err=err)


def _summary(settings: Settings, result: RunResult) -> list[tuple[str, str]]:
    counts, manifest = result.counts, result.manifest
    lines = [
        ("deliveries in force", str(counts.get("deliveries", 0))),
        ("rows loaded", str(counts.get("rows_loaded", 0))),
        ("rows in quarantine", str(counts.get("rows_quarantined", 0))),
        ("files not recognised", str(counts.get("unrecognised", 0))),
    ]
    if manifest is not None:
        tests = [o for o in manifest.outcomes if o.suite == "dbt"]
        expectations = [o for o in manifest.outcomes if o.suite != "dbt"]
        lines += [
            ("dbt tests passed", f"{sum(o.status == 'passed' for o in tests)} of {len(tests)}"),
            (
                "expectations passed",
                f"{sum(o.status == 'passed' for o in expectations)} of {len(expectations)}",
            ),
            *(("the release lacks", str(entry)) for entry in manifest.without),
            ("release", manifest.version),
            ("where", str(settings.published_link)),
        ]
    return lines


def _run_as_dict(settings: Settings, result: RunResult) -> dict[str, object]:
    return {
        "ending": result.ending,
        "reasons": result.reasons,
        "findings": [
            {"check": outcome.check_id, "level": outcome.level, **finding.model_dump()}
            for outcome in result.outcomes
            for finding in outcome.findings or [Finding(what=outcome.message)]
        ],
        "counts": result.counts,
        "version": result.manifest.version if result.manifest else None,
        "without": [entry.model_dump() for entry in result.manifest.without] if result.manifest else [],
        "published": str(settings.published_link),
        "held": result.held.facts() if result.held else None,
    }


def print_status(settings: Settings, *, as_json: bool) -> None:
    """The published release and the deliveries that it rests on."""
    manifest, hold = read_manifest(settings.published_link), hold_in_force(settings)
    if as_json:
        shown = (
            manifest.model_dump(mode="json") | {"held": hold.facts() if hold else None} if manifest else None
        )
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
        return
    if manifest is None:
        typer.echo(f"Nothing is published under {settings.home} yet. Run `trisam run`.")
        return
    typer.echo(f"Published: {manifest.version}, at {manifest.created_at:%Y-%m-%d %H:%M} UTC")
    typer.echo(f"Where:     {settings.published_link}")
    for entry in manifest.without:
        typer.echo(f"Lacks:     {entry}")
    _print_warned([outcome for outcome in manifest.outcomes if outcome.warns])
    if hold:
        typer.echo(f"Held:      {hold.sentence}")
    typer.echo(f"Deliveries in force ({len(manifest.deliveries)}):")
    for delivery in manifest.deliveries:
        span = f"{delivery.period_start} -- {delivery.period_end}"
        typer.echo(f"  {delivery.delivery_id:<52}{span}  {delivery.rows_loaded:>8} rows")


def print_rows(rows: list[dict[str, Any]], *, as_json: bool, empty: str) -> None:
    """Rows as a plain table with aligned columns, or as JSON."""
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2, default=str))
        return
    if not rows:
        typer.echo(empty)
        return
    names = list(rows[0])
    cells = [[_text(row[name]) for name in names] for row in rows]
    widths = [max(len(names[i]), *(len(line[i]) for line in cells)) for i in range(len(names))]
    for line in [names, ["-" * w for w in widths], *cells]:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _text(value: object) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def print_difference(difference: Difference, *, as_json: bool) -> None:
    """Changed cells and the deliveries that explain them."""
    if as_json:
        typer.echo(difference.model_dump_json(indent=2))
        return
    typer.echo(f"Deliveries that differ from {difference.before} to {difference.after}:")
    print_rows(difference.deliveries, as_json=False, empty="  none")
    typer.echo(f"\nIndicator cells that differ: {len(difference.cells)}")
    print_rows(difference.cells, as_json=False, empty="  none")
