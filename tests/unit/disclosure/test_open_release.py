"""What the open release holds: tables, levels, columns, statuses, nulls."""

from pathlib import Path

import duckdb
import pytest

from dagster_project.disclosure import DisclosureError, OpenReleaseReport, build_open_release
from dagster_project.disclosure.spec import PeopleTable, load_offer
from tests.unit.disclosure.small_county import write_county

PEOPLE = {table.name: table for table in load_offer().people}


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute(query).fetchall()


def offered_sql(table: PeopleTable) -> str:
    """The indicator rows that the page offers, gender by gender, written out for the test."""
    county = "area_level = 'county' and period_type in ('year', 'half_year')"
    if table.by_wave:
        return "true"
    if table.name in ("support_by_party", "destination", "new_benefit", "step_progress"):
        return county
    only = {
        "participation": "party_code = 'ALL'",
        "support_follow_up": "gender = 'T'",
        "self_support": "gender = 'T'",
    }
    return f"(({county}) or (area_level = 'municipality' and period_type = 'year' and {only.get(table.name, 'true')}))"


@pytest.mark.parametrize("name", sorted(PEOPLE))
def test_with_a_threshold_of_one_counts_and_percents_are_those_of_the_indicators(
    name: str, indicators: Path, everything: Path
) -> None:
    table = PEOPLE[name]
    columns = [c for c, count in table.counts.items() if not count.of and not count.county_only] + list(
        table.measures
    )
    selected = ", ".join((*table.key_columns, *columns))
    genders = "gender in ('K', 'T')" if table.gender_rows else "true"
    order = f"order by {', '.join(table.key_columns)}"
    published = rows(everything, f"select {selected} from open.{name} where {genders} {order}")
    computed = rows(
        indicators,
        f"select {selected} from indicators.{name} where {offered_sql(table)} and {genders} {order}",
    )
    assert published
    assert published == computed


@pytest.mark.parametrize("name", ["question", "proposal", "target_group"])
def test_men_and_unknown_are_one_column_at_counties(name: str, indicators: Path, everything: Path) -> None:
    keys = ", ".join(PEOPLE[name].key_columns)
    found = rows(
        everything,
        f"select {keys}, women_count, men_or_unknown_count from open.{name} where area_level = 'county' order by all",
    )
    expected = rows(
        indicators,
        f"select {keys}, women_count, men_count + unknown_count from indicators.{name} where area_level = 'county' order by all",
    )
    assert found == expected


@pytest.mark.parametrize("name", ["support_follow_up", "self_support", "step_progress"])
def test_men_and_unknown_are_one_gender_whose_measures_are_computed_anew(
    name: str, indicators: Path, everything: Path
) -> None:
    table = PEOPLE[name]
    keys = ", ".join(k for k in table.key_columns if k != "gender")
    sums = ", ".join(f"sum({c})::bigint" for c in table.counts)
    expected = rows(
        indicators,
        f"select {keys}, {sums} from indicators.{name} where gender in ('M', 'A') and area_level = 'county' group by {keys} order by all",
    )
    assert (
        rows(
            everything,
            f"select {keys}, {', '.join(table.counts)} from open.{name} where gender = 'MA' order by all",
        )
        == expected
    )
    first = next(iter(table.measures))
    part, whole = table.measures[first].depends_on[:2]
    wrong = f"select count(*) from open.{name} where gender = 'MA' and abs({first} - 100.0 * {part} / {whole}) > 1e-9"
    assert rows(everything, wrong) == [(0,)]
    assert rows(everything, f"select distinct gender from open.{name} order by 1") == [
        ("K",),
        ("MA",),
        ("T",),
    ]


def test_a_withheld_row_stays_in_its_table(
    released: tuple[Path, OpenReleaseReport], everything: Path
) -> None:
    for name, table in PEOPLE.items():
        query = f"select {', '.join(table.key_columns)} from open.{name} order by all"
        assert rows(released[0], query) == rows(everything, query)


