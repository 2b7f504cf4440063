"""The parts of each area: what the report puts in when a reader chooses it, a script of its own each.

Nine tenths of a country's report. A part of the release before is taken over where all that it shows is the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from dagster_project.report.exhibits import depends_on
from dagster_project.report.overview import Overview, offered_periods
from dagster_project.report.rendering import fragments_script, write_text
from dagster_project.report.shares import WHOLE, Share
from dagster_project.report.source import Area, Period
from dagster_project.report.standing import NOTHING_BEFORE, Before, headed


def write_areas(
    folder: Path, overview: Overview, share: Share = WHOLE, before: Before = NOTHING_BEFORE
) -> list[Path]:
    """Write the parts of every area, or of a share of them, into the assets of a report; returns the files."""
    source = overview.source
    if source.default_period is None:
        return []
    periods = offered_periods(overview)
    common = _common(overview, periods, before.code)
    return [
        _write(folder, overview, area, periods, before, _made_from(overview, area, common))
        for area in share.part(source.areas)
    ]


def _write(
    folder: Path, overview: Overview, area: Area, periods: Sequence[Period], before: Before, made_from: str
) -> Path:
    relative = f"assets/omrade-{area.code}.js"
    text = before.part(f"{folder.name}/{relative}", made_from)
    if text is None:
        text = headed(made_from, fragments_script(area.code, overview.of_area(area, periods)))
    return write_text(folder / relative, text)


def _common(overview: Overview, periods: Sequence[Period], code: str) -> bytes:
    """What the parts of all areas are laid out from."""
    told = [
        code,
        overview.edition.open_release,
        [(period.key, period.label) for period in periods],
        overview.reference.lists,
    ]
    return json.dumps(told, ensure_ascii=False).encode()


def _made_from(overview: Overview, area: Area, common: bytes) -> str:
    """A hash (32 hex digits) of all that the parts of an area are laid out from."""
    digest = hashlib.sha256(common)
    digest.update(json.dumps([area.level, area.code, area.name, area.code in overview.charted]).encode())
    for table in sorted(_indicators(overview)):
        digest.update(overview.source.content(table, area))
    return digest.hexdigest()[:32]


def _indicators(overview: Overview) -> set[str]:
    """The indicators of which an area shows rows."""
    exhibits = {e.indicator for e in overview.exhibits if depends_on(e.table) in {"place", "area"}}
    layout = overview.layout
    headlines = [*layout.headlines, *(h for chapter in layout.chapters for h in chapter.headlines)]
    return exhibits | {headline.indicator for headline in headlines}
