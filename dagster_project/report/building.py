"""Building the reports of a release: which pages are written where. The pages themselves are made elsewhere."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from dagster_project.report.areas import write_areas
from dagster_project.report.final_report import reporters, write_final_reports
from dagster_project.report.layout import load_layout
from dagster_project.report.overview import Edition, Overview, write_overview
from dagster_project.report.quarterly import quarters, write_quarterly_reports
from dagster_project.report.reference import load_reference
from dagster_project.report.shares import Share, written_in_shares
from dagster_project.report.source import Source
from dagster_project.report.standing import NOTHING_BEFORE, Before


def build_report(
    release_db: Path,
    target: Path,
    *,
    open_db: Path | None = None,
    processes: int = 1,
    before: Before = NOTHING_BEFORE,
) -> list[Path]:
    """Write the report of a release into `target/report`, and return the files written.

    `index.html`, `kvartal/YYYYQn.html`, `slutrapport/CODE.html` and `assets/`. With `open_db`, the open
    report too (see `build_open_report`). What areas show is taken over from the release `before` where it stands.
    Raises `duckdb.IOException` when a database is not there.
    """
    write = partial(_write_reports, open_db=open_db, before=before)
    return written_in_shares(write, release_db, target, processes)


def build_open_report(open_db: Path, target: Path, *, processes: int = 1) -> list[Path]:
    """Write the report of an open release into `target/report-open`, and return the files written.

    Withheld values stand as `..`; teams, quarters, final reports and statements are not in it.
    """
    write = partial(_write_open_report, before=NOTHING_BEFORE)
    return written_in_shares(write, open_db, target, processes)


def _write_reports(
    release_db: Path, target: Path, share: Share, *, open_db: Path | None, before: Before
) -> list[Path]:
    """Both reports by the same processes: they begin once, and a chart that both have is drawn once."""
    written = _write_report(release_db, target, share, before)
    return written + (_write_open_report(open_db, target, share, before) if open_db else [])


def _write_report(release_db: Path, target: Path, share: Share, before: Before) -> list[Path]:
    layout, reference = load_layout(), load_reference()
    folder = target / "report"
    with Source(release_db, reference, by_team=layout.by_team()) as source:
        named = reference.extended(layout.labels)
        edition = Edition(
            final_reports=reporters(source, named),
            quarters=[(p.code, p.label) for p in quarters(source)],
        )
        overview = Overview(source, layout, reference, edition)
        written = write_areas(folder, overview, share, before)
        written += write_overview(folder, overview) if share.is_first else []
        written += write_quarterly_reports(folder, overview, share)
        return written + write_final_reports(folder, overview, share)


def _write_open_report(open_db: Path, target: Path, share: Share, before: Before) -> list[Path]:
    layout, reference = load_layout(), load_reference()
    folder = target / "report-open"
    with Source(open_db, reference, "open") as source:
        overview = Overview(source, layout, reference, Edition(open_release=True))
        written = write_areas(folder, overview, share, before)
        return written + (write_overview(folder, overview) if share.is_first else [])
