"""Small databases like a release, made by hand, and reading the pages that are built from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import duckdb

YEAR = "'year', '2021'"
COUNTY = "'county', '21'"
PLACE = "period_type varchar, period varchar, area_level varchar, area_code varchar"


def empty_release(path: Path, schema: str = "indicators") -> Path:
    """A database without a single table."""
    with duckdb.connect(str(path)) as con:
        con.execute(f"create schema {schema}")
    return path


def small_release(path: Path) -> Path:
    """A county with two municipalities (one that no list knows), a team, quarters, statements, a grant."""
    with duckdb.connect(str(path)) as con:
        for schema in ("indicators", "marts", "quality"):
            con.execute(f"create schema {schema}")
        for statement in (*_CASES, *_FOLLOW_UP, *_REPORTS, *_REGISTRY):
            con.execute(statement)
    return path


_CASES = (
    f"""create table indicators.question ({PLACE}, question_code varchar, unknown_count bigint,
        women_count bigint, men_count bigint, total_count bigint)""",
    f"""insert into indicators.question values
        ({YEAR}, {COUNTY}, 'SOCIAL', 1, 6, 7, 14), ({YEAR}, {COUNTY}, 'VARD', 0, 1245, 124, 1369),
        ({YEAR}, {COUNTY}, 'TOTAL', 1, 1251, 131, 1383),
        ({YEAR}, 'municipality', '2180', 'VARD', 0, 3, 2, 5), ({YEAR}, 'municipality', '2180', 'TOTAL', 0, 3, 2, 5),
        ({YEAR}, 'municipality', '2199', 'NY_KOD', 0, 0, 1, 1),
        ('quarter', '2021Q3', {COUNTY}, 'VARD', 0, 2, 0, 2)""",
    f"""create table indicators.case_volume ({PLACE}, new_count bigint, follow_up_count bigint,
        total_count bigint, previous_new_count bigint, new_change_percent double)""",
    f"""insert into indicators.case_volume values
        ({YEAR}, {COUNTY}, 1383, 20, 1403, null, null), ({YEAR}, 'municipality', '2180', 5, 1, 6, 10, -50.0),
        ({YEAR}, 'municipality', '2199', 1, 0, 1, null, null), ({YEAR}, 'team', 'T1', 4, 1, 5, null, null),
        ('quarter', '2021Q3', {COUNTY}, 400, 8, 408, null, null),
        ('quarter', '2021Q4', {COUNTY}, 1200, 12, 1212, 400, 200.0)""",
    f"""create table indicators.participation ({PLACE}, party_code varchar, own_question_yes bigint,
        own_question_known bigint, own_question_percent double, attended_yes bigint, attended_known bigint,
        attended_percent double, feedback_yes bigint, feedback_known bigint, feedback_percent double)""",
    f"""insert into indicators.participation values
        ({YEAR}, {COUNTY}, 'ALL', 7, 9, 77.77777777777777, 1, 8, 12.5, 0, 0, null)""",
    "create table marts.dim_team as select 'T1' as team_id, 'Team Öst' as unit_name, '2180' as municipality_code",
)
_FOLLOW_UP = (
    f"""create table indicators.support_by_party ({PLACE}, party_code varchar, scope varchar,
        horizon_months integer, cohort_count bigint, start_count bigint, horizon_count bigint,
        start_percent double, horizon_percent double, change_points double, change_percent double)""",
    f"""insert into indicators.support_by_party values
        ({YEAR}, {COUNTY}, 'FK', 'all_public', 6, 110, 100, 91, 90.9090909, 82.7272727, -8.1818181, -9.0)""",
)
_REPORTS = (
    """create table indicators.goal_status as select 'DELAKTIGHET' as goal_code, '2180' as reporter_code,
        'UPPFYLLT' as status_code, date '2022-01-14' as assessed_on""",
    """create table indicators.observation_theme as select 'SYSTEMFEL' as category_code,
        unnest(['ARENDEVOLYM', 'REKO']) as theme_code, '2180' as reporter_code, 1::bigint as statement_count""",
    """create table marts.fct_observation as select 'O1' as observation_id, '2180' as reporter_code,
        'SYSTEMFEL' as category_code, 'REKO|RESURS|ARENDEVOLYM' as theme_codes, 'dr rattad' as statement_text,
        'är rättad <script>alert(1)</script>' as corrected_text""",
    """create table indicators.grant_use as select 'I-1' as project_id, '2180' as municipality_code,
        date '2019-12-01' as start_date, date '2021-12-31' as end_date, 25::bigint as month_count,
        580690.0 as granted_sek, 571224.5 as used_sek, 9465.5 as unused_sek, 98.37 as used_percent,
        'Trisam Gävle' as project_name""",
    """create table indicators.staffing (period_type varchar, period varchar, party_code varchar, role varchar,
        planned_fte double, actual_fte double, gap_fte double)""",
    f"""insert into indicators.staffing values ({YEAR}, 'FK', 'Utredare', 3.6, 2.7, 0.9),
        ({YEAR}, '2180', 'Handläggare', 0.5, 1.0, -0.5), ('quarter', '2021Q4', 'FK', 'Utredare', 9.0, 9.0, 0.0)""",
    """create table indicators.survey_readiness (wave_code varchar, gender varchar, sent_count bigint,
        answered_count bigint, response_percent double, ready_count bigint, readiness_known_count bigint,
        ready_percent double)""",
    """insert into indicators.survey_readiness values ('2021HT', 'T', 520, 156, 30.0, 23, 153, 15.03),
        ('2021VT', 'T', 400, 100, 25.0, 22, 99, 22.2), ('OVRIG', 'T', 4, 0, 0.0, 0, 0, null)""",
)
_REGISTRY = (
    """create table indicators.indicator as select 'question' as name, 'Frågeställningar' as title_sv,
        'Nya ärenden efter fråga.' as definition_sv, 'Bildspelet' as source_document, '3' as source_page,
        null::varchar as known_discrepancies_sv""",
    """create table indicators.reconciliation (figure_id varchar, indicator varchar, expected varchar,
        computed varchar, unit varchar, tolerance double, status varchar, measure varchar, filters varchar)""",
    """insert into indicators.reconciliation values
        ('f1', 'question', '369', '1369', 'count', 0, 'mismatch', 'total_count',
         'period_type=year;period=2021;area_level=county;area_code=21;question_code=VARD'),
        ('f2', 'goal_status', 'UPPFYLLT', 'UPPFYLLT', 'code', 0, 'match', 'status_code',
         'goal_code=DELAKTIGHET;reporter_code=2180'),
        ('f3', 'grant_use', '580690', '580690', 'sek', 0, 'match', 'granted_sek', 'project_id=I-1')""",
)


def small_open_release(path: Path) -> Path:
    """An open release with a withheld cell, a column that municipalities are not offered, a null percent."""
    with duckdb.connect(str(path)) as con:
        con.execute("create schema open")
        con.execute(
            f"create table open.question ({PLACE}, question_code varchar, women_count bigint, "
            "women_count_status varchar, men_or_unknown_count bigint, men_or_unknown_count_status varchar, "
            "total_count bigint, total_count_status varchar)"
        )
        con.execute(
            f"""insert into open.question values
            ({YEAR}, {COUNTY}, 'VARD', 20, 'shown', null, 'withheld', null, 'withheld'),
            ({YEAR}, {COUNTY}, 'TOTAL', 20, 'shown', 0, 'shown', 20, 'shown'),
            ({YEAR}, 'municipality', '2180', 'TOTAL', null, null, null, null, 9, 'shown')"""
        )
        con.execute(
            f"create table open.consent ({PLACE}, party_code varchar, person_case_count bigint, "
            "person_case_count_status varchar, linkable_count bigint, linkable_count_status varchar, "
            "linkable_percent double)"
        )
        con.execute(
            f"""insert into open.consent values
            ({YEAR}, {COUNTY}, 'AF', 30, 'shown', null, 'withheld', null),
            ({YEAR}, {COUNTY}, 'FK', 0, 'shown', 0, 'shown', null)"""
        )
    return path


@dataclass
class PageTable:
    """A table of a page: texts by row, the first of a row being its label."""

    slot: str
    rows: list[list[str]] = field(default_factory=list)

    def row(self, label: str) -> list[str]:
        """The cells beside a label."""
        return next(row[1:] for row in self.rows if row and row[0] == label)


class Page(HTMLParser):
    """What a page says: its tables by slot, its ids, its links, all its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tables: list[PageTable] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self._slot = ""
        self._inside_cell = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self._slot = found.get("data-slot") or self._slot
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.links += [value for name, value in attrs if name in ("href", "src") and value]
        if tag == "table":
            self.tables.append(PageTable(self._slot))
        elif tag == "tr":
            self.tables[-1].rows.append([])
        elif tag in ("td", "th"):
            self.tables[-1].rows[-1].append("")
            self._inside_cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._inside_cell = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._inside_cell:
            self.tables[-1].rows[-1][-1] += data

    def table(self, slot: str) -> PageTable:
        """The table in a slot."""
        return next(table for table in self.tables if table.slot == slot)


def read_page(path: Path) -> Page:
    """Parse a page."""
    return Page(path.read_text(encoding="utf-8"))
