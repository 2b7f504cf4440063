"""The proof that an inbox gives every published figure: read back, computed anew, compared.

The computation follows the definitions of the indicators on its own, so that generator, warehouse and this
check can only agree by being right. Only what published figures need is computed here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from dagster_project.contract import Contract, load_contract
from dagster_project.sample.inbox import InboxFile, read_inbox
from dagster_project.sample.targets import (
    Figure,
    ReportingPeriod,
    SampleTargetMissedError,
    figure_span,
    read_figures,
    read_reporting_periods,
)

# The contract rejects a delivery with more bad rows than this share.
MOST_BAD_ROWS = 0.05
SQL_FILE = Path(__file__).parent / "check.sql"
PARAMETER = re.compile(r"\$(\w+)")
GENDERS = {
    "women_count": ("K",),
    "men_count": ("M",),
    "unknown_count": ("A",),
    "total_count": ("K", "M", "A"),
}
ARROW_TYPES = {"date": pa.date32(), "month": pa.date32(), "number": pa.float64(), "flag": pa.bool_()}


@dataclass(frozen=True)
class FigureCheck:
    """A published figure, what the inbox gives for it, and whether that is within its tolerance."""

    figure: Figure
    computed: float | str | None
    met: bool


@dataclass(frozen=True)
class _Question:
    """A figure with its period's days and genders, as query parameters."""

    figure: Figure
    start: date
    end: date

    @property
    def parameters(self) -> dict[str, Any]:
        filters = self.figure.filters
        gender = filters.get("gender", "T")
        return {
            **{name: filters.get(name) for name in filters},
            "start": self.start,
            "end": self.end,
            "area": filters.get("area_code", ""),
            "genders": ["K", "M", "A"] if gender == "T" else [gender],
            "months": int(filters.get("horizon_months", 0)),
        }


@dataclass(frozen=True)
class Proof:
    """What the check found: each figure, and in words what else makes the inbox unfit to be a sample."""

    checks: list[FigureCheck]
    faults: list[str]

    @property
    def missed(self) -> list[str]:
        """Everything that is not as it should be, a sentence each."""
        figures = [
            f"{check.figure.figure_id} gives {check.computed} instead of {check.figure.expected}"
            for check in self.checks
            if not check.met
        ]
        return [*figures, *self.faults]


def check_inbox(folder: Path) -> Proof:
    """Each published figure beside what the inbox in a folder gives for it, and what is missing or broken."""
    contract, periods = load_contract(), read_reporting_periods()
    files = read_inbox(folder, contract)
    with duckdb.connect() as database:
        _load(database, contract, files)
        checks = [_check(database, figure, periods) for figure in read_figures()]
        empty = database.execute("select * from empty_place order by all").fetchall()
    faults = [
        f"{table} of {area} is empty in the quarter from {quarter:%Y-%m-%d}" for area, quarter, table in empty
    ]
    faults += [
        f"{file.party}/{file.dataset} from {file.start}: {file.bad_rows} bad rows, it would be rejected"
        for file in files
        if file.bad_rows > MOST_BAD_ROWS * (len(file.rows) + file.bad_rows)
    ]
    return Proof(checks, faults)


def _load(database: duckdb.DuckDBPyConnection, contract: Contract, files: list[InboxFile]) -> None:
    """One table per dataset, the coverage, and the views of `check.sql`."""
    for dataset in contract.datasets.values():
        own = [file for file in files if file.dataset == dataset.name]
        fields = [pa.field(c.name, ARROW_TYPES.get(c.type, pa.string())) for c in dataset.columns]
        span = [("party", pa.string()), ("period_start", pa.date32()), ("period_end", pa.date32())]
        schema = pa.schema([*fields, *span])
        rows = [
            {**row, "party": file.party, "period_start": file.start, "period_end": file.end}
            for file in own
            for row in file.rows
        ]
        database.register("read_back", pa.Table.from_pylist(rows, schema))
        database.execute(f"create table {dataset.name} as select * from read_back")
    database.execute("create table coverage (party text, dataset text, period_start date, period_end date)")
    database.executemany(
        "insert into coverage values (?, ?, ?, ?)", [(f.party, f.dataset, f.start, f.end) for f in files]
    )
    database.execute(SQL_FILE.read_text(encoding="utf-8"))


def _check(
    database: duckdb.DuckDBPyConnection, figure: Figure, periods: dict[str, ReportingPeriod]
) -> FigureCheck:
    query = QUERIES[figure.indicator](figure)
    parameters = _question(figure, periods).parameters
    used = {name: parameters[name] for name in set(PARAMETER.findall(query))}
    found = database.execute(query, used).fetchone()
    computed = found[0] if found else None
    return FigureCheck(figure, computed, figure.met_by(computed))


def _question(figure: Figure, periods: dict[str, ReportingPeriod]) -> _Question:
    return _Question(figure, *figure_span(figure, periods))


IN_COHORT = "day between $start and $end and starts_with(kommunkod, $area)"
CODES_OF = {"question": "fragestallning", "proposal": "atgardsforslag"}


def _case_count(figure: Figure) -> str:
    column, code = CODES_OF[figure.indicator], f"{figure.indicator}_code"
    genders = ", ".join(f"'{gender}'" for gender in GENDERS[figure.measure])
    return f"""select count(*) from new_case
        where {IN_COHORT} and kon in ({genders}) and (${code} = 'TOTAL' or {column} = ${code})"""