def test_small_counts_are_withheld_and_zeros_are_shown(
    released: tuple[Path, OpenReleaseReport], everything: Path
) -> None:
    for name, table in PEOPLE.items():
        for column in table.counts:
            both = (
                f"select o.{column}, t.{column}, o.{column}_status from t.open.{name} as t "
                f"join o.open.{name} as o using ({', '.join(table.key_columns)})"
            )
            with duckdb.connect() as con:
                con.execute(f"attach '{everything}' as t (read_only)")
                con.execute(f"attach '{released[0]}' as o (read_only)")
                for shown, true, status in con.execute(both).fetchall():
                    assert status == (None if true is None else "withheld" if shown is None else "shown")
                    assert shown in (None, true)
                    assert not (true and true < 5 and status == "shown")
                    assert not (true == 0 and status == "withheld")


def test_genders_are_not_offered_at_municipalities(everything: Path) -> None:
    query = "select distinct women_count, women_count_status, men_or_unknown_count_status from open.question where area_level = 'municipality'"
    assert rows(everything, query) == [(None, None, None)]


def test_every_count_has_its_status_beside_it(everything: Path) -> None:
    for name, table in PEOPLE.items():
        columns = [
            c
            for (c,) in rows(
                everything,
                f"select column_name from duckdb_columns() where table_name = '{name}' order by column_index",
            )
        ]
        for count in table.counts:
            assert columns[columns.index(count) + 1] == f"{count}_status"


def test_a_percent_is_null_beside_a_withheld_count(released: tuple[Path, OpenReleaseReport]) -> None:
    for name, table in PEOPLE.items():
        for measure, rule in table.measures.items():
            withheld = " or ".join(f"{c}_status = 'withheld'" for c in rule.depends_on)
            left = f"select count(*) from open.{name} where {measure} is not null and ({withheld})"
            assert rows(released[0], left) == [(0,)], (name, measure)


@pytest.mark.parametrize(
    ("name", "group", "column"),
    [
        ("initiating_party", "period, area_code", "new_count"),
        ("destination", "period, horizon_months", "person_case_count"),
    ],
)
def test_shares_of_a_group_are_null_when_a_member_is_withheld(
    name: str, group: str, column: str, released: tuple[Path, OpenReleaseReport]
) -> None:
    groups = rows(
        released[0],
        f"select bool_or({column}_status = 'withheld'), count(share_percent) from open.{name} group by {group}",
    )
    assert True in {withheld for withheld, _ in groups}
    assert all((shares == 0) == withheld for withheld, shares in groups)


def test_the_period_before_is_withheld_with_its_source(released: tuple[Path, OpenReleaseReport]) -> None:
    query = """
        select later.previous_count_status, earlier.new_count_status
        from open.initiating_party as later join open.initiating_party as earlier using (area_code, party_code)
        where later.period = '2022' and earlier.period = '2021'
    """
    found = set(rows(released[0], query))
    assert ("withheld", "withheld") in found
    assert found <= {("withheld", "withheld"), ("shown", "shown")}


def test_county_by_year_totals_are_shown_unless_small_themselves(
    released: tuple[Path, OpenReleaseReport],
) -> None:
    county_year = "area_level = 'county' and period_type = 'year'"
    for query in (
        f"select total_count_status from open.question where question_code = 'TOTAL' and {county_year}",
        f"select new_count_status from open.case_volume where {county_year}",
        f"select cohort_count_status from open.support_follow_up where gender = 'T' and {county_year}",
        f"select person_case_count_status from open.consent where {county_year}",
    ):
        assert set(rows(released[0], query)) == {("shown",)}


def test_the_report_counts_what_the_tables_hold(released: tuple[Path, OpenReleaseReport]) -> None:
    target, report = released
    statuses = [
        status
        for name, table in PEOPLE.items()
        for column in table.counts
        for (status,) in rows(
            target, f"select {column}_status from open.{name} where {column}_status is not null"
        )
    ]
    assert report.offered == len(statuses)
    assert report.withheld == statuses.count("withheld")
    assert report.shown + report.withheld == report.offered
    assert report.contradictions == ()


def test_every_table_and_column_says_what_it_is(everything: Path) -> None:
    assert rows(everything, "select table_name from duckdb_tables() where comment is null") == []
    assert (
        rows(
            everything,
            "select table_name, column_name from duckdb_columns() where schema_name = 'open' and comment is null",
        )
        == []
    )


