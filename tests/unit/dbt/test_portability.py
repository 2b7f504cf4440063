"""Models hold SQL that runs on every target; what differs between dialects lives in macros."""

import re

import pytest

from .conftest import DBT_PROJECT
from .portability import findings, findings_in, findings_in_properties

# Where a difference between dialects has a name; every other macro is SQL for all of them.
OF_DIALECTS = {"dialect.sql", "spark_tables.sql"}


@pytest.mark.parametrize("folder", ["models", "tests"])
def test_models_and_tests_hold_portable_sql_only(folder: str):
    assert findings_in(DBT_PROJECT / folder) == []


def test_conditions_in_properties_are_portable():
    assert findings_in_properties(DBT_PROJECT / "models") == []


def test_macros_that_are_not_of_a_dialect_are_portable():
    found = findings_in(DBT_PROJECT / "macros")
    assert [finding for finding in found if finding.partition(":")[0] not in OF_DIALECTS] == []


def test_a_condition_of_one_dialect_is_found_in_properties(tmp_path):
    (tmp_path / "model.yml").write_text(
        "models: [{name: m, columns: [{name: c, data_tests: [{expression_holds: {arguments: "
        "{expression: 'len(list_sort(c)) > 0'}}}]}]}]"
    )
    assert len(findings_in_properties(tmp_path)) == 1


def test_every_macro_of_a_dialect_has_a_version_for_each_engine():
    text = (DBT_PROJECT / "macros" / "dialect.sql").read_text("utf-8")
    dispatched = set(re.findall(r"adapter\.dispatch\('(\w+)'", text))
    assert dispatched
    for engine in ("default", "spark"):
        assert set(re.findall(rf"macro {engine}__(\w+)", text)) == dispatched


@pytest.mark.parametrize(
    "sql",
    [
        "select team_id, count(*) from meetings group by all",
        "select * from cases qualify row_number() over (partition by person_id order by day) = 1",
        "select * exclude (person_id) from cases",
        "select quantile_cont(days, 0.5) from plans",
        "select strftime(day, '%Y') from cases",
        "select case_id::varchar from cases",
        "select day + interval 6 month from cases",
        "select day + interval '6' month from cases",
        "select datediff('month', first_day, last_day) from cases",
        "select n from generate_series(1, 10) as series(n)",
        "select grouping(team_id, period) from cases",
        "select count(*) as förslag from cases",
        "pivot cases on gender using count(*)",
        "select nvl(team_id, 'none') from cases",
        "select days // 30 from plans",
        "select cast(horizon as varchar) from cases",
        "select collect_list(team_id) from cases",
        "select a.n <=> b.n from a cross join b",
        "select * from one union all by name select * from other",
    ],
)
def test_sql_of_one_dialect_is_found(sql: str):
    assert list(findings(sql))


@pytest.mark.parametrize(
    "sql",
    [
        "select count(*) filter (where gender = 'K') from cases",
        "select percentile_cont(0.5) within group (order by days) from plans",
        "select 'group by all, qualify, åäö' as label -- pivot",
        "{#- quantile_cont is not portable -#} select 1 as one",
        "select a is distinct from b, make_date(2021, 1, 1) from pairs",
    ],
)
def test_portable_sql_comments_and_texts_pass(sql: str):
    assert list(findings(sql)) == []
