"""Makes the open release of a warehouse: offer, withhold county by county, write. The rules are elsewhere."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

import duckdb

from dagster_project.disclosure.adding_up import adding_up
from dagster_project.disclosure.cases import case_relations
from dagster_project.disclosure.figures import Cell, Figures, Pattern, Relation, split
from dagster_project.disclosure.follow_up import follow_up_relations
from dagster_project.disclosure.offering import OfferedTable, attached, columns_of, open_source, read_offered
from dagster_project.disclosure.persons import person_relations, survey_relations
from dagster_project.disclosure.spec import Offer, load_offer
from dagster_project.disclosure.withholding import withhold
from dagster_project.disclosure.writing import write_people, write_plain

MOST_THREADS = 4


@dataclass(frozen=True)
class AreaReport:
    """What was done for one county; `area` is its code, blank for the survey waves.

    `contradictions` names relations that hold by definition and that the indicators break.
    """

    area: str
    offered: int
    shown: int
    withheld: int
    contradictions: tuple[str, ...]
    seconds: float


@dataclass(frozen=True)
class OpenReleaseReport:
    """What the open release offers, counted in cells (counts of persons or cases), and what was left out."""

    threshold: int
    areas: tuple[AreaReport, ...]
    missing_tables: tuple[str, ...]
    seconds: float

    @property
    def offered(self) -> int:
        """Cells offered."""
        return sum(area.offered for area in self.areas)

    @property
    def shown(self) -> int:
        """Cells shown."""
        return sum(area.shown for area in self.areas)

    @property
    def withheld(self) -> int:
        """Cells withheld."""
        return sum(area.withheld for area in self.areas)

    @property
    def contradictions(self) -> tuple[str, ...]:
        """Relations that the indicators break, with the county."""
        return tuple(f"{area.area}: {name}" for area in self.areas for name in area.contradictions)


def build_open_release(
    source: Path | duckdb.DuckDBPyConnection, target: Path, threshold: int = 5, *, threads: int | None = None
) -> OpenReleaseReport:
    """Write the open release of the indicators in `source` to the DuckDB file `target`, replacing it.

    `source` holds the schema `indicators`. A count of persons or cases of 1 … threshold−1 is withheld, and what
    else would give it away; threshold 1 withholds nothing. Source document: the open release, version 1. As many
    counties are decided at a time as there are `threads` (else cores); what is withheld does not depend on them.
    Raises DisclosureError when an indicator table is missing, ValueError for a threshold below 1.
    """
    if threshold < 1:
        raise ValueError("the disclosure threshold is at least 1")
    began, offer = time.perf_counter(), load_offer()
    with open_source(source) as con:
        tables = read_offered(con, offer)
        areas = split(tables)
        # Python's lock is free while HiGHS solves, which is half of the work: threads will do, and end with the run.
        with ThreadPoolExecutor(threads or min(len(os.sched_getaffinity(0)), MOST_THREADS)) as pool:
            done = list(pool.map(_withhold_area, areas, areas.values(), repeat(offer), repeat(threshold)))
        withheld = frozenset[Cell]().union(*(hidden for _, hidden in done))
        missing = _write(con, target, tables, withheld, offer)
    reports = tuple(report for report, _ in done)
    return OpenReleaseReport(threshold, reports, missing, time.perf_counter() - began)


def relations_of(area: str, figures: Figures, offer: Offer) -> Iterator[Relation | Pattern]:
    """Yield every relation between the cells of a county, or of the survey waves (blank area)."""
    if not area:
        yield from survey_relations(figures)
        return
    yield from adding_up(figures, offer)
    yield from case_relations(figures)
    yield from follow_up_relations(figures)
    yield from person_relations(figures)


def _withhold_area(area: str, figures: Figures, offer: Offer, threshold: int) -> tuple[AreaReport, set[Cell]]:
    began = time.perf_counter()
    done = withhold(figures, relations_of(area, figures, offer), offer, threshold)
    hidden = {cell for cell, unknown in done.system.unknown_of.items() if done.withheld[unknown]}
    offered = len(figures.values)
    report = AreaReport(
        area, offered, offered - len(hidden), len(hidden), done.system.broken, time.perf_counter() - began
    )
    return report, hidden


def _write(
    source: duckdb.DuckDBPyConnection,
    target: Path,
    tables: tuple[OfferedTable, ...],
    withheld: frozenset[Cell],
    offer: Offer,
) -> tuple[str, ...]:
    """Write beside the target and replace it at the end, so that no reader meets half a file."""
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    with attached(partial, read_only=False) as con:
        con.execute("create schema open")
        for table in tables:
            write_people(con, table, columns_of(source, table.spec.name), withheld, offer.descriptions)
        missing = write_plain(source, con, offer)
    partial.replace(target)
    return missing