def test_quarters_reporting_periods_and_teams_never_leave(indicators: Path, tmp_path: Path) -> None:
    source, target = tmp_path / "source.duckdb", tmp_path / "trisam_open.duckdb"
    source.write_bytes(indicators.read_bytes())
    with duckdb.connect(str(source)) as con:
        for kind, level in (
            ("quarter", "county"),
            ("reporting", "county"),
            ("year", "team"),
            ("half_year", "municipality"),
        ):
            con.execute(
                "insert into indicators.case_volume select ?, 'x', ?, area_code, new_count, follow_up_count, total_count, "
                "previous_new_count, new_change_percent from indicators.case_volume limit 1",
                [kind, level],
            )
        con.execute(
            "create table indicators.meeting as select period_type, period, area_level, area_code, 3::bigint as held_count "
            "from indicators.case_volume"
        )
    build_open_release(source, target, 1)
    for name in ("case_volume", "meeting"):
        found = rows(target, f"select distinct period_type, area_level from open.{name} order by all")
        assert found == [("half_year", "county"), ("year", "county"), ("year", "municipality")]


def test_labels_come_along_and_the_merged_gender_has_its_own(indicators: Path, tmp_path: Path) -> None:
    source, target = tmp_path / "source.duckdb", tmp_path / "trisam_open.duckdb"
    source.write_bytes(indicators.read_bytes())
    with duckdb.connect(str(source)) as con:
        con.execute("alter table indicators.self_support add column gender_label_sv varchar default 'Kvinna'")
        con.execute("alter table indicators.self_support add column area_name varchar default 'Gävleborg'")
        con.execute("alter table indicators.self_support add column unlisted_count bigint default 3")
    build_open_release(source, target, 1)
    found = rows(
        target, "select distinct gender_label_sv, area_name from open.self_support where gender = 'MA'"
    )
    assert found == [("Män och ej svar/annan", "Gävleborg")]
    assert rows(target, "select count(*) from duckdb_columns() where column_name = 'unlisted_count'") == [
        (0,)
    ]


def test_what_is_withheld_does_not_depend_on_how_many_counties_are_decided_at_a_time(
    indicators: Path, tmp_path: Path
) -> None:
    source = tmp_path / "source.duckdb"
    source.write_bytes(indicators.read_bytes())
    with duckdb.connect(str(source)) as con:
        for name, table in PEOPLE.items():
            for county in () if table.by_wave else ("22", "23"):
                con.execute(
                    f"insert into indicators.{name} select * replace ('{county}' || area_code[3:] as area_code) "
                    f"from indicators.{name} where area_code like '21%'"
                )
    made = []
    for threads in (1, 3):
        target = tmp_path / f"open{threads}.duckdb"
        report = build_open_release(source, target, 5, threads=threads)
        made.append([[area.area for area in report.areas], report.withheld])
        made[-1].extend(rows(target, f"select * from open.{name}") for name in PEOPLE)
    assert made[0] == made[1]
    assert made[0][0] == ["", "21", "22", "23"]


def test_a_missing_indicator_table_is_named(tmp_path: Path) -> None:
    source = write_county(tmp_path / "source.duckdb", seed=1, cases=5)
    with duckdb.connect(str(source)) as con:
        con.execute("drop table indicators.consent")
    with pytest.raises(DisclosureError, match=r"indicators\.consent lacks"):
        build_open_release(source, tmp_path / "trisam_open.duckdb")


def test_a_missing_warehouse_is_named(tmp_path: Path) -> None:
    with pytest.raises(DisclosureError, match="no warehouse"):
        build_open_release(tmp_path / "none.duckdb", tmp_path / "trisam_open.duckdb")


def test_a_failed_build_leaves_the_earlier_release(indicators: Path, tmp_path: Path) -> None:
    target = tmp_path / "trisam_open.duckdb"
    target.write_text("the earlier one")
    with pytest.raises(ValueError, match="at least 1"):
        build_open_release(indicators, target, 0)
    assert target.read_text() == "the earlier one"
