"""Models hold SQL that runs on every target; what differs between dialects lives in macros."""

import pytest

from .conftest import DBT_PROJECT
from .portability import findings, findings_in


@pytest.mark.parametrize("folder", ["models", "tests"])
def test_models_and_tests_hold_portable_sql_only(folder: str):
    assert findings_in(DBT_PROJECT / folder) == []


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
