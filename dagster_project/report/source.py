"""Reading a release: indicator tables as rows, and the areas and periods that they speak of.

Only SQL reads of whole tables happen here; nothing is computed and nothing is worded. A table that a release
lacks reads as empty, so that a report of a bare warehouse still renders. Tables with a row per place are kept as
columns and become rows when a place is asked for: all of them as rows would take gigabytes for a whole country.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from types import TracebackType

import duckdb

from dagster_project.report import formats
from dagster_project.report.placed import ByPeriod, Placed, Row, read_placed
from dagster_project.report.reference import Reference

PERIOD_TYPES = ("year", "half_year", "quarter", "reporting")

_COUNTY_DIGITS = 2
_PLACED = ("case_volume", "question", "team_coverage", "meeting", "lead_time", "target_group")
_KEPT = 2  # tables of what lies in an area: a page goes table by table, a quarter has two


@dataclass(frozen=True)
class Period:
    """A period that facts are counted in."""

    type: str
    code: str
    label: str

    @property
    def key(self) -> str:
        """Unique among all periods: a named period may bear the code of a calendar one."""
        return f"r-{self.code}" if self.type == "reporting" else self.code

    @property
    def words(self) -> str:
        """The period as it stands within a sentence: `kvartal 3 2021`."""
        return self.label if self.type == "reporting" else formats.period_text(self.code)


@dataclass(frozen=True)
class Area:
    """A county, municipality or team; `parent` is the code of the area that holds it."""

    level: str
    code: str
    name: str
    parent: str | None = None


class Source:
    """One database file of a release, opened read only.

    `schema` holds the indicator tables (`indicators`, or `open` in the open release). Rows of teams, three of four
    in a whole country, are read of the tables `by_team` alone. Raises `duckdb.IOException` when the file is not
    there.
    """

    def __init__(
        self,
        database: Path,
        reference: Reference,
        schema: str = "indicators",
        *,
        by_team: Collection[str] = (),
    ) -> None:
        self.reference = reference
        self.schema = schema
        self._by_team = by_team
        self._con = duckdb.connect(str(database), read_only=True)
        # Else DuckDB draws its bar into whatever the run prints, as soon as a statement takes two seconds.
        self._con.execute("set enable_progress_bar = false")
        self._tables: dict[tuple[str, str], list[dict[str, object]]] = {}
        self._placed: dict[str, Placed] = {}
        self._rows_inside = lru_cache(maxsize=_KEPT)(self._read_inside)

    def __enter__(self) -> Source:
        """The source itself; leaving the block closes the file."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._con.close()

    @cached_property
    def _names(self) -> set[tuple[str, str]]:
        rows = self._con.execute(
            "select table_schema, table_name from information_schema.tables "
            "where table_catalog = current_database()"
        ).fetchall()
        return {(schema, name) for schema, name in rows}

    def rows(self, table: str, schema: str | None = None) -> list[dict[str, object]]:
        """Every row of a table in a fixed order; empty where there is no such table."""
        key = (schema or self.schema, table)
        if key not in self._tables:
            self._tables[key] = self._read(*key) if key in self._names else []
        return self._tables[key]

    def _read(self, schema: str, table: str) -> list[dict[str, object]]:
        cursor = self._con.execute(f'select * from "{schema}"."{table}" order by all')
        columns = [column[0] for column in cursor.description or []]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]

    def at(self, table: str, period: Period, area: Area) -> Sequence[Row]:
        """The rows of a table for one period and area."""
        return self._by_place(table).of(area.code).get((period.type, period.code), ())

    def in_period(self, table: str, period: Period) -> Sequence[Row]:
        """The rows of a table without areas for one period."""
        return self._by_place(table).of("").get((period.type, period.code), ())

    def inside_at(self, table: str, period: Period, area: Area, level: str) -> Sequence[Row]:
        """The rows of the municipalities or teams in an area for one period, each with its municipality."""
        return self._rows_inside(table, area, level).get((period.type, period.code), ())

    def _read_inside(self, table: str, area: Area, level: str) -> ByPeriod:
        inside = self.inside(area, level)
        municipality = {inner.code: inner.parent if level == "team" else inner.code for inner in inside}
        found = self._by_place(table).read(*municipality)
        for row in (row for rows in found.values() for row in rows):
            row["municipality_code"] = municipality[str(row["area_code"])]
        return found

    def content(self, table: str, area: Area) -> bytes:
        """What tells all that `at` and `inside_at` give of an area, whatever the period, from anything else."""
        inside = [inner for level in ("municipality", "team") for inner in self.inside(area, level)]
        placed = self._by_place(table)
        told = repr([(inner.level, inner.code, inner.name, inner.parent) for inner in inside]).encode()
        # The area by itself: a municipality's rows may be missing among those inside it, and these in it.
        return b"".join((told, placed.content(area.code), placed.content(*(inner.code for inner in inside))))

    def _by_place(self, table: str) -> Placed:
        if table not in self._placed:
            known = (self.schema, table) in self._names
            left_out = () if table in self._by_team else ("team",)
            self._placed[table] = read_placed(self._con, self.schema, table, left_out) if known else Placed()
        return self._placed[table]

    @cached_property
    def periods(self) -> list[Period]:
        """Every period that a table of cases, meetings or plans has, by type and then by time."""
        found = {period for table in _PLACED for period in self._by_place(table).periods}
        listed = [
            Period(kind, code, self._period_label(kind, code))
            for kind, code in sorted(found)
            if kind in PERIOD_TYPES
        ]
        return sorted(listed, key=lambda p: (PERIOD_TYPES.index(p.type), self._period_rank(p), p.code))

    def _period_rank(self, period: Period) -> int:
        ordered = list(self.reference.lists.get("reporting_period", {}))
        return ordered.index(period.code) if period.code in ordered else len(ordered)

    def _period_label(self, kind: str, code: str) -> str:
        if kind == "reporting":
            return self.reference.label("reporting_period", code)
        return formats.sentence(formats.period_text(code))

    @cached_property
    def areas(self) -> list[Area]:
        """The counties and their municipalities, largest county first, municipalities by Swedish name."""
        size = self._sizes
        counties = sorted(self._codes("county"), key=lambda code: (-size.get(code, 0), code))
        municipalities = sorted(
            self._codes("municipality"), key=lambda code: formats.swedish_order(self._area_name(code))
        )
        listed = [Area("county", code, self._area_name(code)) for code in counties]
        return listed + [
            Area("municipality", code, self._area_name(code), code[:_COUNTY_DIGITS])
            for code in municipalities
        ]

    def _codes(self, level: str) -> set[str]:
        return {code for table in _PLACED for code in self._by_place(table).areas.get(level, ())}

    @cached_property
    def _sizes(self) -> dict[str, int]:
        size: dict[str, int] = defaultdict(int)
        volume = self._by_place("case_volume")
        for code in self._codes("county") | self._codes("municipality"):
            for (kind, _), rows in volume.read(code).items():
                counts = [row["total_count"] for row in rows] if kind == "year" else []
                size[code] += sum(count for count in counts if isinstance(count, int))
        return size

    def largest_areas(self, number: int) -> set[str]:
        """The codes of the areas with most consultations, at most so many."""
        size = self._sizes
        codes = sorted((area.code for area in self.areas), key=lambda code: (-size.get(code, 0), code))
        return set(codes[:number])

    def _area_name(self, code: str) -> str:
        return self.reference.label("area", code)

    @cached_property
    def teams(self) -> list[Area]:
        """The teams with their municipality, by Swedish name."""
        listed = [
            Area("team", str(row["team_id"]), str(row["unit_name"]), str(row["municipality_code"]))
            for row in self.rows("dim_team", "marts")
        ]
        return sorted(listed, key=lambda team: formats.swedish_order(team.name))

    def inside(self, area: Area, level: str) -> list[Area]:
        """The municipalities or teams that lie in an area; the municipality itself where it is asked for."""
        return self._inside[level].get(area.code, [])

    @cached_property
    def _inside(self) -> dict[str, dict[str, list[Area]]]:
        found: dict[str, dict[str, list[Area]]] = {
            "team": defaultdict(list),
            "municipality": defaultdict(list),
        }
        for inner in (*self.teams, *(a for a in self.areas if a.level == "municipality")):
            own = inner.code if inner.level == "municipality" else inner.parent or ""
            for holder in dict.fromkeys((own, own[:_COUNTY_DIGITS])):
                found[inner.level][holder].append(inner)
        return found

    @cached_property
    def default_period(self) -> Period | None:
        """The latest year that the consultations cover to its end; else the latest year; else any period."""
        years = [p for p in self.periods if p.type == "year"]
        ends = [
            str(row["period_end"])
            for row in self.rows("delivery", "quality")
            if row.get("dataset") == "arenden" and row.get("status") == "in_force"
        ]
        whole = [p for p in years if not ends or f"{p.code}-12-31" <= max(ends)]
        candidates = whole or years or self.periods
        return candidates[-1] if candidates else None