def _survey(figure: Figure) -> str:
    wave = "enkat_omgang = $wave_code and list_contains($genders, kon)"
    if figure.measure == "response_percent":
        return f"select 100.0 * count(*) filter (where svarat) / count(*) from enkat where {wave}"
    return f"""select 100.0 * count(*) filter (where svar_redo in ('4', '5')) / count(svar_redo)
        from enkat where svarat and {wave}"""


def _support_by_party(figure: Figure) -> str:
    return f"""
        with cohort as (
            select arende_id from new_case
            where {IN_COHORT} and initierande_part = $party_code
                and arende_id in (select arende_id from public_case)
                and arende_id in (select arende_id from covered_case where months = 0)
                and arende_id in (select arende_id from covered_case where months = $months)
        ), supported as (
            select s.months, count(distinct arende_id) as cases
            from support as s inner join cohort using (arende_id) group by s.months
        )
        select 100.0 * (max(cases) filter (where months = $months) - max(cases) filter (where months = 0))
            / max(cases) filter (where months = 0) from supported"""


def _self_support(figure: Figure) -> str:
    measure = {"cohort_count": "count(*)"}.get(
        figure.measure, "100.0 * count(*) filter (where own) / count(*)"
    )
    return f"""
        select {measure} from (
            select arende_id in (select arende_id from ending where orsak in ('ARBETE', 'STUDIER')) as own
            from new_case
            where {IN_COHORT} and list_contains($genders, kon)
                and arende_id in (select arende_id from linkable where part = 'KOMMUN')
                and 'kommun-' || kommunkod in (select party from coverage where dataset = 'avslut')
        )"""


FOLLOWED = f"""{IN_COHORT} and months = $months and arende_id in (select arende_id from public_case)
    and (arende_id, months) in (select arende_id, months from covered_case)"""


def _destination(figure: Figure) -> str:
    if figure.filters["destination_code"] not in ("ARBETE", "STUDIER"):
        raise SampleTargetMissedError(
            f"{figure.figure_id}: only work and studies are computed as destinations"
        )
    return f"""
        select count(*) from followed as f
        where {FOLLOWED} and (arende_id, months) not in (select arende_id, months from support)
            and $destination_code = (
                select orsak from ending as e
                where e.arende_id = f.arende_id and e.months = f.months and e.avslutsdatum <= e.follow_day
                order by e.avslutsdatum desc, e.orsak limit 1
            )"""


def _new_benefit(figure: Figure) -> str:
    return f"""
        select count(*) from followed as f
        where {FOLLOWED} and exists (
            select 1 from spell as s
            where s.personnummer = f.person and s.ersattning = $benefit_code
                and s.fran > f.day and s.fran <= f.follow_day
        )"""


def _team_coverage(figure: Figure) -> str:
    team = "team_fran <= $end and coalesce(team_till, $end) >= $end"
    counted = "count(*)" if figure.measure == "unit_count" else f"count(*) filter (where {team})"
    return f"""
        select {counted} from (
            select * from team qualify row_number() over (partition by team_id order by period_end desc) = 1
        ) where enhetstyp = $unit_type and starts_with(kommunkod, $area)"""


def _lead_time(figure: Figure) -> str:
    return """
        select median(planeringsdatum - forsta_kontakt) from planering
        where planeringsdatum between $start and $end and party = 'kommun-' || $area"""


def _staffing(figure: Figure) -> str:
    share = {
        "planned_fte": "antal * planerad_procent / 100",
        "actual_fte": "coalesce(faktiskt_antal, antal) * faktisk_procent / 100",
    }[figure.measure]
    return f"""
        select sum({share} * (least(coalesce(till, $end), $end) - greatest(fran, $start) + 1))
            / ($end::date - $start::date + 1)
        from bemanning
        where roll = $role and party in (lower($party_code), 'kommun-' || $party_code)
            and fran <= $end and coalesce(till, $end) >= $start"""


def _grant(figure: Figure) -> str:
    measure = {
        "granted_sek": "beviljat_kr",
        "used_sek": "utnyttjat_kr",
        "unused_sek": "beviljat_kr - utnyttjat_kr",
        "month_count": "(year(till) - year(fran)) * 12 + month(till) - month(fran) + 1",
    }[figure.measure]
    return f"select {measure} from medel where insats_id = $project_id"


def _target_group(figure: Figure) -> str:
    return """
        select count(distinct personnummer) from forsorjningsstod
        where manad between $start and $end and party = 'kommun-' || $area
            and forsorjningshinder = $obstacle_code"""


def _goal_status(figure: Figure) -> str:
    return """
        select status from malbedomning where mal = $goal_code and rapportor = $reporter_code
        order by bedomningsdatum desc limit 1"""


QUERIES: dict[str, Callable[[Figure], str]] = {
    "question": _case_count,
    "proposal": _case_count,
    "survey_readiness": _survey,
    "support_by_party": _support_by_party,
    "self_support": _self_support,
    "destination": _destination,
    "new_benefit": _new_benefit,
    "team_coverage": _team_coverage,
    "lead_time": _lead_time,
    "staffing": _staffing,
    "grant_use": _grant,
    "target_group": _target_group,
    "goal_status": _goal_status,
}
